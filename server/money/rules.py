"""What is charged for what was done, as the hospital's rules have it (`charging.toml`). Pure.

A rule says what; what it costs is the price list's business, and whether it was charged already the books'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from server.census import Place
from server.money.prices import Item, Price, PriceList
from server.money.tables import load
from wardlink.clinical.meals.states import EATEN
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import N_
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.messages.meals import MealItem, MealView
from wardlink.messages.orders import OrderView
from wardlink.money import WHOLE_BP

SourceKind = Literal["dose", "day", "meal", "manual"]
"""Records that charges follow from: an entry about a dose, a day of a stay, a meal, or a person's word."""

DERIVED: tuple[SourceKind, ...] = ("dose", "day", "meal")

_DAY = timedelta(days=1)

_LACKING = N_("What is charged by itself names items that are not in this list: {items}. They would not be charged.")
_OTHER_BEFORE = N_(
    "{count} items have other prices for days that are over: {items}. What was charged stays as it is; what is charged "
    "from now on for those days goes by the new prices."
)


@dataclass(frozen=True)
class Wanted:
    """One line that must stand in the books. `parts` are amounts of the item with their units; without them one.

    `agreed`: what it is and costs where that was said when it was ordered, and no price list is asked.
    """

    source_kind: SourceKind
    source_id: str
    item: str
    at: datetime
    ward: str
    doctor: str | None = None
    parts: tuple[tuple[Decimal, str], ...] = ()
    agreed: Item | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it this line and no other."""
        return self.source_kind, self.source_id, self.item


@dataclass(frozen=True)
class Level:
    """A level of care, and since when it is known."""

    at: datetime
    level: str


@dataclass(frozen=True)
class StayFacts:
    """What is known of a stay, as far as charges follow from it."""

    encounter: str
    admitted_at: datetime
    discharged_at: datetime | None
    places: tuple[Place, ...]
    levels: tuple[Level, ...]

    def ward_at(self, at: datetime) -> str:
        """The ward in which the patient lay then; before the first bed the first, after the last the last."""
        begun = [place for place in self.places if place.from_at <= at]
        return (begun or self.places[:1])[-1].ward

    def level_at(self, at: datetime) -> str:
        """The level of care that held then; before the first that is known the first."""
        known = [entry for entry in self.levels if entry.at <= at]
        return (known or self.levels[:1])[-1].level


@cache
def start_on() -> date:
    """Nothing that happened before this day is charged."""
    found: date = load("charging")["start"]["on"]
    return found


@cache
def looked_at_after_discharge() -> timedelta:
    """How long a stay that has ended is looked at by itself."""
    return timedelta(days=load("charging")["looking"]["after_discharge_days"])


def wanted(
    stay: StayFacts,
    doses: Iterable[tuple[DoseView, OrderView | None]],
    now: datetime,
    meals: Iterable[MealView] = (),
) -> list[Wanted]:
    """Every line that must stand in the books of a stay by now; not what a wrong clock puts ahead of now."""
    lines = [*of_days(stay, now)]
    for meal in meals:
        lines += of_meal(stay, meal)
    for dose, order in doses:
        lines += of_dose(stay, dose, order)
    return [line for line in lines if ward_date(line.at) >= start_on() and line.at <= now]


def of_days(stay: StayFacts, now: datetime) -> Iterator[Wanted]:
    """The bed, the doctor's round and the nursing of every day of the stay that is over."""
    for day in days_of(stay, now):
        begin_at, end_at = _midnight(day), _midnight(day + _DAY)
        at = max(begin_at, stay.admitted_at)
        last_at = end_at - timedelta(microseconds=1)
        ward = stay.ward_at(last_at)
        items = [*_of_ward(ward, day), *_held("level_items", day, level=stay.level_at(last_at))]
        for item in items:
            yield Wanted("day", f"{stay.encounter}:{day.isoformat()}", item, at, ward)


def days_of(stay: StayFacts, now: datetime) -> Sequence[date]:
    """The days that count and are over; one at least of a stay that has ended."""
    rule = load("charging")["days"]
    first = ward_date(stay.admitted_at) + (timedelta() if rule["entry_day"] else _DAY)
    if stay.discharged_at is None:
        end = ward_date(now)
    else:
        end = ward_date(stay.discharged_at) + (_DAY if rule["discharge_day"] else timedelta())
        end = max(end, first + _DAY)
    return [first + n * _DAY for n in range((end - first).days)]


@cache
def opened_units_are_used_up() -> bool:
    """Whether a vial of which half was given is charged whole."""
    found: bool = load("charging")["doses"]["opened_units_are_used_up"]
    return found


def of_dose(stay: StayFacts, dose: DoseView, order: OrderView | None) -> Iterator[Wanted]:
    """The drugs of a dose that was given, wholly or partly, or begun, and the way it was given."""
    for giving in dose.givings():
        if not giving.counted:
            continue
        ward, doctor = stay.ward_at(giving.at), order.doctor_name or order.doctor.id if order else None
        for drug, parts in _amounts(dose, giving).items():
            yield Wanted("dose", giving.command, drug, giving.at, ward, doctor, parts)
        if order is not None and order.route is not None:
            for item in _held("route_items", ward_date(giving.at), route=order.route):
                yield Wanted("dose", giving.command, item, giving.at, ward, doctor)


def of_meal(stay: StayFacts, meal: MealView) -> Iterator[Wanted]:
    """The dishes of a meal that came to the bed, at the prices of the order; also of one that was sent back without a
    medical reason, because it was cooked (ward domain sheet 6.3)."""
    at = meal.delivered_at or next((step.at for step in meal.steps if step.what == "return" and step.counted), None)
    kept = meal.state in EATEN or (meal.state == "returned" and not meal.medical)
    if at is None or not kept:
        return
    for dish in meal.items:
        if dish.fen > 0:
            yield Wanted("meal", meal.id, f"meal-{dish.code}", at, stay.ward_at(at), agreed=_dish(dish))


def _dish(dish: MealItem) -> Item:
    return Item(
        code=f"meal-{dish.code}",
        national="",
        name_zh=dish.zh[:60],
        name_en=dish.en[:60],
        spec="",
        unit="份",
        insurance_class="C",
        category="meal",
        self_pay_bp=WHOLE_BP,
        prices=(Price(date.min, dish.fen),),
        contains={},
    )


def _amounts(dose: DoseView, giving: DoseEvent) -> dict[str, tuple[tuple[Decimal, str], ...]]:
    given = Decimal(1) if giving.amount_pct is None else Decimal(repr(giving.amount_pct)) / 100
    found: dict[str, tuple[tuple[Decimal, str], ...]] = {}
    for item in dose.items:
        found[item.drug] = (*found.get(item.drug, ()), (Decimal(repr(item.dose)) * given, item.unit))
    return found


def _of_ward(ward: str, day: date) -> Iterator[str]:
    for thing in ("bed", "round"):
        found = _held("day_items", day, ward=ward, thing=thing) or _held("day_items", day, ward="*", thing=thing)
        yield from found


def _held(table: str, day: date, **which: str) -> list[str]:
    """The item of the last rule of this kind that has begun by this day; empty where there is none."""
    rows: Sequence[dict[str, Any]] = load("charging")[table]
    found = [
        (row["from"], row["item"])
        for row in rows
        if row["from"] <= day and all(row[name] == value for name, value in which.items())
    ]
    return [max(found)[1]] if found else []


def price_notes(before: PriceList | None, after: PriceList, today: date) -> list[tuple[str, Mapping[str, object]]]:
    """What should be known before a price list holds: what would not be charged, and prices of days that are over."""
    tables = ("day_items", "level_items", "route_items")
    named = dict.fromkeys(row["item"] for table in tables for row in load("charging")[table])
    lacking = [item for item in named if after.item(item) is None]
    found: list[tuple[str, Mapping[str, object]]] = []
    if lacking:
        found.append((_LACKING, {"items": ", ".join(lacking)}))
    known = {} if before is None else before.items
    other = [code for code, item in after.items.items() if code in known and _differs(known[code], item, today)]
    if other:
        found.append((_OTHER_BEFORE, {"count": len(other), "items": ", ".join(other[:10])}))
    return found


def _differs(before: Item, after: Item, today: date) -> bool:
    days = {price.from_on for price in (*before.prices, *after.prices) if price.from_on < today}
    return any(before.fen_on(day) != after.fen_on(day) for day in days)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), WARD_ZONE)
