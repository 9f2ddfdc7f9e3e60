"""`wardlink audit`: whoever changes, cuts off or replaces what was anchored is found out by the command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from commands.main import run
from server.chain import GENESIS
from server.db import Database
from server.identity import audit
from server.identity.models import AccessAudit
from server.migrate import upgrade
from server.wards.service import add_ward
from wardlink.clock import SystemClock

_AUDIT: Any = AccessAudit.__table__  # type: ignore[attr-defined]


def append(db: Database, count: int) -> None:
    """Lines of the access record."""
    for n in range(count):
        with db.write() as conn:
            fixed = {"device": "c1", "encounter": None, "command": None, "detail": {}}
            audit.append(conn, at=SystemClock().now(), actor="staff:n1", action="view", what=f"{n}", **fixed)


@pytest.fixture
def db(tmp_path: Path) -> Any:
    """A server's database with ward w3 and five lines of the access record."""
    url = f"sqlite:///{tmp_path / 'server' / 'ward.db'}"
    upgrade(url)
    found = Database(url)
    with found.write() as conn:
        add_ward(conn, "w3", "三病区")
    append(found, 5)
    yield found
    found.close()


def said(tmp_path: Path, *words: str) -> int:
    """The command on this data; its exit code."""
    return run(["--lang", "en", "audit", *words, "--data", str(tmp_path / "server")])


def rechained(db: Database, **change: Any) -> None:
    """Every line from the second on anew, every hash right: what the database's owner can do."""
    with db.write() as conn:
        rows = [dict(row._mapping) for row in conn.execute(select(_AUDIT).order_by(_AUDIT.c.no))]
        head = GENESIS
        for row in rows:
            if row["no"] == 2:
                row |= change
            head = row["hash"] = audit._hash(head, row)
            conn.execute(_AUDIT.update().where(_AUDIT.c.no == row["no"]).values(row))


def test_what_was_not_touched_fits_its_anchors(
    db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two anchors of each chain, and more lines since; that it was checked is written down."""
    file = tmp_path / "anchors"
    assert said(tmp_path, "anchor", "--out", str(file)) == 0
    append(db, 2)
    assert said(tmp_path, "anchor", "--out", str(file)) == 0
    append(db, 1)
    capsys.readouterr()

    assert said(tmp_path, "check", "--anchors", str(file)) == 0

    told = capsys.readouterr().out
    assert "audit: whole, 8 lines; 2 anchors fit" in told
    assert "ward w3: whole" in told
    assert file.stat().st_mode & 0o077 == 0
    with db.read() as conn:
        assert audit.search(conn, audit.Search(action="audit-check"), 1)[0].detail["anchors"] == 2


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE access_audit SET what = 'x' WHERE no = 3", "audit: BROKEN at line 3"),
        ("DELETE FROM access_audit WHERE no = 3", "audit: BROKEN at line 3"),
        (
            "DELETE FROM access_audit WHERE no > 3",
            "audit: BROKEN. Lines are missing from 4 on; an anchor or the ward knows 5",
        ),
        ("DELETE FROM ward", "ward w3"),
    ],
)
def test_what_was_changed_or_cut_is_named(
    db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: str, words: str
) -> None:
    """With the line at which it begins."""
    file = tmp_path / "anchors"
    said(tmp_path, "anchor", "--out", str(file))
    with db.write() as conn:
        conn.exec_driver_sql(statement)
    capsys.readouterr()

    found = said(tmp_path, "check", "--anchors", str(file))

    told = capsys.readouterr().out
    assert words in told
    assert found == 1


def test_only_an_anchor_shows_a_chain_that_was_written_anew(
    db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every hash fits; the first anchor still fits too, so it happened between the two."""
    file = tmp_path / "anchors"
    with db.write() as conn:
        conn.execute(_AUDIT.delete().where(_AUDIT.c.no > 1))
    said(tmp_path, "anchor", "--out", str(file))
    append(db, 4)
    said(tmp_path, "anchor", "--out", str(file))
    rechained(db, what="nothing")
    capsys.readouterr()
    assert said(tmp_path, "check") == 0
    assert "BROKEN" not in capsys.readouterr().out
    with db.write() as conn:
        conn.execute(_AUDIT.delete().where(_AUDIT.c.no > 5))

    assert said(tmp_path, "check", "--anchors", str(file)) == 1

    assert "Lines 2 to 5 were written anew" in capsys.readouterr().out


def test_the_file_of_anchors_shows_what_was_done_to_it(
    db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line taken out, changed, or sealed with another key; then the file is not made longer either."""
    file, key, other = tmp_path / "anchors", tmp_path / "key", tmp_path / "other"
    key.write_bytes(b"k" * 32)
    other.write_bytes(b"o" * 32)
    for _time in range(2):
        said(tmp_path, "anchor", "--out", str(file), "--key", str(key))
    lines = file.read_bytes().splitlines(keepends=True)
    assert len(lines) == 4
    assert said(tmp_path, "check", "--anchors", str(file), "--key", str(key)) == 0
    assert said(tmp_path, "check", "--anchors", str(file), "--key", str(other)) == 2

    for wrong in (
        lines[0] + lines[2] + lines[3],
        lines[0].replace(b'"rows":5', b'"rows":4') + b"".join(lines[1:]),
        b"no anchor\n",
    ):
        file.write_bytes(wrong)
        capsys.readouterr()
        assert said(tmp_path, "check", "--anchors", str(file)) == 2
        assert said(tmp_path, "anchor", "--out", str(file)) == 2
        assert "anchors" in capsys.readouterr().err
        assert file.read_bytes() == wrong


def test_without_a_file_the_lines_are_printed(db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To be copied onto paper; a key that is too short is refused."""
    assert said(tmp_path, "anchor") == 0
    printed = capsys.readouterr().out
    assert printed.count('"chain":') == 2

    (tmp_path / "key").write_bytes(b"short")
    assert said(tmp_path, "anchor", "--key", str(tmp_path / "key")) == 2
