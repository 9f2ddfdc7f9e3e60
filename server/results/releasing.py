"""What clinicians decide about a result: a critical one was heard of, it may be shown, it is kept back. Audited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from sqlalchemy import update

from server.core import Core
from server.identity import audit
from server.identity.roles import Right
from server.identity.staff import Person
from server.results.rows import RESULT, Version, version_called
from wardlink.clinical.results.release import VERIFIED, is_minor
from wardlink.clock import ward_date
from wardlink.errors import ChangedMeanwhile, Collision, NotFound
from wardlink.i18n import N_

Act = Literal["acknowledge", "release", "keep-back"]
ACTS: tuple[Act, ...] = get_args(Act)

RIGHTS: Mapping[Act, Right] = {
    "acknowledge": "result.acknowledge",
    "release": "result.release",
    "keep-back": "result.release",
}

_NOT_VERIFIED = N_("This report is not verified yet; it cannot be released.")
_MINOR = N_("The patient is a minor: the guardian is told in person, the screen at the bed does not show it.")
_FIRST = N_("A critical value has to be acknowledged before it is released.")
_NOT_CRITICAL = N_("There is no critical value in this report.")


def decide(core: Core, person: Person, result: str, act: Act, seen: str | None = None) -> Version:
    """Do it, under the name of `person`; the same again changes nothing.

    `seen`: the `standing` of the version by which they decided; None: whatever it is now.

    Raises:
        ChangedMeanwhile: somebody else has released it or kept it back since, or a new version has come.
        NotFound: there is no such result.
        NotAllowed: `person` may not, or not in the ward where the patient lies.
        Collision: it cannot be so now.
    """
    with core.db.write() as conn:
        found = version_called(conn, result)
        if found is None:
            person.demand(RIGHTS[act])
            raise NotFound(what="entry", name=result[:40])
        person.demand(RIGHTS[act], found.ward)
        now = core.clock.now()
        if seen is not None and seen != found.standing and not _is_own(found, act, str(person.actor)):
            raise ChangedMeanwhile
        values = _values(found, act, is_for_guardian=is_minor(found.held.birth_on, ward_date(now)))
        if values is None:
            return found
        stamp = {"at": now, "by": str(person.actor)}
        stamps = {name: stamp[name[-2:]] if is_set else None for name, is_set in values.items()}
        conn.execute(update(RESULT).where(RESULT.c.id == result).values(**stamps))
        audit.note(core, conn, person, f"result-{act}", f"result {result}", encounter=found.encounter)
        changed = version_called(conn, result)
        assert changed is not None
    core.results_changed(changed.ward)
    return changed


def _is_own(found: Version, act: Act, who: str) -> bool:
    """Whether this is what the same person did last: a button that was pressed twice."""
    return {"release": found.released_by, "keep-back": found.kept_back_by}.get(act) == who


def _values(found: Version, act: Act, *, is_for_guardian: bool) -> dict[str, bool] | None:
    """Which columns are set (True) or emptied (False); None where nothing changes."""
    held = found.held
    if act == "acknowledge":
        if not held.critical:
            raise Collision(_NOT_CRITICAL)
        return None if held.acknowledged_at is not None else {"acknowledged_at": True, "acknowledged_by": True}
    if act == "keep-back":
        if held.kept_back_at is not None:
            return None
        return {"kept_back_at": True, "kept_back_by": True, "released_at": False, "released_by": False}
    if held.status not in VERIFIED:
        raise Collision(_NOT_VERIFIED)
    if is_for_guardian:
        raise Collision(_MINOR)
    if held.critical and held.acknowledged_at is None:
        raise Collision(_FIRST)
    if held.released_at is not None:
        return None
    return {"released_at": True, "released_by": True, "kept_back_at": False, "kept_back_by": False}
