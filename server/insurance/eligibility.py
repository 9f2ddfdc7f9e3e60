"""From what the platform says about a person to their stay in our wards, or to why there is none that is sure.

A wrong match puts a bill on another person. So a stay is found only by the platform's own number for the person, or by
name, birthday and the end of the ID number together; whatever is less is shown to a human.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, select

from server.insurance.codes import Status
from server.insurance.keeping import INSUTYPES, STAY
from server.insurance.port import Cover, Insured
from server.patients.models import Encounter, Patient

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]

Outcome = Literal["found", "unsure", "other-ward", "not-here"]

STATUSES: Mapping[str, Status] = {
    "11": Status.IN_SERVICE,
    "12": Status.RETIRED,
}
"""What the first two digits of `psn_type` mean. Needs the hospital's confirmation (K): no source was found."""


@dataclass(frozen=True)
class Match:
    """Stays in the wards of the one who asks: one if `found`, those that it may be if `unsure`."""

    outcome: Outcome
    encounters: tuple[str, ...] = ()
    by: Literal["psn_no", "identity"] | None = None


def find(conn: Connection, person: Insured, wards: Collection[str] | None) -> Match:
    """The stay in progress of this person. `wards`: those of the one who asks; None: all."""
    query = (
        select(_ENCOUNTER.c.id, _ENCOUNTER.c.ward, _PATIENT.c.sex, _PATIENT.c.id_last4, STAY.c.psn_no)
        .join(_PATIENT, _PATIENT.c.id == _ENCOUNTER.c.patient)
        .outerjoin(STAY, STAY.c.encounter == _ENCOUNTER.c.id)
        .where(_ENCOUNTER.c.status == "in-progress")
        .where((STAY.c.psn_no == person.psn_no) | _named_so(person))
        .order_by(_ENCOUNTER.c.id)
    )
    rows: list[Any] = list(conn.execute(query))
    known = [row for row in rows if row.psn_no == person.psn_no]
    if known:
        return _among(known, wards, "psn_no")
    # One that is insured under another number is somebody else of the same name.
    rows = [row for row in rows if row.psn_no is None]
    sure = [row for row in rows if _is_same(row, person)]
    if len(sure) == 1:
        return _among(sure, wards, "identity")
    maybe = sure or [row for row in rows if row.id_last4 is None or _ends_alike(row, person)]
    if not maybe:
        return Match("not-here")
    mine = tuple(row.id for row in maybe if wards is None or row.ward in wards)
    return Match("unsure", mine) if mine else Match("other-ward")


def choose(covers: Sequence[Cover], insutype: str | None = None) -> Cover | None:
    """The insurance that counts: the only active one, or the active one that was asked for; None: a human decides."""
    active = [cover for cover in covers if cover.active and cover.insutype in INSUTYPES.values()]
    wanted = [cover for cover in active if insutype in (None, cover.insutype)]
    return wanted[0] if len(wanted) == 1 else None


def status_of(cover: Cover, scheme: str) -> Status:
    """What somebody is in their scheme. A kind of person that we do not know gets what is paid least of."""
    if scheme == "resident":
        return Status.RESIDENT
    return Status.RETIRED if STATUSES.get(cover.person_type[:2]) is Status.RETIRED else Status.IN_SERVICE


def _named_so(person: Insured) -> Any:
    return (_PATIENT.c.name == person.name) & (_PATIENT.c.birth_on == person.birth_on)


def _is_same(row: Row[Any], person: Insured) -> bool:
    return _ends_alike(row, person) and row.sex in (person.sex, "unknown")


def _ends_alike(row: Row[Any], person: Insured) -> bool:
    known: str | None = row.id_last4
    return bool(person.id_number and known and person.id_number[-4:].upper() == known.upper())


def _among(rows: Sequence[Row[Any]], wards: Collection[str] | None, by: Literal["psn_no", "identity"]) -> Match:
    mine = tuple(row.id for row in rows if wards is None or row.ward in wards)
    if not mine:
        return Match("other-ward")
    return Match("found", mine, by) if len(rows) == 1 else Match("unsure", mine)
