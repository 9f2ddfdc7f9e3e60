"""A patient's rehabilitation on the cart: how far the plan is, what was done, and the nurse's word on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardlink.clinical.rehabilitation.effort import stop_text
from wardlink.clinical.rehabilitation.planning import progress
from wardlink.clock import ward_date
from wardlink.i18n import N_, domain
from wardlink.messages.rehabilitation import ConfirmSession, RefuseSession
from wardlink.record.rehabilitation import REHAB_PLAN, REHAB_SESSION
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.clinical.rehabilitation.planning import SessionState
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.rehabilitation import RehabSessionView

_ = domain("cart").gettext

STATES: dict[SessionState, tuple[str, str]] = {
    "reported": (N_("to be confirmed"), "warn"),
    "confirmed": (N_("✓ confirmed"), "good"),
    "refused": (N_("not counted"), "dim"),
}
"""In words, and the tone."""


@dataclass(frozen=True)
class Exercised:
    """A session of a patient. `is_unsent`: the server does not know yet what was said of it."""

    session: RehabSessionView
    is_unsent: bool

    @property
    def id(self) -> str:
        """By what the list knows it."""
        return self.session.id

    @property
    def waits(self) -> bool:
        """Whether nobody of the staff has said a word."""
        return self.session.state == "reported"

    def state_text(self) -> str:
        """How it stands, and why it does not count."""
        answer, state = self.session.answer, _(STATES[self.session.state][0])
        if answer is None or not answer.reason:
            return state
        return _("{state}: {reason}").format(state=state, reason=plain(answer.reason))

    def stopped_text(self) -> str:
        """Why it should have been stopped, by what the patient said."""
        signs = dict.fromkeys(sign for report in self.session.reports for sign in report.signs)
        return stop_text(self.session.stops, tuple(signs))


def listed(board: Board, stay: EncounterView) -> list[Exercised]:
    """What was done: what waits for a word first, then the newest."""
    unsent = board.unsent_records(REHAB_SESSION)
    found = [Exercised(one, one.id in unsent) for one in board.records(REHAB_SESSION, encounter=stay.id)]
    found.sort(key=lambda one: (one.session.last.at, one.id), reverse=True)
    return sorted(found, key=lambda one: not one.waits)


def plan_text(board: Board, stay: EncounterView, now: datetime) -> str:
    """What the plan is for and how far it is; that there is none."""
    plan = next((one for one in board.records(REHAB_PLAN, encounter=stay.id) if one.is_open), None)
    if plan is None:
        return _("No plan of rehabilitation runs for this patient.")
    views = [one for one in board.records(REHAB_SESSION, encounter=stay.id) if one.plan == plan.id]
    far = progress(plan.versions, [(one.key, one.state) for one in views], ward_date(now))
    said = _("{goal}. {done} of {all} sessions confirmed, {waiting} to be confirmed.")
    return said.format(goal=plain(plan.now.goal), done=far.confirmed, all=far.planned, waiting=far.reported)


def confirm(ward: Ward, session: Session, stay: EncounterView, of: str) -> Command:
    """It was done; the nurse has seen it."""
    body = ConfirmSession(session=of)
    return ward.record("rehab-session.confirm", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def refuse(ward: Ward, session: Session, stay: EncounterView, of: str, reason: str) -> Command:
    """It does not count."""
    body = RefuseSession(session=of, reason=reason)
    return ward.record("rehab-session.refuse", body, actor=session.actor, encounter=stay.id, bed=stay.bed)
