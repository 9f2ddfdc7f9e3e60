"""Family sign in at the bed: a code that the patient asks for, a PIN that the relative sets with it, then the PIN.

Codes and PINs are hashed before anything is written, and stand in no command, change, log, topic or metric.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.core import Core
from server.family.acting import consent_called
from server.family.models import FamilySecret
from server.identity import attempts, audit, staff
from server.identity.attempts import Count
from server.identity.models import Device
from server.identity.sign_in import PLACE_WEIGHT
from server.patients.service import encounter_view, occupant_of
from server.record.service import records_of
from wardlink.clinical.family import Relation, is_weak_pin, signing_in
from wardlink.errors import InvalidInput, NotAllowed, NotFound, SignInFailed
from wardlink.i18n import N_
from wardlink.messages.family import FamilyConsentView, FamilyOpened, NewFamilyCode
from wardlink.record.family import FAMILY_CONSENT

_SECRET: Table = FamilySecret.__table__  # type: ignore[attr-defined]

_WEAK = N_("Please choose another PIN: six digits that nobody guesses.")


def new_code(core: Core, terminal: Device, encounter: str, consent: str) -> NewFamilyCode:
    """A code for who the consent names, in place of any before. Argon2 takes about a tenth of a second.

    Raises:
        NotFound: there is no such consent of this stay, or it is over.
    """
    return make_code(core, encounter, consent, actor=f"device:{terminal.id}", terminal=terminal)


def make_code(core: Core, encounter: str, consent: str, *, actor: str, terminal: Device | None = None) -> NewFamilyCode:
    """The same, for who has let them in: the patient at the bed, or staff for a guardian.

    Raises:
        NotFound: there is no such consent of this stay, or it is over.
    """
    told, now = signing_in(), core.clock.now()
    code = "".join(secrets.choice("0123456789") for _ in range(told.code_digits))
    hashed, expires_at = staff.hashed(code), now + timedelta(minutes=told.code_lasts_min)
    with core.db.write() as conn:
        found = consent_called(conn, consent)
        if found is None or found.encounter != encounter or not found.stands(now):
            raise NotFound(what="consent", name=consent)
        keep(conn, consent, code_hash=hashed, code_expires_at=expires_at)
        _note(core, conn, terminal, actor, "family-code", encounter, consent)
    return NewFamilyCode(code=code, expires_at=expires_at)


def set_pin(core: Core, terminal: Device, ward: str, bed: str, relation: Relation, code: str, pin: str) -> FamilyOpened:
    """Set a PIN with a code, and let in who has set it. The code is worth nothing afterwards.

    Raises:
        NotAllowed: this is not the terminal of that bed.
        InvalidInput: a PIN that is too easy, or another's; the code still holds.
        SignInFailed: no such code, used, too old, or not of this bed; never says which. `SignInSlowed` after several.
    """
    _demand_place(terminal, ward, bed)
    if len(pin) != signing_in().pin_digits or not pin.isascii() or not pin.isdigit() or is_weak_pin(pin):
        raise InvalidInput(_WEAK)
    counts = _counts(terminal, ward, bed, relation)
    attempts.begin(core, counts)
    now = core.clock.now()
    encounter, standing = _standing(core, ward, bed, relation)
    rows = _rows(core, standing)
    waiting = {id: row for id, row in rows.items() if row.code_hash and row.code_expires_at > now}
    mine = _matching(waiting, "code_hash", code)
    if mine is not None and _matching({id: row for id, row in rows.items() if id != mine}, "pin_hash", pin):
        raise InvalidInput(_WEAK)
    hashed = staff.hashed(pin)
    with core.db.write() as conn:
        used = (
            mine is not None
            and conn.execute(
                update(_SECRET)
                # Whoever was quicker with the same code has it.
                .where(_SECRET.c.consent == mine, _SECRET.c.code_hash == waiting[mine].code_hash)
                .values(code_hash=None, code_expires_at=None, pin_hash=hashed)
            ).rowcount
        )
        opened = _opened(core, conn, terminal, encounter, mine if used else None, relation, counts)
    if opened is None:
        raise SignInFailed
    return opened


def open_by_pin(core: Core, terminal: Device, ward: str, bed: str, relation: Relation, pin: str) -> FamilyOpened:
    """Let family of who lies in this bed in.

    Raises:
        NotAllowed: this is not the terminal of that bed.
        SignInFailed: it is nobody's PIN whose consent stands; never says more. `SignInSlowed` after wrong tries.
    """
    _demand_place(terminal, ward, bed)
    counts = _counts(terminal, ward, bed, relation)
    attempts.begin(core, counts)
    encounter, standing = _standing(core, ward, bed, relation)
    mine = _matching(_rows(core, standing), "pin_hash", pin)
    with core.db.write() as conn:
        opened = _opened(core, conn, terminal, encounter, mine, relation, counts)
    if opened is None:
        raise SignInFailed
    return opened


def forget(conn: Connection, consents: Sequence[str]) -> None:
    """These consents are over: what opened by them opens nothing any more."""
    if consents:
        conn.execute(delete(_SECRET).where(_SECRET.c.consent.in_(list(consents))))


def _opened(
    core: Core,
    conn: Connection,
    terminal: Device,
    encounter: str | None,
    consent: str | None,
    relation: Relation,
    counts: Sequence[Count],
) -> FamilyOpened | None:
    # Read anew: it may have been taken back while the PIN was compared.
    now = core.clock.now()
    found = consent_called(conn, consent) if consent is not None else None
    stay = encounter_view(conn, encounter) if encounter is not None else None
    if found is None or stay is None or not found.stands(now) or stay.status != "in-progress":
        actor = f"device:{terminal.id}"
        _note(core, conn, terminal, actor, "open-bedside-failed", encounter, None, family=relation)
        return None
    attempts.forgive(conn, counts, now)
    _note(core, conn, terminal, f"family:{found.id}", "open-bedside", stay.id, found.id, family=relation)
    return FamilyOpened(encounter=stay, consent=found)


def _standing(core: Core, ward: str, bed: str, relation: Relation) -> tuple[str | None, list[FamilyConsentView]]:
    now = core.clock.now()
    with core.db.read() as conn:
        stay = occupant_of(conn, ward, bed)
        known = [] if stay is None else records_of(conn, FAMILY_CONSENT, encounter=stay, only_open=True)
    return stay, [one for one in known if one.relation == relation and one.stands(now)]


def _rows(core: Core, standing: Sequence[FamilyConsentView]) -> dict[str, Any]:
    with core.db.read() as conn:
        found = conn.execute(select(_SECRET).where(_SECRET.c.consent.in_([one.id for one in standing])))
        return {row.consent: row for row in found}


def _matching(rows: dict[str, Any], column: str, given: str) -> str | None:
    """Whose it is. Somebody is always compared with, so that the time taken does not say that nobody was let in."""
    found = [id for id, row in rows.items() if staff.matches(getattr(row, column), given)]
    if not rows:
        staff.matches(None, given)
    return found[0] if len(found) == 1 else None


def keep(conn: Connection, consent: str, **values: Any) -> None:
    """Keep hashes of this consent, beside what is kept of it already."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(_SECRET).values(consent=consent, **values)
    conn.execute(insert.on_conflict_do_update(index_elements=["consent"], set_=values))


def _demand_place(terminal: Device, ward: str, bed: str) -> None:
    if terminal.kind != "terminal" or (terminal.ward, terminal.bed) != (ward, bed):
        raise NotAllowed


def _counts(terminal: Device, ward: str, bed: str, relation: Relation) -> list[Count]:
    # Apart from the patient's own tries: whoever guesses as family keeps no patient out.
    place = f"{ward}/{bed}@{terminal.id}"
    return [Count(f"family:{relation}:{place}"), Count(f"family:{place}", weight=PLACE_WEIGHT)]


def _note(
    core: Core,
    conn: Connection,
    terminal: Device | None,
    actor: str,
    action: str,
    encounter: str | None,
    consent: str | None,
    **detail: str,
) -> None:
    where = "desk" if terminal is None else f"ward {terminal.ward} bed {terminal.bed}"
    audit.append(
        conn,
        at=core.clock.now(),
        actor=actor,
        device=None if terminal is None else terminal.id,
        action=action,
        what=where if consent is None else f"{where} consent {consent}",
        encounter=encounter,
        command=None,
        detail=detail,
    )
