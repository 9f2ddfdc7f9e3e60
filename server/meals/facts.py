"""What the record says of a patient, as far as meals are concerned: the facts that the rules ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.money.policy import may_go_on
from server.money.standing import Expectation
from server.money.standing import standing as money_standing
from server.record.service import record_called, records_of
from server.vitals.latest import LatestOfStay, read_latest
from wardlink.clinical.meals.allergens import allergens_written
from wardlink.clinical.meals.diets import NOTHING, diets_written, is_therapeutic
from wardlink.clinical.meals.eater import Eater, Fasting, FastingWhy, food_drugs_of, says
from wardlink.clinical.names import age_years
from wardlink.clinical.order_states import DRUG_CATEGORIES, OPEN
from wardlink.clinical.tables import load
from wardlink.clock import ward_date
from wardlink.messages.encounters import EncounterView
from wardlink.messages.meals import DietCardView
from wardlink.messages.orders import OrderView
from wardlink.record.assessments import ASSESSMENT, standing
from wardlink.record.diet_cards import DIET_CARD, diet_card_id
from wardlink.record.isolations import ISOLATION, holding
from wardlink.record.orders import ORDER

_TESTS = frozenset({"lab", "imaging"})
_SAYING = frozenset({"instruction", "nursing", "transfer"})
_EMERGENCY = "emergency"


def card_of(conn: Connection, encounter: str) -> DietCardView | None:
    """The diet card of a stay; None as long as there is none."""
    found = record_called(conn, DIET_CARD, diet_card_id(encounter))
    return None if found is None else found[1]


def eater_of(
    conn: Connection, stay: EncounterView, card: DietCardView | None, now: datetime, *, arrears: bool = False
) -> Eater:
    """What is known of this patient now. `arrears`: the policy lets them order no meals of their own choice."""
    orders = [order for order in records_of(conn, ORDER, encounter=stay.id) if _holds(order, now)]
    fasting = tuple(_fasting(stay, orders))
    diets, unknown_diets = _diets(stay, orders)
    allergens, unmapped = _allergens(stay, card)
    latest = read_latest(conn, stay.id, now)
    acvpu = latest.values.get("acvpu")
    assessed = standing(records_of(conn, ASSESSMENT, encounter=stay.id)).values()
    return Eater(
        diets=diets,
        unknown_diets=unknown_diets,
        allergens=allergens,
        unmapped=unmapped,
        iddsi=card.iddsi if card else None,
        drink=card.drink if card else None,
        fasting=fasting,
        food_drugs=food_drugs_of(
            [item for order in orders if order.category in DRUG_CATEGORIES for item in order.items]
        ),
        avoids=card.avoids if card else (),
        leaves_at=_leaves_at(stay, orders),
        isolated=bool(holding(records_of(conn, ISOLATION, encounter=stay.id, only_open=True))),
        young=age_years(stay.birth_on, ward_date(now)) < load("meals")["age"]["alone_from"],
        confused=acvpu is not None and acvpu.value != "A",
        distressed=any(view.band == _EMERGENCY for view in assessed),
        low_glucose_at=_low_glucose_at(latest, now),
        arrears=arrears and not is_therapeutic(diets),
    )


def _holds(order: OrderView, now: datetime) -> bool:
    # An order counts from the moment it is signed: a meal that comes before it was checked would be eaten.
    if order.stop_at is not None and order.stop_at <= now:
        return False
    return order.state in OPEN or (order.state == "stopped" and order.stop_at is not None)


def _diets(stay: EncounterView, orders: Iterable[OrderView]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    said = [stay.diet, *(o.text or "" for o in orders if o.category == "diet" and not says("fasting", o.text))]
    found: dict[str, None] = {}
    unknown = []
    for text in filter(None, said):
        written = diets_written(text)
        found |= dict.fromkeys(written)
        if not written:
            unknown.append(text)
    return tuple(code for code in found if code != NOTHING), tuple(unknown)


def _fasting(stay: EncounterView, orders: Iterable[OrderView]) -> Iterator[Fasting]:
    if NOTHING in diets_written(stay.diet):
        yield Fasting(None, None, "order", drinks=True)
    before = timedelta(hours=load("meals")["fasting"]["before_h"])
    for order in orders:
        named = says("fasting", order.text)
        if order.category == "diet" and named:
            yield Fasting(order.start_at, order.stop_at, "order", drinks=says("fasting.drink_words", order.text))
        elif order.category == "operation" or (order.category in _TESTS and named):
            why: FastingWhy = "operation" if order.category == "operation" else "test"
            yield Fasting(order.start_at - before, order.start_at, why)


def _allergens(stay: EncounterView, card: DietCardView | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found: dict[str, None] = {}
    unmapped = []
    for text in stay.allergies:
        mapped = card.mapped.get(text) if card else None
        allergens = mapped if mapped is not None else allergens_written(text)
        if allergens is None:
            unmapped.append(text)
        found |= dict.fromkeys(allergens or ())
    return tuple(sorted(found)), tuple(unmapped)


def _leaves_at(stay: EncounterView, orders: Iterable[OrderView]) -> datetime | None:
    said = [order.start_at for order in orders if order.category in _SAYING and says("leaving", order.text)]
    return min([*said, *([stay.discharged_at] if stay.discharged_at else [])], default=None)


def _low_glucose_at(latest: LatestOfStay, now: datetime) -> datetime | None:
    rule = load("meals")["low_glucose"]
    found = latest.values.get("glucose_mmol_per_l")
    if found is None or now - found.measured_at > timedelta(minutes=rule["within_min"]):
        return None
    return found.measured_at if float(found.value) < rule["below_mmol_l"] else None


def in_arrears(conn: Connection, encounter: str, now: datetime, expected: Expectation) -> bool:
    """Whether the policy on arrears lets a stay order no meals, also after what its insurance is expected to pay."""
    return not _may_order(conn, encounter, now, 0) and not _may_order(conn, encounter, now, expected(conn, encounter))


def _may_order(conn: Connection, encounter: str, now: datetime, from_insurance_fen: int) -> bool:
    found = money_standing(conn, encounter, now, from_insurance_fen=from_insurance_fen)
    return may_go_on("self-chosen", found.level, [row.kind for row in found.agreements])
