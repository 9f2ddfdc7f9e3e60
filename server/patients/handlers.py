"""Admissions, transfers, discharges and what is decided about a stay: commands of the server's own entrances.

Who enters them sits before a screen, or reads the report of a file: two stays in one bed *now* are therefore
refused with the reason, and a person chooses another bed; so is one in a closed bed. What became known late is not
refused: two stays that lay in one bed at the same time are both kept, and a `bed-taken` exception asks a person; a
stay in a bed that was closed then is kept, and a `bed-closed` exception asks.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Table, insert, select, update

from server.batch import Batch
from server.census import Place
from server.consults.staying import end_consults, move_consults
from server.family.staying import end_consents
from server.handlers import Handler
from server.identity.models import Staff
from server.patients import places
from server.patients.errors import BedClosed, BedTaken, StayKnown
from server.patients.models import Bed, Encounter
from server.patients.persons import person_of
from server.patients.service import encounter_view, occupant_of, places_of
from server.patients.stays import measured_after, note_closed_beds, note_shared_beds, write_places
from server.record.collisions import AHEAD
from server.rehabilitation.staying import end_plans, move_plans
from server.requests.staying import end_requests, move_requests
from server.wards.closures import overlapping
from server.words import plain
from wardlink.clock import ward_date, ward_time
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.messages.base import Message
from wardlink.messages.commands import Command
from wardlink.messages.encounters import Admit, Discharge, EncounterView, Transfer, UpdateEncounter

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_BED: Table = Bed.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]


def admit(batch: Batch, command: Command, body: Admit) -> int:
    """Begin a stay in a bed of the command's ward.

    Raises:
        BedTaken: somebody lies there now.
        BedClosed: it is out of service, or will be.
        StayKnown: the admission number is known.
        OtherPerson: the patient number belongs to somebody else.
        StillHere: the patient's former stay is not over.
        InvalidInput: the time lies ahead, or before the birth.
        NotFound: no such bed, nurse or doctor.
    """
    encounter = _named(command)
    body = _in_plain_words(body)
    place = Place(command.ward, body.bed, command.measured_at, None)
    _check_time(batch, command)
    if body.birth_on > ward_date(command.measured_at):
        raise InvalidInput(N_("The birthday lies after the admission; please check both dates."))
    batch.head(command.ward)
    _check_bed(batch, place.ward, place.bed)
    _check_staff(batch, body.nurse, body.doctor)
    known = select(_ENCOUNTER.c.id).where(
        (_ENCOUNTER.c.admission_no == body.admission_no) | (_ENCOUNTER.c.id == encounter)
    )
    if batch.conn.execute(known).first() is not None:
        raise StayKnown(admission_no=body.admission_no)
    patient = person_of(batch, body)
    _check_free(batch, place)
    decided = body.model_dump(include={"admission_no", "bed", "level", "diet", "spo2_scale", "pregnant"})
    batch.conn.execute(
        insert(_ENCOUNTER).values(
            **decided,
            id=encounter,
            patient=patient,
            ward=command.ward,
            status="in-progress",
            allergies=list(body.allergies),
            nurse=body.nurse,
            doctor=body.doctor,
            admitted_at=command.measured_at,
        )
    )
    write_places(batch, encounter, [place])
    seq = _tell(batch, command, _known(batch, encounter))
    note_shared_beds(batch, command, encounter, place)
    note_closed_beds(batch, command, encounter, place)
    return seq


def transfer(batch: Batch, command: Command, body: Transfer) -> int:
    """The patient lies in another bed since the command's `measured_at`, until the next move we know of.

    The bed and the ward that were left hear of it as well. The number returned is that of the ward in which
    the patient lies now.

    Raises:
        BedTaken: somebody lies there now.
        BedClosed: it is out of service, or will be.
        Collision: the stay was over, or the patient lay there already.
        InvalidInput: the time lies ahead, or before the admission.
        NotFound: no such stay, ward or bed.
    """
    encounter = _named(command)
    _check_time(batch, command)
    before = _known(batch, encounter)
    for ward in sorted({before.ward, body.ward}):
        # Always in the same order: two patients who change places between wards must not wait for each other.
        batch.head(ward)
    before = _known(batch, encounter)
    _check_bed(batch, body.ward, body.bed)
    stretches = places.moved(places_of(batch.conn, encounter), body.ward, body.bed, command.measured_at)
    last = stretches[-1]
    if before.status == "in-progress" and (last.ward, last.bed) != (before.ward, before.bed):
        _check_free(batch, last)
    write_places(batch, encounter, stretches)
    batch.conn.execute(update(_ENCOUNTER).where(_ENCOUNTER.c.id == encounter).values(ward=last.ward, bed=last.bed))
    now = _known(batch, encounter)
    seq = _tell(batch, command, now)
    if (now.ward, now.bed) != (before.ward, before.bed):
        _tell(batch, command, now, ward=before.ward, bed=before.bed)
        move_requests(batch, command, now)
        move_consults(batch, command, now)
        move_plans(batch, command, now)
        end_consents(batch, command, encounter, "moved")
    entered = next(p for p in stretches if p.from_at == command.measured_at and p.bed == body.bed)
    note_shared_beds(batch, command, encounter, entered)
    note_closed_beds(batch, command, encounter, entered)
    return seq


def discharge(batch: Batch, command: Command, body: Discharge) -> int:
    """The stay is over since the command's `measured_at`. Readings that were taken later open an exception.

    Raises:
        Collision: it was over already.
        InvalidInput: the time lies ahead, or before the patient came to the last bed.
        NotFound: no such stay.
    """
    encounter = _named(command)
    body = _in_plain_words(body)
    _check_time(batch, command)
    batch.head(_known(batch, encounter).ward)
    before = _known(batch, encounter)
    if before.status != "in-progress":
        raise Collision(N_("This stay is over already."))
    at = command.measured_at
    write_places(batch, encounter, places.ended(places_of(batch.conn, encounter), at))
    batch.conn.execute(
        update(_ENCOUNTER)
        .where(_ENCOUNTER.c.id == encounter)
        .values(status="finished", discharged_at=at, disposition=body.disposition)
    )
    seq = _tell(batch, command, _known(batch, encounter))
    end_requests(batch, command, encounter)
    end_consults(batch, command, encounter)
    end_plans(batch, command, encounter)
    end_consents(batch, command, encounter, "discharged")
    late = measured_after(batch, encounter, at)
    if late:
        batch.exception(
            "after-discharge",
            ward=before.ward,
            command=command,
            encounter=encounter,
            bed=before.bed,
            sets=str(late),
        )
    return seq


def decide(batch: Batch, command: Command, body: UpdateEncounter) -> int:
    """Something about the stay was decided anew; what the body leaves out stays as it is.

    Raises:
        NotFound: no such stay, nurse or doctor.
    """
    encounter = _named(command)
    batch.head(_known(batch, encounter).ward)
    _check_staff(batch, body.nurse, body.doctor)
    body = _in_plain_words(body)
    decided: dict[str, Any] = body.model_dump(exclude_none=True)
    if "allergies" in decided:
        decided["allergies"] = list(decided["allergies"])
    if decided:
        batch.conn.execute(update(_ENCOUNTER).where(_ENCOUNTER.c.id == encounter).values(decided))
        batch.census.forget_resident(encounter)
    return _tell(batch, command, _known(batch, encounter))


def _tell(
    batch: Batch, command: Command, view: EncounterView, *, ward: str | None = None, bed: str | None = None
) -> int:
    # The first change names the place where the patient lies now; another one tells the place that was left.
    return batch.change(
        ward or view.ward,
        "encounter.changed",
        view.model_dump(mode="json", exclude_none=True),
        command=command,
        actor=str(command.actor),
        bed=bed or view.bed,
        encounter=view.id,
        first=ward is None,
    )


_WORDS = {"name": 60, "mrn": 32, "diet": 30, "disposition": 60, "spo2_scale_reason": 200}
_ONE_ALLERGY = 60

M = TypeVar("M", bound=Message)


def _in_plain_words(body: M) -> M:
    # What stands on a wristband and on the board: one line, and nothing that looks like something else.
    said: dict[str, Any] = {
        name: plain(text, most=most) for name, most in _WORDS.items() if (text := getattr(body, name, None)) is not None
    }
    if getattr(body, "allergies", None) is not None:
        said["allergies"] = tuple(plain(text, most=_ONE_ALLERGY) for text in body.allergies)  # type: ignore[attr-defined]
    return body.model_copy(update=said)


def _named(command: Command) -> str:
    if command.encounter is None:
        raise InvalidInput(detail="encounter is missing")
    return command.encounter


def _known(batch: Batch, encounter: str) -> EncounterView:
    view = encounter_view(batch.conn, encounter)
    if view is None:
        raise NotFound(what="stay", name=encounter)
    return view


def _check_time(batch: Batch, command: Command) -> None:
    if command.measured_at > batch.now + AHEAD:
        raise InvalidInput(N_("This time lies in the future; please check it."))


def _check_bed(batch: Batch, ward: str, bed: str) -> None:
    if batch.conn.execute(select(_BED.c.id).where(_BED.c.ward == ward, _BED.c.id == bed)).first() is None:
        raise NotFound(what="bed", name=f"{ward}/{bed}")


def _check_free(batch: Batch, place: Place) -> None:
    # The ward's row is locked: nobody else can take the bed before we commit.
    if occupant_of(batch.conn, place.ward, place.bed) is not None:
        raise BedTaken(bed=place.bed)
    for closure in overlapping(batch.conn, place.ward, place.bed, place.from_at, place.until_at):
        if not closure.is_over(batch.now):
            since = f"{ward_time(closure.from_at):%Y-%m-%d %H:%M}"
            raise BedClosed(bed=place.bed, since=since, reason=closure.reason, words=closure.words)


def _check_staff(batch: Batch, *names: str | None) -> None:
    for name in filter(None, names):
        if batch.census.staff_name(batch.conn, name) is None:
            raise NotFound(what="member of staff", name=name)


_NO_DEVICE: frozenset[str] = frozenset()

HANDLERS = {
    "encounter.admit": Handler(admit, devices=_NO_DEVICE),
    "encounter.transfer": Handler(transfer, devices=_NO_DEVICE),
    "encounter.discharge": Handler(discharge, devices=_NO_DEVICE),
    "encounter.update": Handler(decide, devices=_NO_DEVICE),
}
