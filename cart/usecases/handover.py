"""The hand-over of a shift: read from this cart's disk, written, given and taken; with or without a network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from cart.usecases.due import records_by_stay
from cart.usecases.handover_draft import Told, draft, marks
from cart.usecases.handover_ward import WardTold, draft_ward
from cart.usecases.readings import show
from cart.usecases.tasks_mine import assignments, is_mine
from wardlink.clinical.shifts import Shift
from wardlink.i18n import domain
from wardlink.messages.handovers import (
    GiveHandover,
    HandoverGiven,
    HandoverLine,
    HandoverTaken,
    HandoverView,
    StrikeHandover,
    TakeHandover,
    WriteHandover,
)
from wardlink.record.alerts import ALERT
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.chart_events import CHART_EVENT
from wardlink.record.doses import DOSE
from wardlink.record.due.all import due_of
from wardlink.record.due.due import Facts
from wardlink.record.fluids import FLUID
from wardlink.record.handovers import HANDOVER
from wardlink.record.isolations import ISOLATION
from wardlink.record.orders import ORDER
from wardlink.record.skin_tests import SKIN_TEST

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from cart.usecases.ward_list import WardList
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.exceptions import ExceptionView
    from wardlink.messages.scored import Scored

_ = domain("cart").gettext

WARD = "ward"
"""The key of the line that tells of the whole ward."""

State = Literal["draft", "changed", "given", "taken"]

MOST_LINES = 80
"""So many lines a hand-over holds."""


@dataclass(frozen=True)
class Item:
    """One line of the hand-over: a patient, or the ward (without a stay). `lines` are what is drafted now."""

    stay: EncounterView | None
    view: HandoverView | None
    lines: tuple[HandoverLine, ...]
    marks: tuple[str, ...] = ()
    mine: bool = False
    score: Scored | None = None

    @property
    def key(self) -> str:
        """What the line is called."""
        return self.stay.id if self.stay is not None else WARD

    @property
    def note(self) -> str:
        """What a nurse has written beside the facts."""
        return self.view.note if self.view is not None else ""

    @property
    def given(self) -> HandoverGiven | None:
        """What was given last."""
        return self.view.last_given if self.view is not None else None

    @property
    def taken(self) -> HandoverTaken | None:
        """Who took it."""
        return self.view.taking if self.view is not None else None

    @property
    def state(self) -> State:
        """How far it is; `changed`: something was written after it was given, so it is given once more."""
        if self.given is None:
            return "draft"
        if self.note != self.given.note:
            return "changed"
        return "draft" if self.view is None else self.view.state

    @property
    def shown_lines(self) -> tuple[HandoverLine, ...]:
        """What was given, once it was; before that what would be."""
        return self.given.lines if self.given is not None and self.state != "changed" else self.lines


def read_handover(ward: Ward, ward_list: WardList, session: Session, shift: Shift, now: datetime) -> list[Item]:
    """The ward first, then every patient in the order of the beds."""
    board = ward.replica
    views = {v.encounter: v for v in board.records(HANDOVER, since=shift.begins_at) if v.shift_at == shift.begins_at}
    taken = assignments(board, now)
    cases: dict[str | None, list[ExceptionView]] = defaultdict(list)
    for case in board.exceptions():
        if case.closed_at is None:
            cases[case.encounter].append(case)
    items, everybody = [], []
    for stay in board.encounters():
        measured = ward_list.measured(stay, now)
        # Of one stay after the other: the record of a whole ward at once is a hundred megabytes.
        facts = Facts(stay, measured, records_by_stay(board, stay.id).get(stay.id, {}))
        score = measured.score
        told = Told(
            stay=stay,
            shown=show(
                board.latest(stay.id), board.leads_off(stay.id), now, score.assessment if score is not None else None
            ),
            sets=tuple(board.vitals(stay.id, since=shift.begins_at)),
            score=score,
            orders=facts.of(ORDER),
            doses=facts.of(DOSE),
            fluids=tuple(board.records(FLUID, encounter=stay.id)),
            events=facts.of(CHART_EVENT),
            assessments=facts.of(ASSESSMENT),
            skin_tests=facts.of(SKIN_TEST),
            isolations=facts.of(ISOLATION),
            cases=tuple(cases[stay.id]),
            due=due_of(facts, now),
        )
        everybody.append(told.of_ward())
        items.append(
            Item(
                stay,
                views.get(stay.id),
                draft(told, shift, now),
                tuple(marks(told, shift)),
                is_mine(taken.get(stay.bed), session.actor),
                score,
            )
        )
    ward_told = WardTold(
        tuple(everybody),
        left=tuple(_departed(board)),
        beds=len(board.beds()),
        calls=tuple(board.calls()),
        alerts=tuple(board.records(ALERT)),
        cases=tuple(case for found in cases.values() for case in found),
    )
    return [Item(None, views.get(None), draft_ward(ward_told, shift, now), mine=True), *items]


def to_give(items: Iterable[Item]) -> list[Item]:
    """What is not given yet, or was changed since."""
    return [item for item in items if item.state in ("draft", "changed")]


def to_take(items: Iterable[Item], taker: str) -> list[Item]:
    """What is given and can be taken by this member of staff: never by the one who gave it."""
    return [i for i in items if i.state == "given" and i.given is not None and i.given.by.id != taker]


def write(ward: Ward, session: Session, item: Item, shift: Shift, note: str) -> None:
    """Keep what the nurse has written beside the facts."""
    _say(ward, session, item, "handover.write", WriteHandover(shift_at=shift.begins_at, note=note))


def give(ward: Ward, session: Session, items: Iterable[Item], shift: Shift) -> int:
    """Give these as they stand now; how many."""
    given = 0
    for item in items:
        body = GiveHandover(shift_at=shift.begins_at, lines=_as_many_as_fit(item.lines), note=item.note)
        _say(ward, session, item, "handover.give", body)
        given += 1
    return given


def _as_many_as_fit(lines: tuple[HandoverLine, ...]) -> tuple[HandoverLine, ...]:
    """All of them; where a message cannot hold so many, the last one says how many are only in the record."""
    if len(lines) <= MOST_LINES:
        return lines
    left = len(lines) - MOST_LINES + 1
    text = _("{n} more lines stand in the record").format(n=left)
    return (*lines[: MOST_LINES - 1], HandoverLine(part="recommendation", text=text))


def take(ward: Ward, taker: Session, items: Iterable[Item], shift: Shift) -> int:
    """The taker has signed for these; how many."""
    taken = 0
    for item in to_take(items, taker.staff.id):
        if item.given is not None:
            body = TakeHandover(shift_at=shift.begins_at, given=item.given.command)
            _say(ward, taker, item, "handover.take", body)
            taken += 1
    return taken


def strike(ward: Ward, session: Session, item: Item, shift: Shift, reason: str) -> None:
    """What was given was wrong; it stays readable and may be given anew."""
    if item.given is not None:
        body = StrikeHandover(shift_at=shift.begins_at, given=item.given.command, reason=reason)
        _say(ward, session, item, "handover.strike", body)


def _say(
    ward: Ward,
    session: Session,
    item: Item,
    kind: str,
    body: WriteHandover | GiveHandover | TakeHandover | StrikeHandover,
) -> None:
    stay = item.stay
    encounter, bed = (stay.id, stay.bed) if stay is not None else (None, None)
    ward.record(kind, body, actor=session.actor, encounter=encounter, bed=bed)


def _departed(board: Board) -> list[EncounterView]:
    found = (board.encounter(stay) for stay in board.departed())
    return [stay for stay in found if stay is not None]
