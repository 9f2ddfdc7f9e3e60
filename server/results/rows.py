"""Results as they lie in the database, as values: versions of a report together, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, Table, func, select

from server.patients.models import Encounter, Patient
from server.results.models import Result
from wardlink.clinical.results.catalogue import flag_of
from wardlink.clinical.results.release import Category, Held, Status, Why, is_critical, why_held
from wardlink.messages.results import ResultItem

RESULT: Table = Result.__table__  # type: ignore[attr-defined]
_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Version:
    """One version of a report, with the ward, the bed and the name of its patient as they are now.

    `versions`: so many there are of this report.
    """

    id: str
    encounter: str
    admission_no: str
    ward: str
    bed: str
    patient: str
    number: str
    version: int
    versions: int
    code: str
    name: str
    collected_at: datetime | None
    issued_at: datetime | None
    received_at: datetime
    verified_by: str | None
    items: tuple[ResultItem, ...]
    conclusion: str | None
    acknowledged_by: str | None
    released_by: str | None
    kept_back_by: str | None
    opened_at: datetime | None
    held: Held

    @property
    def status(self) -> Status:
        """How far it is."""
        return self.held.status

    @property
    def category(self) -> Category:
        """What kind of examination it is."""
        return self.held.category

    @property
    def standing(self) -> str:
        """How it stands, as a word that changes when a version comes, and when it is released or kept back."""
        decided = (self.held.released_at, self.held.kept_back_at)
        return "/".join((str(self.versions), *("-" if at is None else at.isoformat() for at in decided)))

    def why_held(self, now: datetime, delay: timedelta) -> tuple[Why, ...]:
        """Why its patient may not see it; empty where they may."""
        return why_held(self.held, now, delay)


def versions_of_stay(conn: Connection, encounter: str) -> list[list[Version]]:
    """Every report of a stay, each as its versions, the first one first."""
    return _grouped(conn, _query().where(RESULT.c.encounter == encounter))


def versions_of_ward(conn: Connection, wards: Sequence[str]) -> list[list[Version]]:
    """The same of everybody who lies in these wards now."""
    here = (_ENCOUNTER.c.ward.in_(wards)) & (_ENCOUNTER.c.status == "in-progress")
    return _grouped(conn, _query().where(here))


def version_called(conn: Connection, id: str) -> Version | None:
    """One version; None if there is none of that id."""
    row = conn.execute(_query().where(RESULT.c.id == id)).first()
    return None if row is None else _version(row)


def newest_of(conn: Connection, found: Version) -> str:
    """The id of the newest version of the report that `found` belongs to."""
    same = (RESULT.c.encounter == found.encounter) & (RESULT.c.number == found.number)
    id: str = conn.execute(select(RESULT.c.id).where(same).order_by(RESULT.c.version.desc()).limit(1)).scalar_one()
    return id


def _grouped(conn: Connection, query: Select[Any]) -> list[list[Version]]:
    ordered = query.order_by(RESULT.c.encounter, RESULT.c.number, RESULT.c.version)
    found = map(_version, conn.execute(ordered))
    return [list(group) for _key, group in groupby(found, key=lambda version: (version.encounter, version.number))]


def _query() -> Select[Any]:
    e = _ENCOUNTER.c
    joined = RESULT.join(_ENCOUNTER, e.id == RESULT.c.encounter).join(_PATIENT, _PATIENT.c.id == e.patient)
    other = RESULT.alias()
    same = (other.c.encounter == RESULT.c.encounter) & (other.c.number == RESULT.c.number)
    versions = select(func.max(other.c.version)).where(same).scalar_subquery().label("versions")
    whose = (e.ward, e.bed, e.admission_no, _PATIENT.c.name.label("patient"), _PATIENT.c.birth_on)
    return select(RESULT, *whose, versions).select_from(joined)


def _version(row: Row[Any]) -> Version:
    items = tuple(_item(ResultItem.model_validate(item)) for item in row.items)
    return Version(
        id=row.id,
        encounter=row.encounter,
        admission_no=row.admission_no,
        ward=row.ward,
        bed=row.bed,
        patient=row.patient,
        number=row.number,
        version=row.version,
        versions=row.versions,
        code=row.code,
        name=row.name,
        collected_at=row.collected_at,
        issued_at=row.issued_at,
        received_at=row.received_at,
        verified_by=row.verified_by,
        items=items,
        conclusion=row.conclusion,
        acknowledged_by=row.acknowledged_by,
        released_by=row.released_by,
        kept_back_by=row.kept_back_by,
        opened_at=row.opened_at,
        held=_held(row, items),
    )


def _held(row: Row[Any], items: tuple[ResultItem, ...]) -> Held:
    born: date = row.birth_on
    return Held(
        status=cast("Status", row.status),
        category=cast("Category", row.category),
        codes=(row.code, *(item.code for item in items)),
        critical=is_critical(items),
        verified_at=row.issued_at,
        birth_on=born,
        acknowledged_at=row.acknowledged_at,
        released_at=row.released_at,
        kept_back_at=row.kept_back_at,
    )


def _item(item: ResultItem) -> ResultItem:
    """With a flag: the laboratory's, or by the range beside the value."""
    if item.flag is not None:
        return item
    return item.model_copy(update={"flag": flag_of(item.value, item.low, item.high)})
