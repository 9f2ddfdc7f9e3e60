"""Doses that wait, infusions that must be looked after, and pain that is asked about after an analgesic.

Source: ward domain sheet 4.8, 4.9 and 5; the windows stand in the doses themselves.
"""

from __future__ import annotations

from datetime import datetime

from wardlink.clinical.pain import asked_again
from wardlink.clinical.routes import Route, routes
from wardlink.i18n import N_
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView
from wardlink.record.doses import DOSE
from wardlink.record.drips import drip_of
from wardlink.record.due.due import Code, Due, Facts, grace, lapses_after
from wardlink.record.observations import OBSERVATION
from wardlink.record.orders import ORDER

_GIVE = N_("Give: {drugs}")
_HANG = N_("Hang: {drugs}")
_PATROL = N_("Look after the infusion: {drugs}")
_PAUSED = N_("Infusion is paused: {drugs}")
_BAG = N_("Bag is nearly empty: {drugs}")
_PAIN = N_("Ask about pain after {drugs}")


def doses(facts: Facts, now: datetime) -> list[Due]:
    """Planned doses of orders that are carried out; what rests or was stopped in between waits for the doctor."""
    ways = {order.id: order for order in facts.of(ORDER)}
    return [
        _of_dose("dose", facts, dose, dose.due_at, _HANG if _drips(ways.get(dose.order)) else _GIVE, window=True)
        for dose in facts.of(DOSE)
        if dose.state == "planned" and dose.due_at is not None and _is_carried_out(ways.get(dose.order), dose)
    ]


def infusions(facts: Facts, now: datetime) -> list[Due]:
    """The next patrol of everything that drips or is paused, and the bag that will be nearly empty."""
    found = []
    for dose in facts.of(DOSE):
        drip = drip_of(dose)
        if drip is None:
            continue
        text = _PATROL if dose.state == "running" else _PAUSED
        found.append(_of_dose("patrol", facts, dose, drip.patrol_at, text))
        if drip.nearly_empty_at is not None:
            found.append(_of_dose("bag", facts, dose, drip.nearly_empty_at, _BAG))
    return found


def pain(facts: Facts, now: datetime) -> list[Due]:
    """Asking about pain again after the newest analgesic, until it was asked or nothing is gained by it."""
    given = [
        (event, dose)
        for dose in facts.of(DOSE)
        if any(item.analgesic for item in dose.items)
        for event in dose.givings()
    ]
    if not given:
        return []
    event, dose = max(given, key=lambda one: (one[0].at, one[0].command))
    asked = [o.measured_at for o in facts.of(OBSERVATION) if o.what == "pain" and o.struck_at is None]
    asked += [facts.measured.pain_at] if facts.measured.pain_at is not None else []
    routes_of = {order.id: order.route for order in facts.of(ORDER)}
    again = asked_again(event.at, routes_of.get(dose.order))
    if again is None:
        return []
    due_at = again.by_at
    if max(asked, default=event.at) > event.at or now > due_at + lapses_after("pain"):
        return []
    drugs = tuple(item for item in dose.items if item.analgesic)
    stay = facts.stay
    return [Due("pain", stay.id, stay.bed, due_at, event.at, due_at + grace("pain"), event.command, _PAIN, drugs=drugs)]


def _of_dose(code: Code, facts: Facts, dose: DoseView, due_at: datetime, text: str, *, window: bool = False) -> Due:
    stay = facts.stay
    opens_at = (dose.opens_at if window else None) or due_at
    closes_at = (dose.closes_at if window else None) or due_at + grace("patrol")
    return Due(code, stay.id, stay.bed, due_at, opens_at, closes_at, dose.id, text, drugs=dose.items)


def _is_carried_out(order: OrderView | None, dose: DoseView) -> bool:
    if order is None or order.state == "active":
        return True
    stops_later = order.stop_at is not None and dose.due_at is not None and dose.due_at < order.stop_at
    return order.state == "stopped" and stops_later


def _way(order: OrderView | None) -> Route | None:
    return routes().get(order.route or "") if order is not None else None


def _drips(order: OrderView | None) -> bool:
    way = _way(order)
    return way is not None and way.infusion
