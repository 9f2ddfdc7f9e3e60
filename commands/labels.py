"""`wardlink labels`: wristbands, labels of bags and drugs, cards of beds and badges, as a PDF in their real sizes."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from commands.settings import read_settings
from wardlink.errors import InvalidInput, Misconfigured, NotFound
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from server.core import Core
    from server.labels.label import Label

_ = domain("commands").gettext

_NO_SERVER = N_("There is no ward server's data at {url}. Start the server once: it makes its database.")
_NO_FILE = N_("The file {path} cannot be written: {reason}.")


class Kind(StrEnum):
    """What can be printed."""

    WRISTBANDS = "wristbands"
    BAGS = "bags"
    DRUGS = "drugs"
    BEDS = "beds"
    BADGES = "badges"


def labels(
    file: Annotated[Path, typer.Argument(help="The PDF to write; each label is a page of its own size.")],
    only: Annotated[list[Kind] | None, typer.Option(help="Print this kind alone; may be given again.")] = None,
    ward: Annotated[str | None, typer.Option(help="The ward. Without it, all of them.")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Print those of the sample ward, marked as such.")] = False,
    within_h: Annotated[float, typer.Option(min=0.1, max=48, help="Bags that are due within so many hours.")] = 24,
    use_within_h: Annotated[
        float | None, typer.Option(min=0.1, max=720, help="Bags must be hung within so many hours from now.")
    ] = None,
    font: Annotated[Path | None, typer.Option(help="A font file with Chinese characters.")] = None,
    data: Annotated[Path | None, typer.Option(help="The server's data folder. Else WARDLINK_DATA_DIR.")] = None,
    database: Annotated[
        str | None, typer.Option(help="The server's database, if it is not SQLite in the data folder.")
    ] = None,
) -> None:
    """Print what is scanned in a ward: wristbands, bag labels, bed cards and staff badges.

    Packs of drugs carry their makers' codes; only the sample ward's are printed here.
    """
    from server.charts.font import find_font
    from server.labels.sheet import document

    with _sample() if sample else _server(data, database) as core:
        made = _made(core, frozenset(only or ()), ward, within_h, use_within_h, is_sample=sample)
        content = document(made, find_font(font), is_sample=sample)
        if not sample:
            what = f"{len(made)} labels"
            core.audit("print", actor="system:labels", what=what, detail={"login": getpass.getuser()})
    try:
        file.write_bytes(content)
    except OSError as exc:
        raise InvalidInput(_NO_FILE, path=file, reason=exc.strerror) from exc
    print(_("{n} labels were written to {path}.").format(n=len(made), path=file))


def _made(
    core: Core,
    only: frozenset[Kind],
    ward: str | None,
    within_h: float,
    use_within_h: float | None,
    *,
    is_sample: bool,
) -> list[Label]:
    from server.identity import staff
    from server.labels import making
    from server.wards.service import wards
    from wardlink.clinical.drugs import sample_drugs

    now = core.clock.now()
    use_within = timedelta(hours=use_within_h) if use_within_h is not None else None

    def wanted(kind: str) -> bool:
        return not only or kind in only

    made: list[Label] = []
    with core.db.read() as conn:
        found = [entry for entry in wards(conn) if ward in (None, entry.id)]
        if not found:
            raise NotFound(what="ward", name=ward or "-")
        for entry in found:
            made += making.wristbands(conn, entry, now) if wanted("wristbands") else []
            within = timedelta(hours=within_h)
            made += making.bags(conn, entry, now, within=within, use_within=use_within) if wanted("bags") else []
            made += making.beds(conn, entry) if wanted("beds") else []
        people = staff.listed(conn, limit=1000, active=True) if wanted("badges") else []
        shown = {entry.id for entry in found}
        made += making.badges(one for one in people if ward is None or shown & set(one.wards) or not one.wards)
    if is_sample and wanted("drugs"):
        made += making.drugs(list(sample_drugs().values()))
    return made


@contextmanager
def _server(data: Path | None, database: str | None) -> Iterator[Core]:
    settings = read_settings(data_dir=data, database_url=database)
    if settings.database_url is None and not (settings.data_dir / "ward.db").is_file():
        raise Misconfigured(_NO_SERVER, url=settings.data_dir)
    from server.core import Core
    from server.db import Database
    from server.migrate import upgrade
    from wardlink.clock import SystemClock

    upgrade(settings.url)
    core = Core(Database(settings.url), SystemClock())
    try:
        yield core
    finally:
        core.db.close()


@contextmanager
def _sample() -> Iterator[Core]:
    """The sample ward, laid out for this moment alone."""
    from server.core import Core
    from server.db import Database
    from server.migrate import upgrade
    from wardlink.clock import SystemClock
    from workbench.demo import orders
    from workbench.demo.plan import sample_ward
    from workbench.ward import Addresses, build

    with TemporaryDirectory(prefix="wardlink-labels-") as folder:
        url = f"sqlite:///{Path(folder) / 'ward.db'}"
        upgrade(url)
        core = Core(Database(url), SystemClock())
        try:
            plan = sample_ward()
            built = build(core, plan.plan(core.clock.now()), Addresses("127.0.0.1", 1883, "http://127.0.0.1"))
            doctors = {p.admission.bed: p.admission.doctor for p in plan.patients if p.admission.doctor}
            orders.order(core, plan.ward, built.stays, doctors)
            yield core
        finally:
            core.db.close()
