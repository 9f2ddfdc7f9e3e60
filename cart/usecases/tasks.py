"""The nurse's list of what is due: overdue, due, and within two hours; and what she does about it from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Literal

from cart.usecases.tasks_mine import assignments, is_mine, nurses_text
from wardlink.clinical.shifts import shift_at
from wardlink.i18n import N_
from wardlink.messages.reminders import AddReminder, FinishReminder, StrikeReminder
from wardlink.messages.rounds import RecordRound, StrikeRound
from wardlink.record.due.due import Due
from wardlink.record.reminders import REMINDER

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.session import Session
    from cart.usecases.ward_list import WardList
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView

AHEAD = timedelta(hours=2)
"""What is due within so long stands on the list."""

REMINDERS = (N_("look at the dressing"), N_("turn the patient"), N_("look at the drain"), N_("speak with the family"))
"""What is often to be remembered."""

LATER: tuple[tuple[str, str], ...] = (
    ("30", N_("in half an hour")),
    ("60", N_("in an hour")),
    ("120", N_("in two hours")),
    ("240", N_("in four hours")),
)
"""When: minutes from now, and in words."""

UNDO_REASONS = (N_("wrong patient"), N_("entered by mistake"))
NOT_NEEDED_REASONS = (N_("not needed any more"), N_("wrong patient"), N_("entered by mistake"))

Group = Literal["overdue", "due", "soon"]


class By(Enum):
    """How the list is put in order."""

    TIME = "time"
    PATIENT = "patient"


@dataclass(frozen=True)
class Task:
    """One line. `nurses`: whose bed it is in this shift; `from_before`: a reminder that an earlier shift left."""

    due: Due
    stay: EncounterView
    place: int
    nurses: str
    mine: bool
    from_before: bool = False

    @property
    def key(self) -> str:
        """What the line is called."""
        return self.due.key

    def group(self, now: datetime) -> Group:
        """Overdue, due, or soon."""
        if self.due.is_overdue(now):
            return "overdue"
        return "due" if self.due.is_due(now) else "soon"


def read_tasks(
    ward: Ward, ward_list: WardList, session: Session, now: datetime, encounter: str | None = None
) -> list[Task]:
    """Everything that is due about the stays of this ward, or about one of them; also what is due later."""
    board = ward.replica
    taken = assignments(board, now)
    begins_at = shift_at(now).begins_at
    old = {view.id for view in board.records(REMINDER, encounter=encounter) if view.added_at < begins_at}
    found = []
    for place, stay in enumerate(board.encounters()):
        if encounter not in (None, stay.id):
            continue
        view = taken.get(stay.bed)
        whose, mine = nurses_text(view), is_mine(view, session.actor)
        found += [Task(due, stay, place, whose, mine, due.why in old) for due in ward_list.due(stay, now)]
    return found


def listed(tasks: Iterable[Task], now: datetime, by: By, *, only_mine: bool) -> list[Task]:
    """The lines that are shown: overdue, due and soon, by time or by patient."""
    shown = [
        task
        for task in tasks
        if (task.due.due_at <= now + AHEAD or task.due.is_overdue(now)) and (task.mine or not only_mine)
    ]
    ranks: tuple[Group, ...] = ("overdue", "due", "soon")
    if by is By.PATIENT:
        return sorted(shown, key=lambda task: (task.place, ranks.index(task.group(now)), task.due.due_at))
    return sorted(shown, key=lambda task: (ranks.index(task.group(now)), task.due.due_at, task.place))


def record_round(ward: Ward, session: Session, stay: EncounterView, *, asleep: bool = False) -> Command:
    """Record that the nurse was at this patient, by her word; `asleep`: and saw the patient sleep."""
    body = RecordRound(evidence="ticked", asleep=asleep)
    return ward.record("round.record", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def undo_round(ward: Ward, session: Session, stay: EncounterView, round_id: str, reason: str) -> Command:
    """Strike out a round that was entered by mistake."""
    body = StrikeRound(round=round_id, reason=reason)
    return ward.record("round.strike", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def add_reminder(ward: Ward, session: Session, stay: EncounterView, text: str, due_at: datetime) -> Command:
    """Remember something about this patient."""
    body = AddReminder(text=text, due_at=due_at)
    return ward.record("reminder.add", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def finish_reminder(ward: Ward, session: Session, task: Task) -> Command:
    """It was done."""
    body = FinishReminder(reminder=task.due.why or "")
    return ward.record("reminder.done", body, actor=session.actor, encounter=task.stay.id, bed=task.stay.bed)


def strike_reminder(ward: Ward, session: Session, task: Task, reason: str) -> Command:
    """It is not needed, or was a mistake."""
    body = StrikeReminder(reminder=task.due.why or "", reason=reason)
    return ward.record("reminder.strike", body, actor=session.actor, encounter=task.stay.id, bed=task.stay.bed)


def at_from(words: str, now: datetime) -> datetime | None:
    """The instant that a nurse means: minutes from now (`30`), or the next time the ward's clock shows `14:30`."""
    from wardlink.clock import WARD_ZONE

    text = words.strip().replace("：", ":")  # typed with a Chinese keyboard
    if text.isdecimal() and 1 <= int(text) <= 24 * 60:
        return now + timedelta(minutes=int(text))
    hours, colon, minutes = text.partition(":")
    if not colon or not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        return None
    wall = now.astimezone(WARD_ZONE).replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    return (wall if wall > now else wall + timedelta(days=1)).astimezone(now.tzinfo)
