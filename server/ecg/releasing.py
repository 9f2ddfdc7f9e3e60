"""What a doctor decides about a strip: its patient may see it, or not yet. Audited."""

from __future__ import annotations

from typing import Literal

from server.core import Core
from server.ecg.rows import strip_called
from server.ecg.shown import birth_of, why_not
from server.identity import audit
from server.identity.staff import Person
from server.record.service import record_called
from wardlink.clinical.ecg.release import Why
from wardlink.clock import ward_date
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_
from wardlink.messages.ecg import EcgView, ShowEcg
from wardlink.record.ecg import ECG

Act = Literal["release", "keep-back"]

_REFUSED: dict[Why, str] = {
    "struck": N_("This strip is struck out; it cannot be released."),
    "minor": N_("The patient is a minor: the guardian is told in person, the screen at the bed does not show it."),
    "unconfirmed": N_("Say first what the strip shows; only then it can be released."),
    "unacknowledged": N_("A critical report has to be read by somebody before it is released."),
}
"""What a doctor cannot decide away."""


def decide(core: Core, person: Person, strip: str, act: Act, command: str | None = None) -> EcgView:
    """Do it, under the name of `person`; the same again changes nothing.

    Raises:
        NotFound: there is no such strip.
        NotAllowed: `person` may not, or not in the ward where the patient lies.
        Collision: it cannot be released now.
    """
    with core.db.read() as conn:
        found = strip_called(conn, strip)
        if found is None:
            person.demand("ecg.report")
            raise NotFound(what="entry", name=strip)
        ward, view = found
        person.demand("ecg.report", ward)
        if act == "release":
            for why in why_not(view, birth_of(conn, view.encounter), ward_date(core.clock.now())):
                if why in _REFUSED:
                    raise Collision(_REFUSED[why])
    body = ShowEcg(strip=strip, may_see=act == "release", reports=len(view.reports))
    core.execute(
        "ecg.show",
        body,
        ward=ward,
        actor=person.actor,
        command_id=command,
        encounter=view.encounter,
        bed=view.bed,
    )
    with core.db.write() as conn:
        audit.note(core, conn, person, f"ecg-{act}", f"ecg {strip}", encounter=view.encounter)
        changed = record_called(conn, ECG, strip)
    assert changed is not None
    return changed[1]
