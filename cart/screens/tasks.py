"""What is due: overdue, now, and within two hours; of the whole ward, of the nurse's beds, or of one patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases import tasks as act
from cart.usecases.tasks import By, Task
from cart.usecases.words import age_text, due_text, time_text
from cart.widgets.grid import Cell, Column, Grid, Line
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.session import Session
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext

_TONES = {"overdue": "alarm", "due": "warn", "soon": "plain"}


class TasksScreen(CartScreen):
    """The list. `encounter`: of one patient only."""

    KEYS: ClassVar = (
        Key("enter", "go", N_("Do it"), N_("Go where it is done; a round and a reminder are done here.")),
        Key("r", "round", N_("Round"), N_("Record a round at the patient under the cursor, now.")),
        Key("l", "asleep", N_("Asleep"), N_("Record a round, and that the patient sleeps: routine sets may wait.")),
        Key("z", "undo", N_("Undo"), N_("Strike out the round that was just recorded, with a reason.")),
        Key("n", "remind", N_("Remind"), N_("Remember something about the patient under the cursor.")),
        Key("s", "order", N_("Order"), N_("Order by time, or by patient.")),
        Key("b", "mine", N_("My beds"), N_("Only the beds that you have taken for this shift, or all.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """What is due as it is now."""

        def __init__(self, tasks: list[Task]) -> None:
            super().__init__()
            self.tasks = tasks

    def __init__(self, encounter: str | None = None) -> None:
        super().__init__()
        self.encounter = encounter
        self._tasks: list[Task] | None = None
        self._by = By.TIME
        self._only_mine = False
        self._last_round: tuple[EncounterView, str] | None = None

    def body(self) -> Iterable[Widget]:
        """A heading that counts, and the list."""
        yield Static("", id="tasks-heading", classes="heading", markup=False)
        yield Grid(id="tasks", follows_top=True)

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one(Grid).focus()

    def came_back(self) -> None:
        """Back from where something was done."""
        self._done()

    def _done(self) -> None:
        """Something was entered here, or on the page that was open: read it."""
        if self.cart.desk is not None:
            self.cart.desk.ward_list.read_again()
        self._read_ward()

    def ward_changed(self) -> None:
        """Read it again."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="tasks", exit_on_error=False)
    def _read_ward(self) -> None:
        desk = self.cart.desk
        if desk is not None and desk.session is not None:
            now = desk.ward.clock.now()
            self.post_message(self.Read(act.read_tasks(desk.ward, desk.ward_list, desk.session, now, self.encounter)))

    @on(Read)
    def _read(self, event: Read) -> None:
        self._tasks = event.tasks
        self._show()

    def tick(self) -> None:
        """What is due has come nearer."""
        self._show()

    def on_resize(self) -> None:
        """Other columns fit."""
        self._show()

    def _show(self) -> None:
        if self.cart.desk is None or self.cart.desk.session is None or not self.query("#tasks"):
            return
        now = self.desk.ward.clock.now()
        shown = act.listed(self._tasks or (), now, self._by, only_mine=self._only_mine)
        self.query_one("#tasks-heading", Static).update(self._heading(shown, now))
        is_wide = self.size.width >= 110
        lines = [_line(task, now, is_wide=is_wide) for task in shown]
        self.query_one("#tasks", Grid).show(_columns(is_wide=is_wide), lines, empty=self._empty())

    def _heading(self, shown: list[Task], now: datetime) -> str:
        counts = Counter(task.group(now) for task in shown)
        said = _("Overdue {overdue} · due {due} · within two hours {soon}").format(
            overdue=counts["overdue"], due=counts["due"], soon=counts["soon"]
        )
        if self.encounter is not None:
            stay = next((task.stay for task in self._tasks or ()), None)
            whose = _("bed {bed} {name}").format(bed=stay.bed, name=plain(stay.name)) if stay is not None else ""
        else:
            whose = _("my beds") if self._only_mine else _("all beds")
        order = _("by time") if self._by is By.TIME else _("by patient")
        return " · ".join(part for part in (_("Tasks"), whose, order, said) if part)

    def _empty(self) -> str:
        if self._tasks is None:
            return _("Reading ...")
        if self._only_mine and not any(task.mine for task in self._tasks):
            return _("You have taken no bed for this shift. B in the ward list takes one; B here shows all.")
        return _("Nothing is due within two hours.")

    def _here(self) -> Task | None:
        key = self.query_one("#tasks", Grid).key
        return next((task for task in self._tasks or () if task.key == key), None)

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_go()

    def action_go(self) -> None:
        """Go where it is done."""
        task = self._here()
        if task is None:
            return
        code = task.due.code
        if code == "round":
            self._do_round(task.stay, self.session)
        elif code == "reminder":
            self._ask_reminder(task, self.session)
        elif code == "pain":
            from cart.screens.measure import MeasureScreen

            self.app.push_screen(MeasureScreen(task.stay.id))
        elif code in ("vitals", "cooling"):
            from cart.screens.vitals import VitalsScreen

            self.app.push_screen(VitalsScreen(task.stay.id))
        elif code == "assessment":
            from cart.screens.assess import AssessScreen

            self.app.push_screen(AssessScreen(task.stay.id))
        else:
            from cart.screens.medication import MedicationScreen

            self.app.push_screen(MedicationScreen(task.stay.id))

    def action_round(self) -> None:
        """Record a round at the patient under the cursor."""
        task = self._here()
        if task is not None:
            self._do_round(task.stay, self.session)

    def action_asleep(self) -> None:
        """Record a round at the patient under the cursor, who sleeps."""
        task = self._here()
        if task is not None:
            self._do_round(task.stay, self.session, asleep=True)

    @work(thread=True, exit_on_error=False)
    def _do_round(self, stay: EncounterView, session: Session, *, asleep: bool = False) -> None:
        command = act.record_round(self.desk.ward, session, stay, asleep=asleep)
        self._last_round = (stay, command.id)
        said = _("Round recorded: bed {bed} {name}. Z takes it back.")
        self.app.call_from_thread(self.notify, said.format(bed=stay.bed, name=plain(stay.name)))
        self._done()

    def action_undo(self) -> None:
        """Ask why, then strike out the round that was recorded last."""
        if self._last_round is None:
            self.notify(_("No round was recorded here just now."), severity="warning")
            return
        (stay, round_id), session = self._last_round, self.session

        def asked() -> str:
            return _("Strike out the round at bed {bed} {name}?").format(bed=stay.bed, name=plain(stay.name))

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._last_round = None
                self._strike_round(stay, round_id, reason, session)

        options = tuple((_(text), text) for text in act.UNDO_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _strike_round(self, stay: EncounterView, round_id: str, reason: str, session: Session) -> None:
        act.undo_round(self.desk.ward, session, stay, round_id, reason)
        self._done()

    def _ask_reminder(self, task: Task, session: Session) -> None:
        def asked() -> str:
            now = self.desk.ward.clock.now()
            whose = _("bed {bed} {name}").format(bed=task.stay.bed, name=plain(task.stay.name))
            return f"{whose}\n{plain(task.due.text())}\n{due_text(task.due.due_at, now)}"

        def answered(answer: str | None) -> None:
            if answer == "done":
                self._finish(task, session)
            elif answer == "strike":
                self._ask_why(task, session)

        options = (("done", N_("it is done")), ("strike", N_("strike it out")))
        self.app.push_screen(Question(asked, options), answered)

    def _ask_why(self, task: Task, session: Session) -> None:
        def answered(reason: str | None) -> None:
            if reason is not None:
                self._strike_reminder(task, reason, session)

        options = tuple((_(text), text) for text in act.NOT_NEEDED_REASONS)
        question = Question(lambda: _("Why is it struck out?"), options, other=N_("another reason"), is_grave=True)
        self.app.push_screen(question, answered)

    @work(thread=True, exit_on_error=False)
    def _finish(self, task: Task, session: Session) -> None:
        act.finish_reminder(self.desk.ward, session, task)
        self._done()

    @work(thread=True, exit_on_error=False)
    def _strike_reminder(self, task: Task, reason: str, session: Session) -> None:
        act.strike_reminder(self.desk.ward, session, task, reason)
        self._done()

    def action_remind(self) -> None:
        """Ask what is to be remembered, and when."""
        task, session = self._here(), self.session
        if task is None:
            return
        stay = task.stay

        def asked_what() -> str:
            return _("What is to be remembered? Bed {bed} {name}").format(bed=stay.bed, name=plain(stay.name))

        def what(text: str | None) -> None:
            if text is not None:
                self._ask_when(stay, text, session)

        options = tuple((_(text), text) for text in act.REMINDERS)
        self.app.push_screen(Question(asked_what, options, other=N_("in other words")), what)

    def _ask_when(self, stay: EncounterView, text: str, session: Session) -> None:
        def when(answer: str | None) -> None:
            if answer is None:
                return
            due_at = act.at_from(answer, self.desk.ward.clock.now())
            if due_at is None:
                self.notify(_("“{text}” is no time: 14:30, or minutes from now.").format(text=answer), severity="error")
                self._ask_when(stay, text, session)
            else:
                self._add(stay, text, due_at, session)

        question = Question(
            lambda: _("When? {text}").format(text=plain(text)), act.LATER, other=N_("at 14:30, or in 45")
        )
        self.app.push_screen(question, when)

    @work(thread=True, exit_on_error=False)
    def _add(self, stay: EncounterView, text: str, due_at: datetime, session: Session) -> None:
        act.add_reminder(self.desk.ward, session, stay, text, due_at)
        said = _("Bed {bed}: you are reminded at {at}.")
        at = due_text(due_at, self.desk.ward.clock.now())
        self.app.call_from_thread(self.notify, said.format(bed=stay.bed, at=at))
        self._done()

    def action_order(self) -> None:
        """By time, or by patient."""
        self._by = By.PATIENT if self._by is By.TIME else By.TIME
        self._show()

    def action_mine(self) -> None:
        """Her beds, or all."""
        self._only_mine = not self._only_mine
        self._show()

    def action_back(self) -> None:
        """Back."""
        self.dismiss()


def _columns(*, is_wide: bool) -> tuple[Column, ...]:
    return (
        Column(_("State"), 13 if is_wide else 11),
        Column(_("Due at"), 11 if is_wide else 9, "right"),
        Column(_("Bed"), 4, "right"),
        Column(_("Name"), 12 if is_wide else 8),
        Column(_("What"), 20, grow=True),
        Column(_("Nurse"), 14 if is_wide else 8),
    )


def _line(task: Task, now: datetime, *, is_wide: bool) -> Line:
    group, due = task.group(now), task.due
    text = due.text()
    if task.from_before:
        text = _("{text} (from an earlier shift)").format(text=text)
    return Line(
        task.key,
        (
            Cell(_state(task, now), _TONES[group]),
            Cell(time_text(due.due_at, now) if is_wide else due_text(due.due_at, now)),
            Cell(task.stay.bed, "good" if task.mine else "strong"),
            Cell(plain(task.stay.name), "strong"),
            Cell(plain(text)),
            Cell(plain(task.nurses) or "—", "plain" if task.nurses else "dim"),
        ),
    )


def _state(task: Task, now: datetime) -> str:
    since = task.due.overdue_since(now)
    if since is not None:
        return _("late {age}").format(age=age_text(now - since))
    if task.due.is_due(now):
        return _("now!")
    minutes = -(-(task.due.due_at - now) // timedelta(minutes=1))
    return _("in {n} min").format(n=minutes)
