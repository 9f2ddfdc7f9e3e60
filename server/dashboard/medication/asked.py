"""What an address of the page of medication safety asks for, and what is read for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias, cast

from sqlalchemy import Connection, select
from sqlmodel import col

from server.dashboard.fields import day_typed
from server.dashboard.sheets.names import staff_names
from server.dashboard.visit import Visit
from server.kpis.counting import Days
from server.medication import exceptions
from server.medication.counting import Asked as Counting
from server.medication.counting import By, Counted, counted
from server.medication.exceptions import Show
from server.medication.reasons import Reason, reasons
from server.patients.models import Bed
from wardlink.clinical.kpis import Kpi
from wardlink.clinical.medication_safety import figures, is_of_person, is_of_place
from wardlink.clock import ward_date
from wardlink.errors import NoRight

DAYS = 7
MOST_DAYS = 92

Split: TypeAlias = Literal["day", "hour", "bed", "drug", "reason", "person"]
SPLITS: tuple[Split, ...] = ("day", "hour", "bed", "drug", "reason", "person")

_FIRST = "both-codes"
_WHOLE = ("day", "hour", "bed")
"""Lines that hold every dose once: together they are the whole."""


@dataclass(frozen=True)
class Asked:
    """`names`: the wards by id. `split`: what the lines are about; `figure`: which one is drawn."""

    names: Mapping[str, str]
    ward: str | None
    days: Days
    now: datetime
    split: Split
    figure: Kpi
    show: Show
    typed: str

    @property
    def counting(self) -> Counting:
        """As the database is asked."""
        return Counting(tuple(self.names), self.days, self.now)

    def kept(self) -> dict[str, str]:
        """The address's own part."""
        told = {"since": self.days.since.isoformat(), "until": self.days.until.isoformat(), "by": self.split}
        told |= {"figure": self.figure.code, "show": self.show}
        return {"ward": self.ward or "", **told, "q": self.typed} if self.ward or self.typed else told


@dataclass(frozen=True)
class Found:
    """What was counted: in all, and a line each; or the reasons. `beds` are their labels."""

    whole: Mapping[str, int]
    parts: Counted | None
    reasons: Sequence[Reason]
    beds: Mapping[tuple[str, str], str]
    staff: Mapping[str, str]


def may_see_people(visit: Visit) -> bool:
    """Whether the visitor may see figures of one person."""
    return visit.may("medication.by-person")


def asked_of(visit: Visit, query: Mapping[str, str]) -> Asked:
    """What an address asks for: the last seven days of all of the visitor's wards where it says nothing. Reads.

    Raises:
        NoRight: a ward in which the visitor does not work, or people's figures without the right to them.
    """
    ward = query.get("ward") or None
    if ward is not None and not visit.sees(ward):
        raise NoRight
    names = {code: name for code, name in visit.wards() if ward in (None, code)}
    split = cast("Split", query.get("by")) if query.get("by") in SPLITS else "day"
    if split == "person" and not may_see_people(visit):
        raise NoRight
    now = visit.core.clock.now()
    figure = shown_figures(split).get(query.get("figure", "")) or figures()[_FIRST]
    show: Show = "closed" if query.get("show") == "closed" else "open"
    return Asked(names, ward, _days(query, ward_date(now)), now, split, figure, show, query.get("q", "")[:100])


def shown_figures(split: Split) -> dict[str, Kpi]:
    """The figures that can be told by this."""
    fits = is_of_person if split == "person" else is_of_place
    return {code: figure for code, figure in figures().items() if fits(figure)}


def read(conn: Connection, asked: Asked) -> Found:
    """Count everything that the page shows, the exceptions' list left aside."""
    wanted = asked.counting
    is_reasons = asked.split == "reason"
    parts = None if is_reasons else counted(conn, wanted, cast("By", asked.split))
    whole: Counter[str] = Counter()
    for line in parts.lines.values() if parts and asked.split in _WHOLE else _in_all(conn, wanted):
        whole.update(line)
    return Found(
        {**whole, **exceptions.counted(conn, wanted)},
        parts,
        reasons(conn, wanted) if is_reasons else (),
        _beds(conn, asked) if asked.split == "bed" else {},
        staff_names(conn) if asked.split == "person" else {},
    )


def _in_all(conn: Connection, wanted: Counting) -> Iterable[Mapping[str, int]]:
    return counted(conn, wanted, "all").lines.values()


def _beds(conn: Connection, asked: Asked) -> dict[tuple[str, str], str]:
    query = select(col(Bed.ward), col(Bed.id), col(Bed.label)).where(col(Bed.ward).in_(list(asked.names)))
    return {(ward, bed): label for ward, bed, label in conn.execute(query)}


def _days(query: Mapping[str, str], today: date) -> Days:
    until = min(day_typed(query.get("until")) or today, today)
    since = min(day_typed(query.get("since")) or until - timedelta(days=DAYS - 1), until)
    return Days(max(since, until - timedelta(days=MOST_DAYS - 1)), until)
