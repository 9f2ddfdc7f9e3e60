"""The one console command. Knows the names of all subcommands and imports none before it is called.

A module `commands.<name>` holds either a function of that name or a typer group called `app`.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from wardlink.errors import InvalidInput, Misconfigured, NotFound, Unreachable, WardlinkError
from wardlink.i18n import domain, set_process_language

_ = domain("commands").gettext

LANGUAGE_VARIABLE = "WARDLINK_LANG"
"""Set by `--lang`, so that the processes that a command starts speak the same language."""

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_NOT_INSTALLED = 3
EXIT_CONFIGURATION = 4
EXIT_UNREACHABLE = 5
EXIT_INTERRUPTED = 130

# The first class that fits decides; any other error of ours is a failure.
EXIT_CODES: tuple[tuple[type[WardlinkError], int], ...] = (
    (Misconfigured, EXIT_CONFIGURATION),
    (Unreachable, EXIT_UNREACHABLE),
    (InvalidInput, EXIT_USAGE),
    (NotFound, EXIT_USAGE),
)

_OURS = frozenset({"wardlink", "cart", "bedside", "server", "workbench", "commands"})


@dataclass(frozen=True)
class Subcommand:
    """A line of `wardlink --help`, and the extra whose packages the subcommand needs."""

    extra: Literal["cart", "bedside", "server", "workbench"]
    summary: str


SUBCOMMANDS = {
    "demo": Subcommand("workbench", "Run a whole sample ward on this machine."),
    "server": Subcommand("server", "Run the ward server, its broker and the manager's page."),
    "broker": Subcommand("server", "Run the message broker alone, or write its configuration."),
    "cart": Subcommand("cart", "Run the nurse's screen, here or in a browser."),
    "bedside": Subcommand("bedside", "Run the patient's screen, here or in a browser."),
    "device": Subcommand("server", "Enrol, list and revoke the devices of a ward."),
    "reconcile": Subcommand("server", "Compare a payment channel's bill of a day with our books."),
    "audit": Subcommand("server", "Anchor the chains of the access record outside, and check them."),
    "kpis": Subcommand("server", "Check the KPIs' sums of the days, or count them anew."),
    "labels": Subcommand("server", "Print wristbands, bag labels, bed cards and badges as a PDF."),
    "ecg": Subcommand("workbench", "Send ECG strips to a ward, as an examination room does."),
    "replay": Subcommand("workbench", "Play a recording of a bedside monitor into the ward."),
    "bench": Subcommand("workbench", "Measure the programs against a floor and against peers."),
    "faults": Subcommand("workbench", "Break the link on purpose and count what was lost."),
}


class _LazyGroup(TyperGroup):
    """Shows every subcommand by its summary and loads the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in SUBCOMMANDS:
            self.commands[args[0]] = _load(args[0])
        return super().resolve_command(ctx, args)


def _load(name: str) -> Any:
    module = importlib.import_module(f"commands.{name}")
    group = getattr(module, "app", None)
    if group is None:
        group = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        group.command(name=name)(getattr(module, name))
    loaded = typer.main.get_command(group)
    loaded.name = name
    return loaded


def _stub() -> None:
    """Stands in `--help` for a subcommand that has not been loaded."""


def _language(code: str | None) -> str:
    said = code or next(
        (found for name in (LANGUAGE_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), ""
    )
    return "zh_CN" if said.lower().startswith("zh") else "en"


def _choose_language(code: str | None) -> str | None:
    if code is not None:
        os.environ[LANGUAGE_VARIABLE] = _language(code)
    set_process_language(_language(code))
    return code


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"wardlink {version('wardlink')}")
        raise typer.Exit


app = typer.Typer(
    name="wardlink",
    cls=_LazyGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def _wardlink(
    lang: Annotated[
        Literal["zh", "en"] | None,
        typer.Option(help="Speak this language. Without it, LANG decides.", callback=_choose_language, is_eager=True),
    ] = None,
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and end.", callback=_say_version, is_eager=True),
    ] = False,
) -> None:
    """Wardlink links the bedside, the cart and the manager's page of a hospital ward.

    Exit codes: 0 all is well; 1 a check failed; 2 wrong usage or input; 3 a needed part is not installed;
    4 the configuration is wrong; 5 something cannot be reached, or a port is busy; 130 ended with Ctrl-C.
    """


for _name, _subcommand in SUBCOMMANDS.items():
    app.command(name=_name, help=_subcommand.summary)(_stub)


def exit_code(fault: WardlinkError) -> int:
    """What the command line ends with after this error."""
    return next((code for kind, code in EXIT_CODES if isinstance(fault, kind)), EXIT_FAILED)


def run(args: Sequence[str], command: Callable[..., Any] = app) -> int:
    """Run one command line; whatever goes wrong is said in a sentence on stderr. Returns the exit code."""
    try:
        command(args=list(args), prog_name="wardlink", standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else EXIT_OK if end.code is None else EXIT_FAILED
    except WardlinkError as fault:
        _complain(fault.text())
        return exit_code(fault)
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package in _OURS:
            raise
        sentence = _("The package {package} is not installed here. Run: pip install 'wardlink[{extra}]'")
        _complain(sentence.format(package=package, extra=_extra(args)))
        return EXIT_NOT_INSTALLED
    return EXIT_OK


def _extra(args: Sequence[str]) -> str:
    called = next((arg for arg in args if arg in SUBCOMMANDS), "demo")
    return SUBCOMMANDS[called].extra


def _complain(sentence: str) -> None:
    print(f"wardlink: {sentence}", file=sys.stderr)


def main() -> None:
    """The console script."""
    # Until the options are read, errors are said in the language of the environment.
    set_process_language(_language(None))
    sys.exit(run(sys.argv[1:]))
