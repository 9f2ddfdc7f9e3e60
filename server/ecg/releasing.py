"""What a doctor says about a strip, and decides: its patient may see it, or not yet. Decisions are audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Connection

from server.core import Core
from server.ecg.rows import strip_called
from server.ecg.shown import birth_of, why_not
from server.identity import audit
from server.identity.staff import Person
from wardlink.clinical.ecg.release import Why
from wardlink.clock import ward_date
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_
from wardlink.messages.base import Message
from wardlink.messages.ecg import EcgView, ReportEcg, ShowEcg

Act = Literal["release", "keep-back"]
ACTS: tuple[Act, ...] = get_args(Act)

REFUSED: Mapping[Why, str] = {
    "struck": N_("This strip is struck out; it cannot be released."),
    "minor": N_("The patient is a minor: the guardian is told in person, the screen at the bed does not show it."),
    "unconfirmed": N_("Say first what the strip shows; only then it can be released."),
    "unacknowledged": N_("A critical report has to be read by somebody before it is released."),
}
"""What a doctor cannot decide away."""


@dataclass(frozen=True)
class Decision:
    """What a doctor wants. `reports`, `over`: what they saw, as `ShowEcg` has it; None: whatever there is."""

    act: Act
    reason: str | None = None
    reports: int | None = None
    over: str | None = None


def say(core: Core, person: Person, body: ReportEcg, command: str | None = None) -> EcgView:
    """Write down what `person` says a strip shows; earlier reports stay. The same command again changes nothing.

    Raises:
        NotFound: there is no such strip.
        NotAllowed: `person` may not, or not in the ward where the patient lies.
        ChangedMeanwhile: there are other reports than those they saw.
    """
    with core.db.read() as conn:
        ward, view = _theirs(conn, person, body.strip)
    return _done(core, person, "ecg.report", body, ward, view, command)


def decide(core: Core, person: Person, strip: str, decision: Decision, command: str | None = None) -> EcgView:
    """Do it, under the name of `person`; the same again changes nothing.

    Raises:
        NotFound: there is no such strip.
        NotAllowed: `person` may not, or not in the ward where the patient lies.
        Collision: it cannot be released now.
        ChangedMeanwhile: it was reported or decided about since they looked.
    """
    with core.db.read() as conn:
        ward, view = _theirs(conn, person, strip)
        if decision.act == "release":
            for why in why_not(view, birth_of(conn, view.encounter), ward_date(core.clock.now())):
                if why in REFUSED:
                    raise Collision(REFUSED[why])
    body = ShowEcg(
        strip=strip,
        may_see=decision.act == "release",
        reports=len(view.reports) if decision.reports is None else decision.reports,
        reason=decision.reason,
        over=decision.over,
    )
    changed = _done(core, person, "ecg.show", body, ward, view, command)
    with core.db.write() as conn:
        audit.note(core, conn, person, f"ecg-{decision.act}", f"ecg {strip}", encounter=view.encounter)
    return changed


def _theirs(conn: Connection, person: Person, strip: str) -> tuple[str, EcgView]:
    found = strip_called(conn, strip)
    if found is None:
        person.demand("ecg.report")
        raise NotFound(what="entry", name=strip[:40])
    person.demand("ecg.report", found[0])
    return found


def _done(
    core: Core, person: Person, kind: str, body: Message, ward: str, view: EcgView, command: str | None
) -> EcgView:
    core.execute(kind, body, ward=ward, actor=person.actor, command_id=command, encounter=view.encounter, bed=view.bed)
    with core.db.read() as conn:
        changed = strip_called(conn, view.id)
    assert changed is not None
    return changed[1]
