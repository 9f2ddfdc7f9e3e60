"""The audit is a chain: gapless, kept in order by every engine, and whoever touches it is found out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from server.db import Database
from server.identity import audit
from tests.server.hospital import ADMIN, MANAGER, NURSE, Hospital

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def _append(database: Database, count: int = 1, **fields: Any) -> None:
    for _ in range(count):
        with database.write() as conn:
            line = {
                "at": NOW,
                "actor": "staff:n-lijing",
                "device": "cart-1",
                "action": "view",
                "what": "生命体征",
                "encounter": "e",
                "command": None,
                "detail": {"b": [1, 2.5, None], "a": "甲"},
            }
            audit.append(conn, **(line | fields))


def _verify(database: Database, **known: Any) -> audit.ChainCheck:
    with database.read() as conn:
        return audit.verify(conn, **known)


def _tamper(database: Database, statement: str) -> None:
    with database.write() as conn:
        conn.execute(text(statement))


def test_an_untouched_audit_is_whole(database: Database) -> None:
    """Numbers run from one without a gap, and a walk along it finds nothing."""
    assert _verify(database).whole
    _append(database, 5)

    check = _verify(database)
    assert (check.rows, check.whole) == (5, True)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "1"),
        ("actor", "'staff:n-other'"),
        ("device", "NULL"),
        ("action", "'sign-in'"),
        ("what", "''"),
        ("encounter", "'f'"),
        ("command", "'c'"),
        ("detail", """'{"a": "乙", "b": [1, 2.5, null]}'"""),
        ("hash", "(SELECT hash FROM (SELECT * FROM access_audit) AS copy WHERE no = 2)"),
        ("no", "99"),
    ],
)
def test_a_changed_column_is_found(database: Database, column: str, value: str) -> None:
    """Whichever column of the third line is changed, the walk says that it breaks there."""
    _append(database, 5)
    _tamper(database, f"UPDATE access_audit SET {column} = {value} WHERE no = 3")

    assert _verify(database).broken_at == 3


def test_a_removed_and_an_inserted_line_are_found(database: Database) -> None:
    """A gap, and a line that was put in at the end with a hash of its own."""
    _append(database, 5)
    _tamper(
        database,
        "INSERT INTO access_audit (no, at, actor, action, what, detail, hash)"
        " SELECT 6, at, actor, action, what, detail, hash FROM access_audit WHERE no = 5",
    )
    inserted = _verify(database).broken_at
    _tamper(database, "DELETE FROM access_audit WHERE no = 2")

    assert inserted == 6
    assert _verify(database).broken_at == 2


def test_a_cut_off_end_is_found_with_what_was_written_down(database: Database) -> None:
    """The chain alone cannot show it; a number and hash that somebody kept elsewhere do."""
    _append(database, 5)
    kept = _verify(database)
    _tamper(database, "DELETE FROM access_audit WHERE no > 3")
    alone, against = _verify(database), _verify(database, known={kept.rows: kept.head})
    _append(database, 2, what="in their place")

    assert alone.whole
    assert against.broken_at == 4
    assert _verify(database, known={kept.rows: kept.head}).broken_at == 5


def test_what_comes_at_the_same_time_gets_its_own_numbers(database: Database, database_url: str) -> None:
    """Two servers and many threads write at once: forty lines, numbered one to forty, one chain."""
    other = Database(database_url)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(_append, [database, other] * 20))
    finally:
        other.close()

    check = _verify(database)
    assert (check.rows, check.whole) == (40, True)


def test_a_line_goes_back_with_its_transaction(database: Database) -> None:
    """What was not done is not in the audit, and its number is given to the next line."""
    _append(database)

    def undone() -> None:
        with database.write() as conn:
            audit.append(
                conn,
                at=NOW,
                actor="a",
                device=None,
                action="b",
                what="",
                encounter=None,
                command=None,
                detail={},
            )
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    _append(database)

    assert (_verify(database).rows, _verify(database).whole) == (2, True)


def test_only_those_with_the_right_may_search(hospital: Hospital) -> None:
    """A nurse is turned away, a manager is not, and having looked is a line of its own."""
    nurse, manager = hospital.token(NURSE), hospital.token(MANAGER)

    assert hospital.http.get("/api/v1/audit", headers=nurse).status_code == 403
    assert hospital.http.get("/api/v1/audit/check", headers=nurse).status_code == 403
    assert hospital.http.get("/api/v1/audit", headers=manager).status_code == 200
    assert hospital.audited()[-1] == ("staff:m-zhao", "audit-read", "audit")


def test_a_search_turns_its_pages_back_in_time(hospital: Hospital) -> None:
    """The newest first; each page says where the next begins, and together they hold every line once."""
    _append(hospital.core.db, 25, actor="staff:n-lijing", encounter="stay-1")
    _append(hospital.core.db, 5, encounter="stay-2")
    headers, question = hospital.token(MANAGER), {"encounter": "stay-1", "limit": 10}
    numbers: list[int] = []
    before: int | None = None
    pages = 0
    while pages == 0 or before is not None:
        more = {"before": before} if before is not None else {}
        page = hospital.http.get("/api/v1/audit", params=question | more, headers=headers).json()
        numbers += [line["no"] for line in page["items"] if line["action"] == "view"]
        before, pages = page["next"], pages + 1

    assert numbers == list(range(25, 0, -1))


def test_a_search_narrows_by_time_actor_device_and_action(hospital: Hospital) -> None:
    """Each question finds its line; the end of a stretch of time does not belong to it."""
    db = hospital.core.db
    _append(db, at=NOW - timedelta(days=2), actor="staff:x", device="cart-9", action="wipe")
    _append(db, at=NOW - timedelta(days=1))
    headers = hospital.token(MANAGER)
    since, until = (NOW - timedelta(days=2)).isoformat(), (NOW - timedelta(days=1)).isoformat()

    for question in (
        {"actor": "staff:x"},
        {"device": "cart-9"},
        {"action": "wipe"},
        {"since": since, "until": until},
    ):
        page = hospital.http.get("/api/v1/audit", params=question, headers=headers).json()
        assert [line["actor"] for line in page["items"]] == ["staff:x"], question


def test_the_check_names_the_chain_that_is_broken(hospital: Hospital) -> None:
    """The audit and the log of each ward, each with its length; a touched change breaks its ward's only."""
    headers = hospital.token(ADMIN)
    _tamper(hospital.core.db, "UPDATE change SET body = '{}' WHERE ward = 'w3' AND seq = 2")

    chains = hospital.http.get("/api/v1/audit/check", headers=headers).json()

    assert {chain["name"]: chain["broken_at"] for chain in chains} == {"audit": None, "ward w3": 2, "ward w4": None}


def test_a_change_log_that_was_cut_off_is_found(hospital: Hospital) -> None:
    """The ward itself knows where its log ends."""
    headers = hospital.token(ADMIN)
    _tamper(hospital.core.db, "DELETE FROM change WHERE ward = 'w3' AND seq = (SELECT max(seq) FROM change)")

    [found] = [c for c in hospital.http.get("/api/v1/audit/check", headers=headers).json() if c["name"] == "ward w3"]

    assert (found["whole"], found["broken_at"]) == (False, found["rows"] + 1)


@pytest.mark.parametrize("head", ["no hex", "ab", "甲" * 64])
def test_a_head_that_is_none_is_said_in_words(hospital: Hospital, head: str) -> None:
    """The hash that was written down is 64 hexadecimal digits."""
    answer = hospital.http.get("/api/v1/audit/check", params={"rows": 1, "head": head}, headers=hospital.token(ADMIN))

    assert answer.status_code == 422
    assert answer.json()["detail"] == "A head is 64 hexadecimal digits."
