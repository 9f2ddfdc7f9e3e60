"""How the bedside program begins: light, bound to a bed, and with words where it cannot."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bedside.start import open_device, place_of
from commands.main import EXIT_CONFIGURATION, EXIT_USAGE, LANGUAGE_VARIABLE, run
from tests.bedside.screens import process_language
from wardlink import credential as credentials
from wardlink.credential import Credential
from wardlink.errors import Collision, Misconfigured
from wardlink.i18n import speaking

ROOT = Path(__file__).parents[2]
HEAVY = ("argon2", "httpx2", "orjson", "paho", "pydantic", "sqlite3", "tomllib", "tyme4py", "wardlink.device")


@pytest.fixture(autouse=True)
def _own_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a command chooses stays in its test."""
    monkeypatch.setenv(LANGUAGE_VARIABLE, "en")
    with process_language("zh_CN"):
        yield


def enrolled(folder: Path, **changed: object) -> Path:
    """The credential of a terminal, as enrolment writes it."""
    fields = {"device": "t1", "kind": "terminal", "name": "1", "ward": "w3", "bed": "1", "secret": SecretStr("s")}
    path = folder / "credential.json"
    credentials.write(Credential.model_validate(fields | changed), path)
    return path


def test_the_first_picture_waits_for_nothing_heavy() -> None:
    """Neither messages nor rules nor the almanac are loaded before the program is on the screen."""
    script = f"import sys, bedside.app; print([name for name in {HEAVY!r} if name in sys.modules])"

    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )

    assert shown.stdout.strip() == "[]"


def test_a_terminal_knows_its_bed(tmp_path: Path) -> None:
    """By its credential; a second program on its folder is refused in words."""
    device = open_device(enrolled(tmp_path), tmp_path / "data")
    try:
        assert (place_of(device).ward, place_of(device).bed, place_of(device).device) == ("w3", "1", "t1")
        with pytest.raises(Collision):
            open_device(enrolled(tmp_path), tmp_path / "data")
    finally:
        device.stop()


@pytest.mark.parametrize(("changed", "words"), [({"bed": None}, "没有绑定床位"), ({"kind": "cart"}, "")])
def test_a_credential_of_no_bed_is_refused(tmp_path: Path, changed: dict[str, object], words: str) -> None:
    """A terminal without a bed, a cart: each is told what it is not."""
    with pytest.raises(Misconfigured) as refused:
        open_device(enrolled(tmp_path, **changed), tmp_path / "data")

    with speaking("zh_CN"):
        assert words in refused.value.text()


def test_the_command_asks_for_a_credential(capsys: pytest.CaptureFixture[str]) -> None:
    """Or for the sample."""
    assert run(["--lang", "en", "bedside"]) == EXIT_USAGE
    assert "--sample" in capsys.readouterr().err


def test_the_command_names_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And how to get it."""
    code = run(["--lang", "en", "bedside", "--credential", str(tmp_path / "none.json")])

    assert code == EXIT_CONFIGURATION
    assert "none.json" in capsys.readouterr().err
