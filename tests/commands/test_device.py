"""`wardlink device`: enrols on the server's database, and never leaves a secret where others can read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.main import run
from server.db import Database
from server.identity import audit
from server.identity.devices import Addresses
from server.migrate import upgrade
from server.running import write_addresses
from server.wards.service import add_bed, add_ward
from wardlink import credential as credentials
from wardlink.clock import SystemClock


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a server with ward w3 and its bed 1."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "server"
    url = f"sqlite:///{folder / 'ward.db'}"
    upgrade(url)
    db = Database(url)
    with db.write() as conn:
        add_ward(conn, "w3", "三病区")
        add_bed(conn, "w3", "1", "1床", at=SystemClock().now())
    db.close()
    return folder


def _device(*words: str, data: Path) -> int:
    return run(["--lang", "en", "device", *words, "--data", str(data)])


def _enrol(data: Path, *more: str, device: str = "cart-1", kind: str = "cart") -> int:
    return _device("enrol", device, "--kind", kind, "--ward", "w3", *more, data=data)


def test_enrolling_writes_a_credential_for_this_user_only(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is readable for nobody else, holds the addresses of the server's last start, and is spoken of."""
    write_addresses(data, Addresses("10.0.0.5", 1884, "http://10.0.0.5:8081"))

    assert _enrol(data) == 0

    path = tmp_path / "cart-1.json"
    found = credentials.read(path, kind="cart")
    assert path.stat().st_mode & 0o777 == 0o600
    assert (found.broker_host, found.broker_port, found.server_url) == ("10.0.0.5", 1884, "http://10.0.0.5:8081")
    said = capsys.readouterr().out
    assert "Enrolled cart cart-1 in ward w3. Its credential is in cart-1.json" in said
    assert found.secret.get_secret_value() not in said


def test_an_option_overrules_the_last_start(data: Path, tmp_path: Path) -> None:
    """Addresses that are given are taken, the others stay."""
    _enrol(data, "--server-url", "https://ward.example", "--broker-tls", "--out", "own.json")

    found = credentials.read(tmp_path / "own.json")
    assert (found.server_url, found.broker_tls, found.broker_port) == ("https://ward.example", True, 1883)


def test_a_file_that_is_there_is_kept(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --force neither the file nor the device is touched."""
    (tmp_path / "cart-1.json").write_text("mine")

    assert _enrol(data) == 1
    assert (tmp_path / "cart-1.json").read_text() == "mine"
    assert "Say --force to write over it" in capsys.readouterr().err
    assert _listed(data, capsys) == []


def test_force_gives_a_new_secret(data: Path, tmp_path: Path) -> None:
    """The old one is written over."""
    _enrol(data)
    first = credentials.read(tmp_path / "cart-1.json").secret

    assert _enrol(data, "--force") == 0
    assert credentials.read(tmp_path / "cart-1.json").secret != first


def test_an_enrolled_device_needs_force_also_with_another_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second enrolment would silently put the first one out of work."""
    _enrol(data)

    assert _enrol(data, "--out", "second.json") == 1
    assert "is enrolled already" in capsys.readouterr().err
    assert not (tmp_path / "second.json").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("enrol", "Cart", "--kind", "cart", "--ward", "w3"), 2, "A device id has"),
        (("enrol", "t-1", "--kind", "terminal", "--ward", "w3"), 2, "A terminal stands at a bed"),
        (("enrol", "t-1", "--kind", "terminal", "--ward", "w3", "--bed", "9"), 2, "There is no bed called 9."),
        (("enrol", "c-1", "--kind", "cart", "--ward", "w9"), 2, "There is no ward called w9."),
        (("enrol", "c-1", "--kind", "robot", "--ward", "w3"), 2, "robot"),
        (("revoke", "c-9"), 2, "There is no device called c-9."),
    ],
)
def test_what_cannot_be_done_is_said(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    """A sentence and an exit code; no file is left."""
    assert _device(*words, data=data) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.glob("*.json")) == []


def test_a_wrong_folder_does_not_become_a_ward(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typo in --data is said, and no database is made there."""
    assert _device("list", data=tmp_path / "typo") == 4
    assert "Start the server once" in capsys.readouterr().err
    assert not (tmp_path / "typo").exists()


def test_the_list_shows_who_is_there_and_who_was_revoked(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A revoked device is shown on request only; revoking twice changes nothing."""
    _enrol(data)
    _enrol(data, "--bed", "1", "--name", "1床终端", device="t-1", kind="terminal")
    codes = [_device("revoke", "cart-1", data=data), _device("revoke", "cart-1", data=data)]
    said = capsys.readouterr().out

    assert codes == [0, 0]
    assert said.endswith("Revoked cart-1.\ncart-1 was revoked before; nothing was changed.\n")
    assert [(d["id"], d["bed"], d["name"]) for d in _listed(data, capsys)] == [("t-1", "1", "1床终端")]
    assert [d["id"] for d in _listed(data, capsys, "--revoked")] == ["cart-1", "t-1"]


def test_every_act_is_in_the_audit(data: Path) -> None:
    """Enrolled and revoked, by whom on this machine; the second revocation did nothing and is none."""
    _enrol(data)
    for _ in range(2):
        _device("revoke", "cart-1", data=data)

    db = Database(f"sqlite:///{data / 'ward.db'}")
    with db.read() as conn:
        lines = audit.search(conn, audit.Search(), 10)
        assert audit.verify(conn).whole
    db.close()
    assert [(line.actor, line.action, line.what) for line in reversed(lines)] == [
        ("system:console", "device-enrolled", "device cart-1"),
        ("system:console", "device-revoked", "device cart-1"),
    ]
    assert lines[0].detail["user"]


def test_the_help_is_whole_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    """No summary of a subcommand is cut off."""
    for words in (("--help",), ("enrol", "--help"), ("list", "--help"), ("revoke", "--help")):
        assert run(["device", *words]) == 0
        _usage, _, text = capsys.readouterr().out.partition("\n")
        assert "..." not in text


def _listed(data: Path, capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, str]]:
    capsys.readouterr()
    assert _device("list", "--json", *more, data=data) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]
