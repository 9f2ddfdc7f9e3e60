"""Lets people in: staff with badge and PIN, a patient with the two identifiers of the stay in this bed."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from sqlalchemy import Table, select

from server.core import Core
from server.identity import attempts, audit, sessions, staff
from server.identity.attempts import Count
from server.identity.models import Device, Staff
from server.identity.sessions import Session
from server.identity.staff import Person
from server.patients.models import Encounter, Patient
from server.patients.service import encounter_view
from wardlink.errors import NotAllowed, NotSignedIn, SignInFailed
from wardlink.messages.encounters import EncounterView

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
_STAY: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]

WEB = "web"
"""The place of those who come without a device."""

PLACE_WEIGHT = 10
"""A device or an address is used by many: so many wrong tries there weigh as much as one against a badge."""


def check(core: Core, badge: str, pin: str, *, device: str | None = None, origin: str | None = None) -> Session:
    """Let a member of staff in. Argon2 takes about a tenth of a second: not on an event loop.

    Wrong tries are slowed for each badge at each device, and for each badge over all browsers together; and for
    whoever tries one PIN on many badges: by the `device`, or by the network address of `origin`.

    Raises:
        SignInFailed: wrong, unknown or no longer active; never says which. `SignInSlowed` after wrong tries.
    """
    badge = badge.strip()
    counts = [
        Count(_key("staff", badge, device or WEB)),
        Count(_key("place", origin or "", device or WEB), weight=PLACE_WEIGHT),
    ]
    attempts.begin(core, counts)
    with core.db.read() as conn:
        row = conn.execute(select(_STAFF).where(_STAFF.c.badge == badge[:40])).first()
    let_in = staff.matches(row.pin_hash if row is not None else None, pin)
    now = core.clock.now()
    with core.db.write() as conn:
        session = None
        if row is not None and row.active and let_in:
            attempts.forgive(conn, counts, now)
            person = Person(row.id, row.name, row.role, tuple(row.wards))
            session = sessions.begin(conn, person, device=device, now=now)
        audit.append(
            conn,
            at=now,
            actor=f"staff:{row.id}" if row is not None else "unknown",
            device=device,
            action="sign-in" if session else "sign-in-failed",
            what="",
            encounter=None,
            command=None,
            detail={},
        )
    if session is None:
        raise SignInFailed
    return session


def leave(core: Core, token: str) -> None:
    """Sign out whoever has this token; a session that is over needs no end and gets no line of the audit."""
    try:
        person = sessions.current(core, token)
    except NotSignedIn:
        return
    with core.db.write() as conn:
        sessions.end(conn, token)
        audit.note(core, conn, person, "sign-out", "")


def open_bedside(core: Core, terminal: Device, ward: str, bed: str, admission_no: str, second: str) -> EncounterView:
    """Let the patient of this bed in: admission number, and the last four of the ID card or the birth date.

    Wrong tries are slowed for each terminal.

    Raises:
        NotAllowed: this is not the terminal of that bed.
        SignInFailed: it does not match the stay in this bed; never says which part. `SignInSlowed` after wrong tries.
    """
    if terminal.kind != "terminal" or (terminal.ward, terminal.bed) != (ward, bed):
        raise NotAllowed
    counts = [bed_count(ward, bed, terminal.id)]
    attempts.begin(core, counts)
    now = core.clock.now()
    with core.db.write() as conn:
        row = conn.execute(
            select(_STAY.c.id, _STAY.c.admission_no, _PATIENT.c.id_last4, _PATIENT.c.birth_on)
            .join(_PATIENT, _PATIENT.c.id == _STAY.c.patient)
            .where(_STAY.c.ward == ward, _STAY.c.bed == bed, _STAY.c.status == "in-progress")
        ).first()
        let_in = row is not None and _is_patient(row, admission_no.strip(), second.strip().upper())
        audit.append(
            conn,
            at=now,
            actor=f"device:{terminal.id}",
            device=terminal.id,
            action="open-bedside" if let_in else "open-bedside-failed",
            what=f"ward {ward} bed {bed}",
            encounter=row.id if row is not None else None,
            command=None,
            detail={},
        )
        if let_in:
            attempts.forgive(conn, counts, now)
        found = encounter_view(conn, row.id) if let_in and row is not None else None
    if found is None:
        raise SignInFailed
    return found


def bed_count(ward: str, bed: str, terminal: str) -> Count:
    """What wrong tries at a bed are counted under, whatever somebody tries there."""
    return Count(_key("bed", f"{ward}/{bed}", terminal))


def _is_patient(row: Any, admission_no: str, second: str) -> bool:
    seconds = [f"{row.birth_on:%Y%m%d}", *([row.id_last4] if row.id_last4 else [])]
    # Every part is always looked at, so that the time taken says nothing.
    first_fits = _same(admission_no, row.admission_no)
    second_fits = sum(_same(second, expected) for expected in seconds) > 0
    return first_fits and second_fits


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def _key(door: str, name: str, place: str) -> str:
    # Hashed: a badge field may hold anything, also a PIN typed into the wrong field.
    return f"{door}:{hashlib.sha256(name.encode(errors='replace')).hexdigest()[:32]}@{place}"
