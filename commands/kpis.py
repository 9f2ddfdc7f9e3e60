"""`wardlink kpis`: check the sums that the server keeps for the KPIs, or make them anew, on the server's database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.database import server_database
from wardlink.i18n import domain

_ = domain("commands").gettext

app = typer.Typer(
    name="kpis",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Check the day's sums of the KPIs against the facts, or count them anew. The server may run meanwhile.",
)

Data = Annotated[Path | None, typer.Option(help="The server's data folder. Else WARDLINK_DATA_DIR.")]
Database = Annotated[
    str | None, typer.Option(help="The server's database, if it is not SQLite in the data folder. See wardlink server.")
]


@app.command(short_help="Say whether the sums are those of the facts.")
def check(data: Data = None, database: Database = None) -> None:
    """Read every call, dose and line of a bill, and compare. Exit code 1: a sum is not what the facts make.

    Takes minutes where there are millions of them; nothing is changed.
    """
    from server.kpis import sums
    from server.medication import sums as medication

    with server_database(data, database) as db, db.read() as conn:
        compared: list[tuple[Mapping[Any, int], Mapping[Any, int]]] = [
            (sums.kept(conn), sums.from_facts(conn)),
            (medication.kept(conn), medication.from_facts(conn)),
        ]
    wrong = sum(kept.get(key) != right.get(key) for kept, right in compared for key in {*kept, *right})
    print(_("{n} sums, {wrong} of them wrong.").format(n=sum(len(right) for _kept, right in compared), wrong=wrong))
    if wrong:
        print(_("Run: wardlink kpis recount"))
        raise typer.Exit(1)


@app.command(short_help="Make the sums anew from the facts.")
def recount(data: Data = None, database: Database = None) -> None:
    """Make the sums anew from every call, dose and line of a bill. Writers wait until it is done.

    The server does this by itself at its start when the times by which calls are judged have changed.
    """
    from server.kpis import sums
    from server.medication import sums as medication

    with server_database(data, database) as db, db.write() as conn:
        found = sums.recount(conn) + medication.recount(conn)
    print(_("{n} sums were made anew.").format(n=found))
