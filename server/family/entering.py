"""What staff do about family: two of them enter a guardian, one ends a consent. One way for the API and the page."""

from __future__ import annotations

from server.core import Core
from server.family.signing_in import make_code
from server.identity.second import signed_by
from server.identity.staff import Person
from server.patients.service import encounter_view
from server.record.service import record_called
from wardlink.errors import NotFound
from wardlink.ids import new_id
from wardlink.messages.family import AppointGuardian, EndFamily, NewFamilyCode
from wardlink.record.family import FAMILY_CONSENT


def appoint(
    core: Core, person: Person, encounter: str, *, name: str, reason: str, badge: str, pin: str, origin: str | None
) -> tuple[str, NewFamilyCode]:
    """Enter who decides for a patient who cannot; `badge` and `pin` are of the second member of staff.

    Returns the consent and the code for the bed, the only copy there is. Takes some tenths of a second: not on an
    event loop.

    Raises:
        NotFound: there is no such stay.
        NoRight, NotAllowed: one of the two may not, or they are one person.
        SignInFailed: it is nobody's badge and PIN.
        Collision: the stay is over, or there is a guardian already.
        pydantic.ValidationError: no such name or reason.
    """
    ward = ward_of(core, person, encounter)
    second = signed_by(core, badge, pin, origin=origin)
    second.demand("family.guardian", ward)
    said = AppointGuardian(name=name, reason=reason, second=second.id)
    consent = new_id()
    core.execute("family-consent.appoint", said, ward=ward, actor=person.actor, command_id=consent, encounter=encounter)
    return consent, make_code(core, encounter, consent, actor=str(person.actor))


def new_code(core: Core, person: Person, encounter: str, consent: str) -> NewFamilyCode:
    """Another code for a guardian, in place of any before: the first was lost, or the PIN forgotten.

    Raises:
        NotFound: there is no such guardian of this stay, or the entry is over.
        NoRight: this person may not.
    """
    ward_of(core, person, encounter)
    with core.db.read() as conn:
        known = record_called(conn, FAMILY_CONSENT, consent)
    # The codes of others are the patient's to give, at the bed.
    if known is None or known[1].relation != "guardian":
        raise NotFound(what="consent", name=consent[:40])
    return make_code(core, encounter, consent, actor=str(person.actor))


def end(core: Core, person: Person, encounter: str, consent: str, reason: str) -> None:
    """End a guardian's consent, or one that the patient cannot take back at the bed.

    Raises:
        NotFound: there is no such stay, or no such consent of it.
        NoRight: this person may not.
        pydantic.ValidationError: no such reason.
    """
    ward = ward_of(core, person, encounter)
    said = EndFamily(consent=consent, reason=reason)
    core.execute("family-consent.end", said, ward=ward, actor=person.actor, encounter=encounter)


def ward_of(core: Core, person: Person, encounter: str) -> str:
    """The ward of a stay about whose family this person may decide.

    Raises:
        NotFound: there is no such stay.
        NoRight: they may not.
    """
    person.demand("family.guardian")
    with core.db.read() as conn:
        stay = encounter_view(conn, encounter)
    if stay is None:
        raise NotFound(what="stay", name=encounter[:40])
    person.demand("family.guardian", stay.ward)
    return stay.ward
