"""Today's plan: what is planned for this stay, from everything the record has. Pure.

Each part of the record that plans something is a `Source`; a new one gets a line in `SOURCES`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from bedside.usecases.rehabilitation import names_text
from bedside.usecases.rehabilitation import read as read_rehab
from wardlink.clinical.consults import team_text
from wardlink.clinical.dose_checks import drug_name
from wardlink.clinical.dose_states import GIVEN
from wardlink.clinical.meals.states import EATEN, STANDS, state_text
from wardlink.clinical.meals.times import MEALS, Slot, times
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import N_, domain
from wardlink.record.consults import CONSULT
from wardlink.record.diet_cards import DIET_CARD, diet_card_id
from wardlink.record.doses import DOSE
from wardlink.record.due.measured import LOOK_BACK, learn
from wardlink.record.due.measured import Measured as MeasuredSoFar
from wardlink.record.due.vitals import planned_times
from wardlink.record.meals import MEAL
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from bedside.ports import Board
    from wardlink.messages.doses import DoseView
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext

_DAY = timedelta(days=1)
_MEASURED_BEFORE = timedelta(hours=1)
"""A set that was taken so long before its time is the one that was planned."""

State = Literal["done", "off", "open"]


@dataclass(frozen=True)
class Facts:
    """What every source may read, at one moment."""

    board: Board
    stay: EncounterView
    now: datetime

    @property
    def start_at(self) -> datetime:
        """Midnight in the ward."""
        return datetime.combine(ward_date(self.now), time(), WARD_ZONE)

    @property
    def end_at(self) -> datetime:
        """The next midnight."""
        return self.start_at + _DAY

    def is_today(self, at: datetime) -> bool:
        """Whether an instant lies in the ward's day."""
        return self.start_at <= at < self.end_at


@dataclass(frozen=True)
class Planned:
    """One thing of the day. `text` may stand on the home page: no drug, no name of an examination; `detail` only on
    the patient's own page. `ends_at`: it happens at some time up to then. `off`: it will not take place."""

    starts_at: datetime
    text: str
    ends_at: datetime | None = None
    detail: str = ""
    state: State = "open"

    def is_past(self, now: datetime) -> bool:
        """Whether its time is over."""
        return now > (self.ends_at or self.starts_at)


Source = Callable[[Facts], Iterable[Planned]]
"""One part of the record that plans something for a day."""


@dataclass(frozen=True)
class Plan:
    """The day in its order. `next`: what comes first of what is still to come; None when nothing does."""

    items: tuple[Planned, ...]
    next: Planned | None


def plan(board: Board, stay: EncounterView, now: datetime, sources: Sequence[Source] | None = None) -> Plan:
    """Everything that is planned for this stay today."""
    facts = Facts(board, stay, now)
    found = [item for source in (SOURCES if sources is None else sources) for item in source(facts)]
    items = tuple(sorted(found, key=lambda item: (item.starts_at, item.text)))
    return Plan(items, next((item for item in items if item.state == "open" and not item.is_past(now)), None))


# -- what is planned


def doses(facts: Facts) -> Iterator[Planned]:
    """Medicine: what is due in the same window is one thing; it is done when all of it is."""
    windows: dict[tuple[datetime, datetime | None], list[DoseView]] = defaultdict(list)
    for dose in facts.board.records(DOSE, encounter=facts.stay.id):
        if dose.due_at is not None and facts.is_today(dose.due_at) and dose.state != "cancelled":
            windows[dose.opens_at or dose.due_at, dose.closes_at].append(dose)
    for (opens_at, closes_at), together in windows.items():
        names = dict.fromkeys(plain(drug_name(item)) for dose in together for item in dose.items)
        waits = [dose for dose in together if dose.state == "planned"]
        given = [dose for dose in together if dose.state in GIVEN]
        state: State = "open" if waits else "done" if given else "off"
        yield Planned(opens_at, _("Medicine"), closes_at, _(", ").join(names), state)


def meals(facts: Facts) -> Iterator[Planned]:
    """Each meal, and whether it is ordered; one that nobody has ordered is left out once it is over."""
    ordered = [meal for meal in facts.board.records(MEAL, encounter=facts.stay.id) if meal.state in STANDS]
    card = facts.board.record(DIET_CARD, diet_card_id(facts.stay.id))
    fasting = card.eater.fasting if card is not None else ()
    for slot in (Slot(ward_date(facts.now), meal) for meal in MEALS):
        name, times_ = times(slot.meal).text(), (slot.served_at, slot.until_at)
        meal = next((meal for meal in ordered if (meal.on, meal.slot) == (slot.on, slot.meal)), None)
        if meal is not None:
            yield Planned(times_[0], name, times_[1], state_text(meal.state), "done" if meal.state in EATEN else "open")
        elif any(pause.meets(slot) for pause in fasting):
            yield Planned(times_[0], name, times_[1], _("you must not eat before it is allowed again"), "off")
        elif facts.now <= slot.until_at:
            yield Planned(times_[0], name, times_[1], _("not ordered yet"))


def measurements(facts: Facts) -> Iterator[Planned]:
    """When vital signs are measured; done when a nurse has measured near that time."""
    sets = facts.board.vitals(facts.stay.id, since=facts.now - LOOK_BACK, limit=5000)
    measured = learn(MeasuredSoFar(), sets, facts.stay)
    taken = [s.measured_at for s in sets if s.source == "manual" and s.struck_at is None]
    due = planned_times(measured, facts.stay, start_at=facts.start_at, end_at=facts.end_at)
    for at, until in pairwise((*due, facts.end_at)):
        is_done = any(at - _MEASURED_BEFORE <= one < until - _MEASURED_BEFORE for one in taken)
        yield Planned(at, _("Temperature and pulse"), None, _("a nurse measures"), "done" if is_done else "open")


def consults(facts: Facts) -> Iterator[Planned]:
    """Consultations that are arranged, under way or over; a time that is only wished is none. The team is a detail."""
    states: dict[str, State] = {"scheduled": "open", "in_progress": "open", "opinion_signed": "done", "closed": "done"}
    for one in facts.board.records(CONSULT, encounter=facts.stay.id):
        if one.state in states and one.slot_at is not None and facts.is_today(one.slot_at):
            detail = team_text(one.specialty)
            yield Planned(one.slot_at, _("Consultation"), one.until_at, detail, states[one.state])


def rehabilitation(facts: Facts) -> Iterator[Planned]:
    """Sessions of rehabilitation; done once the patient says so, or staff. The exercises are a detail."""
    mine = read_rehab(facts.board, facts.stay, facts.now)
    for one in mine.sessions:
        state: State = "done" if mine.is_done(one) else "open"
        yield Planned(one.starts_at, _("Rehabilitation exercise"), None, names_text(mine.of_session(one)), state)


SOURCES: tuple[Source, ...] = (doses, meals, measurements, consults, rehabilitation)


# -- in words

_HALVES = (
    (5, N_("{start}–{end} at night")),
    (12, N_("{start}–{end} in the morning")),
    (18, N_("{start}–{end} in the afternoon")),
    (24, N_("{start}–{end} in the evening")),
)
"""Up to which hour a part of the day goes, and how hours of it are said on a clock of twelve."""

MARKS = {"done": "✓", "off": "✕", "open": " ", "next": "▸"}


def time_text(item: Planned) -> str:
    """When: whole hours of one part of the day in words, other windows by the clock, or the instant."""
    start = item.starts_at.astimezone(WARD_ZONE)
    if item.ends_at is None or item.ends_at <= item.starts_at:
        return f"{start:%H:%M}"
    end = item.ends_at.astimezone(WARD_ZONE)
    # The hour after midnight is not said in words: nobody counts it on a clock of twelve.
    before = 1
    for until, words in _HALVES:
        whole = start.minute == end.minute == 0 and start.date() == end.date()
        if whole and before <= start.hour and end.hour <= until:
            twelve = 12 if start.hour >= 12 and end.hour > 12 else 0
            return _(words).format(start=start.hour - twelve or 12, end=end.hour - twelve)
        before = until
    return f"{start:%H:%M}–{end:%H:%M}"


def mark(found: Plan, item: Planned) -> str:
    """Before an item: done, will not be, or the next one."""
    return MARKS["next"] if item is found.next else MARKS[item.state]


def state_words(found: Plan, item: Planned, now: datetime) -> str:
    """The same in words, where there is something to say."""
    if item is found.next:
        return _("next") if item.starts_at > now else _("now")
    return {"done": _("done"), "off": _("does not take place")}.get(item.state, "")


def short_texts(found: Plan) -> tuple[str, ...]:
    """For the home page: the next thing and what follows it; without a detail."""
    if found.next is None:
        return (_("Nothing more today."),) if found.items else (_("Nothing is planned for today."),)
    after = [item for item in found.items[found.items.index(found.next) :] if item.state == "open"]
    return tuple(f"{time_text(item)} {item.text}" for item in after[:_SHOWN])


_SHOWN = 3
