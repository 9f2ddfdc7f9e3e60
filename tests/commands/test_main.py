"""The console command: light until a subcommand is called, and every ending has its code and its sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from commands import main
from wardlink.errors import InvalidInput, Misconfigured, StoreFailed, Unreachable
from wardlink.i18n import speaking

HEAVY = ("textual", "fastapi", "sqlalchemy", "nicegui", "wfdb", "numpy", "paho", "httpx2", "argon2", "alembic")


def _wardlink(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from commands.main import main; main()", *args],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=os.environ | {"LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parents[2])} | environment,
    )


def test_help_imports_no_part() -> None:
    """Showing the help of the console command imports nothing heavy."""
    script = (
        "import sys; from commands.main import run; assert run(['--help']) == 0;"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )

    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)

    assert shown.stdout.splitlines()[-1] == "HEAVY []"


def test_help_names_every_subcommand_in_a_whole_sentence() -> None:
    """The help lists every subcommand, and no summary is cut off at 80 columns."""
    shown = _wardlink("--help", COLUMNS="80")

    lines = {line.split()[0]: line for line in shown.stdout.splitlines() if line.split()[:1]}
    assert shown.returncode == 0
    for name, subcommand in main.SUBCOMMANDS.items():
        assert lines[name].endswith(subcommand.summary)
        assert subcommand.summary.endswith(".")


def test_version_is_the_installed_one() -> None:
    """`--version` says name and version."""
    from importlib.metadata import version

    assert _wardlink("--version").stdout == f"wardlink {version('wardlink')}\n"


def test_a_typo_is_wrong_usage_and_gets_a_suggestion() -> None:
    """An unknown subcommand ends with 2 and names the nearest one."""
    shown = _wardlink("relpay")

    assert shown.returncode == 2
    assert "Did you mean 'replay'?" in shown.stderr


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (Misconfigured(detail="x"), 4),
        (Unreachable(), 5),
        (InvalidInput(detail="x"), 2),
        (StoreFailed(detail="x"), 1),
        (SystemExit(3), 3),
        (SystemExit(None), 0),
        (SystemExit("words"), 1),
    ],
)
def test_every_ending_has_its_code(raised: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors of ours end with the code of their kind and are said in one line."""

    def fails(**_options: Any) -> None:
        raise raised

    assert main.run([], fails) == code
    if not isinstance(raised, SystemExit):
        assert capsys.readouterr().err.startswith("wardlink: ")


def test_a_missing_package_is_named_with_its_extra(capsys: pytest.CaptureFixture[str]) -> None:
    """A part that is not installed ends with 3 and says what to install."""

    def fails(**_options: Any) -> None:
        raise ModuleNotFoundError("No module named 'fastapi.routing'", name="fastapi.routing")

    with speaking("en"):
        assert main.run(["server", "--port", "1"], fails) == 3
    assert capsys.readouterr().err == (
        "wardlink: The package fastapi is not installed here. Run: pip install 'wardlink[server]'\n"
    )


def test_a_missing_module_of_ours_is_a_fault_and_not_an_extra() -> None:
    """A module of Wardlink itself that is missing is never blamed on the installation."""

    def fails(**_options: Any) -> None:
        raise ModuleNotFoundError("No module named 'server.gone'", name="server.gone")

    with pytest.raises(ModuleNotFoundError):
        main.run(["server"], fails)


@pytest.mark.parametrize(
    ("environment", "option", "language"),
    [
        ({"LANG": "C.UTF-8"}, (), "en"),
        ({"LANG": "zh_CN.UTF-8"}, (), "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, (), "en"),
        ({"LANG": "en_US.UTF-8", "WARDLINK_LANG": "zh_CN"}, (), "zh_CN"),
        ({"LANG": "en_US.UTF-8"}, ("--lang", "zh"), "zh_CN"),
        ({"LANG": "zh_CN.UTF-8"}, ("--lang", "en"), "en"),
    ],
)
def test_the_language_is_chosen_by_option_then_environment(
    environment: dict[str, str], option: tuple[str, ...], language: str
) -> None:
    """`--lang` decides, then WARDLINK_LANG, then the locale; anything but Chinese is English."""
    script = (
        "import sys; from commands import main; from wardlink.i18n import language\n"
        "import commands.main as m\n"
        "def probe(): print(language())\n"
        "m._load = lambda name: (lambda t: (t.command()(probe), m.typer.main.get_command(t))[1])(m.typer.Typer())\n"
        "sys.argv[1:] = sys.argv[1:] + ['replay']\n"
        "main.main()"
    )
    environ = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG", "WARDLINK_LANG")}

    shown = subprocess.run(
        [sys.executable, "-c", script, *option],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        env=environ | environment,
    )

    assert shown.stdout.strip() == language
