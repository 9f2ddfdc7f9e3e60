"""What a charge nurse tells of the ward as a whole, drafted from the record of the shift. Pure.

Who is here, who came, left and moved; who was operated on and who must be watched; calls, alerts and cases; and what
every patient leaves to the next shift. What the nurse adds stands beside these lines, as with a patient's.

Source: ward domain sheet 5.8, the must-hand-over list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.alerts import open_alerts
from cart.usecases.calls import open_calls
from cart.usecases.due import short_text
from cart.usecases.handover_draft import AHEAD, Told, came_into_bed, fitting, is_operation, runs
from cart.usecases.orders import asked_of
from cart.usecases.words import BANDS, LEVELS, reason_text, time_text, word
from wardlink.i18n import domain
from wardlink.messages.alert_words import title
from wardlink.messages.exception_words import kind_text
from wardlink.messages.handovers import HandoverLine, Part
from wardlink.record.risks import risks_of

if TYPE_CHECKING:
    from wardlink.clinical.shifts import Shift
    from wardlink.messages.alerts import AlertView
    from wardlink.messages.calls import CallChanged
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.exceptions import ExceptionView

_ = domain("cart").gettext

_WATCHED_BANDS = frozenset({"medium", "high"})


@dataclass(frozen=True)
class WardTold:
    """Everything that is known of the ward.

    `told`: of each patient (`Told.of_ward`). `left`: stays that ended or moved away. `beds`: how many there are.
    """

    told: tuple[Told, ...]
    left: tuple[EncounterView, ...] = ()
    beds: int = 0
    calls: tuple[CallChanged, ...] = ()
    alerts: tuple[AlertView, ...] = ()
    cases: tuple[ExceptionView, ...] = ()


def draft_ward(ward: WardTold, shift: Shift, now: datetime) -> tuple[HandoverLine, ...]:
    """The lines about the ward, situation first."""
    parts: tuple[tuple[Part, Iterator[str]], ...] = (
        ("situation", _census(ward, shift, now)),
        ("background", _watched(ward, shift, now)),
        ("assessment", _happened(ward, shift, now)),
        ("recommendation", _outstanding(ward, shift, now)),
    )
    return tuple(
        HandoverLine(part=part, text=piece) for part, texts in parts for text in texts for piece in fitting(text)
    )


def left_in(left: Iterable[EncounterView], shift: Shift) -> list[EncounterView]:
    """Of the stays that are here no more those that left within the shift, or at a time that nobody knows."""
    return [stay for stay in left if (at := _left_at(stay)) is None or shift.begins_at <= at < shift.ends_at]


def _census(ward: WardTold, shift: Shift, now: datetime) -> Iterator[str]:
    stays = [told.stay for told in ward.told]
    new = [stay for stay in stays if stay.admitted_at >= shift.begins_at]
    moved = [stay for stay in stays if stay not in new and came_into_bed(stay, shift) is not None]
    from_elsewhere = [stay for stay in moved if stay.places[-2].ward != stay.ward]
    within = [stay for stay in moved if stay not in from_elsewhere]
    left = left_in(ward.left, shift)
    levels: Counter[str] = Counter(stay.level for stay in stays)
    counted = " · ".join(f"{word(LEVELS, level)} {levels[level]}" for level in LEVELS if levels[level])
    came = len(new) + len(from_elsewhere)
    before = len(stays) - came + len(left)
    yield _("at the start {before} · came {came} · left {left} · now {n}, {free} beds free").format(
        before=before, came=came, left=len(left), n=len(stays), free=max(0, ward.beds - len(stays))
    )
    yield _("by level: {levels}").format(levels=counted or "—")
    yield from _list(_("new: {who}"), new, lambda stay: time_text(stay.admitted_at, now))
    yield from _list(_("from another ward: {who}"), from_elsewhere, lambda stay: _since(stay, now))
    yield from _list(_("moved to another bed: {who}"), within, lambda stay: _since(stay, now))
    yield from _list(_("left: {who}"), left, lambda stay: _going(stay, now))


def _watched(ward: WardTold, shift: Shift, now: datetime) -> Iterator[str]:
    def those(which: Callable[[Told], bool]) -> list[EncounterView]:
        return [told.stay for told in ward.told if which(told)]

    operated = {
        told.stay.id: max(event.at for event in events)
        for told in ward.told
        if (events := [e for e in told.events if is_operation(e) and shift.begins_at <= e.at < shift.ends_at])
    }
    yield from _list(
        _("operated: {who}"),
        those(lambda told: told.stay.id in operated),
        lambda stay: time_text(operated[stay.id], now),
    )
    yield from _list(_("special care: {who}"), those(lambda told: told.stay.level == "special"))
    scores = {told.stay.id: told.score for told in ward.told if told.score is not None}
    yield from _list(
        _("watch closely: {who}"),
        those(lambda told: told.score is not None and told.score.band in _WATCHED_BANDS),
        lambda stay: f"NEWS2 {scores[stay.id].text} {word(BANDS, scores[stay.id].band or '')}",
    )
    yield from _list(_("risk of self-harm: {who}"), those(_may_harm))
    yield from _list(_("fasting: {who}"), those(lambda told: told.stay.diet == "nil-by-mouth"))
    yield from _list(
        _("infusion runs: {who}"),
        those(lambda told: any(runs(dose) for dose in told.doses)),
    )


def _happened(ward: WardTold, shift: Shift, now: datetime) -> Iterator[str]:
    calls = [call for call in ward.calls if shift.begins_at <= call.raised_at < shift.ends_at]
    classes: Counter[str] = Counter(call.cls for call in calls)
    counted = " · ".join(f"{cls} {n}" for cls, n in sorted(classes.items()))
    yield _("calls in this shift that this cart still knows: {n}").format(n=len(calls)) + (
        f" ({counted})" if counted else ""
    )
    for call in open_calls(ward.calls):
        yield _("call not finished: bed {bed}, {cls} {reason}, since {at}").format(
            bed=call.bed, cls=call.cls, reason=reason_text(call.reason), at=time_text(call.raised_at, now)
        )
    names = {told.stay.id: told.stay for told in ward.told}
    for alert in open_alerts(ward.alerts):
        yield _("open alert: {what}, {whose}, since {at}").format(
            what=title(alert), whose=_whose(names, alert.encounter, alert.bed), at=time_text(alert.since_at, now)
        )
    for case in ward.cases:
        yield _("open case: {what}, {whose}, since {at}").format(
            what=kind_text(case.kind), whose=_whose(names, case.encounter, case.bed), at=time_text(case.opened_at, now)
        )


def _outstanding(ward: WardTold, shift: Shift, now: datetime) -> Iterator[str]:
    for told in ward.told:
        late = [due for due in told.due if due.is_overdue(now)]
        before = sum(due.due_at < shift.begins_at for due in late)
        soon = [due for due in told.due if not due.is_overdue(now) and due.due_at <= now + AHEAD]
        asked = sum(asked_of(order) is not None for order in told.orders)
        parts = [
            _("overdue {n}: {what}").format(n=len(late), what=", ".join(short_text(late))) if late else "",
            _("{n} of it from before this shift").format(n=before) if before else "",
            _("orders to take over or check {n}").format(n=asked) if asked else "",
            _("within eight hours {n}: {what}").format(n=len(soon), what=", ".join(short_text(soon))) if soon else "",
        ]
        if any(parts):
            yield f"{_name(told.stay)} — " + " · ".join(filter(None, parts))


def _list(
    text: str, stays: Sequence[EncounterView], more: Callable[[EncounterView], str] = lambda stay: ""
) -> Iterator[str]:
    if stays:
        who = "; ".join(" ".join(filter(None, (_name(stay), more(stay)))) for stay in stays)
        yield text.format(who=f"({len(stays)}) {who}")


def _name(stay: EncounterView) -> str:
    return _("bed {bed} {name}").format(bed=stay.bed, name=stay.name)


def _whose(names: dict[str, EncounterView], encounter: str | None, bed: str | None) -> str:
    stay = names.get(encounter or "")
    if stay is not None:
        return _name(stay)
    return _("bed {bed}").format(bed=bed) if bed else _("the ward")


def _left_at(stay: EncounterView) -> datetime | None:
    return stay.discharged_at or (stay.places[-1].since if stay.places else None)


def _going(stay: EncounterView, now: datetime) -> str:
    at = _left_at(stay)
    where = _("discharged") if stay.discharged_at is not None else _("to another ward")
    return f"{where} {time_text(at, now)}" if at is not None else where


def _since(stay: EncounterView, now: datetime) -> str:
    return time_text(stay.places[-1].since, now)


def _may_harm(told: Told) -> bool:
    return any(risk.code == "self-harm" for risk in risks_of((), told.assessments, ()))
