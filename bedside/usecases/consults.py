"""My consultations: what was asked for, when who comes, and what is sent to the ward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedside.usecases.refusals import last_refusal
from bedside.usecases.words import clock_text, day_text, when_text
from wardlink.clinical.consults import Form, after, form_text, specialties, team_text
from wardlink.clock import ward_date
from wardlink.i18n import N_, domain
from wardlink.messages.consults import RequestConsult, WithdrawConsult
from wardlink.record.consults import CONSULT

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal
    from bedside.usecases.session import Session
    from wardlink.messages.consults import ConsultView, Why
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext

MOST_SHOWN = 6
REQUESTS = ("consult.request", "consult.withdraw")

_STATES = {
    "requested": N_("asked for; the team will answer"),
    "accepted": N_("the team will come; the time follows"),
    "scheduled": N_("arranged"),
    "in_progress": N_("under way now"),
    "opinion_signed": N_("done; your doctor explains it to you"),
    "closed": N_("done; your doctor explains it to you"),
}
_WHY: dict[Why, str] = {
    "staff": N_("does not take place; your doctor explains why"),
    "patient": N_("you have taken it back"),
    "discharged": N_("does not take place: the stay is over"),
}


@dataclass(frozen=True)
class MyConsults:
    """What this screen holds, the newest first. `unsent`: those of which something waits for the ward's answer."""

    stay: EncounterView
    consults: tuple[ConsultView, ...]
    unsent: frozenset[str]
    refused: str | None = None

    def called(self, name: str) -> ConsultView | None:
        """One of them."""
        return next((one for one in self.consults if one.id == name), None)

    def is_asked(self, specialty: str) -> bool:
        """Whether this team is asked already and has not been here."""
        return any(one.specialty == specialty and one.is_open for one in self.consults)


def read(terminal: Terminal, stay: EncounterView) -> MyConsults:
    """From this terminal's own disk: open ones first, then those that are over."""
    board = terminal.replica
    found = board.records(CONSULT, encounter=stay.id)
    found.sort(key=lambda one: (one.is_open, one.requested_at), reverse=True)
    refused = last_refusal(terminal.outbox, REQUESTS, stay.id)
    return MyConsults(stay, tuple(found), board.unsent_records(CONSULT), refused)


def ask(
    terminal: Terminal, place: Place, session: Session, specialty: str, form: Form, slot_at: datetime | None
) -> None:
    """Ask a team to come; `slot_at`: the time that is wished.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = RequestConsult(specialty=specialty, form=form, slot_at=slot_at)
    terminal.record("consult.request", body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def withdraw(terminal: Terminal, place: Place, session: Session, consult: str) -> None:
    """Say that it is not wanted any more.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = WithdrawConsult(consult=consult)
    terminal.record("consult.withdraw", body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def can_withdraw(mine: MyConsults, one: ConsultView) -> bool:
    """Whether nobody has come for it yet."""
    return after(one.state, "decline") is not None and one.id not in mine.unsent


def title_text(one: ConsultView) -> str:
    """What kind of help it is."""
    known = specialties().get(one.specialty)
    return known.patient_text() if known is not None else one.specialty


def state_text(mine: MyConsults, one: ConsultView) -> str:
    """How far it is, as the patient may know it."""
    if one.id in mine.unsent:
        return _("not at the ward yet; it will be sent by itself")
    if one.state == "declined":
        why: Why = one.why or "staff"
        return _(_WHY[why])
    return _(_STATES[one.state])


def notes(mine: MyConsults, one: ConsultView, now: datetime) -> list[str]:
    """For the field of one: when, and how far."""
    when = [] if one.slot_at is None or not one.is_open else [slot_text(one.slot_at, now)]
    wished = when and one.state != "scheduled"
    return [*(_("wished: {time}").format(time=text) if wished else text for text in when), state_text(mine, one)]


def lines(mine: MyConsults, one: ConsultView, now: datetime) -> list[str]:
    """Time, team and state of one, a line each."""
    found = [_("State: {state}").format(state=state_text(mine, one))]
    if one.slot_at is not None:
        label = _("Time: {time}") if one.state not in ("requested", "accepted") else _("Wished time: {time}")
        found.append(label.format(time=slot_text(one.slot_at, now)))
    team = team_text(one.specialty)
    who = _(", ").join([team, one.consultant_name]) if one.consultant_name else team
    found.append(_("Team: {team}").format(team=who))
    found.append(_("How: {form}").format(form=form_text(one.form)))
    if one.is_overdue(now):
        found.append(_("It takes longer than it should. Please ask your nurse."))
    found.append(_("Asked for: {when}").format(when=when_text(one.requested_at, now)))
    return found


def slot_text(at: datetime, now: datetime) -> str:
    """A time as one says it: today, tomorrow, or the day."""
    clock, day, today = clock_text(at), ward_date(at), ward_date(now)
    if day == today:
        return _("today {time}").format(time=clock)
    if day == today + timedelta(days=1):
        return _("tomorrow {time}").format(time=clock)
    return f"{day_text(day)} {clock}"
