"""May this set of readings be saved? Asked by the cart's form before saving, by the server for every message.

Two doors to the same limits: `check` says everything to a person, `outside_hard_limits` says only which
fields cannot be, fast enough for every message of a hospital.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from wardlink.clinical.cross_field import (
    PRESSURE_PAIRS,
    RULES,
    bmi_kg_per_m2,
    derived_map_mmhg,
    threshold,
)
from wardlink.clinical.exact import exact
from wardlink.clinical.findings import CheckContext, Finding, Severity, hard, soft
from wardlink.clinical.items import ITEMS, Item, Labels
from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import N_

__all__ = [
    "CheckContext",
    "Finding",
    "Severity",
    "bmi_kg_per_m2",
    "check",
    "derived_map_mmhg",
    "outside_hard_limits",
]


def check(v: VitalSet, *, context: CheckContext) -> tuple[Finding, ...]:
    """Everything doubtful about `v`: limits, precision, codes, and the rules across fields and the clock.

    An empty answer means that the set may be saved as it is.

    Source: ward domain sheet 1.1 and 1.2 (rules 1 to 11).
    """
    by_item = [finding for name in ITEMS for finding in _check_item(ITEMS[name], v, context)]
    across = [finding for rule in RULES for finding in rule(v, context)]
    return (*by_item, *across)


def outside_hard_limits(v: VitalSet) -> tuple[str, ...]:
    """Fields that cannot be as they are: outside their hard limits, or against a hard rule across fields.

    Without the clock and without precision, which are for `check`. In the order of the item dictionary.
    """
    bounds, patterns = _hard_tables()
    values = v.__dict__
    outside: set[str] = set()
    for name in v.model_fields_set:
        value = values[name]
        if value is None:
            continue
        limits = bounds.get(name)
        if limits is not None:
            if not limits[0] <= value <= limits[1]:
                outside.add(name)
        elif name in patterns and not patterns[name].fullmatch(value):
            outside.add(name)
    for pair in PRESSURE_PAIRS:
        sbp, dbp = values[pair[0]], values[pair[1]]
        if sbp is not None and dbp is not None and sbp <= dbp:
            outside.update(pair)
    if values["o2_on"] is False and (values["o2_flow_l_per_min"] or 0) > 0:
        outside.update(("o2_on", "o2_flow_l_per_min"))
    if values["glucose_comparator"] is not None and values["glucose_mmol_per_l"] is not None:
        outside.update(("glucose_comparator", "glucose_mmol_per_l"))
    return tuple(name for name in ITEMS if name in outside) if outside else ()


@cache
def _hard_tables() -> tuple[dict[str, tuple[float, float]], dict[str, re.Pattern[str]]]:
    bounds = {key: (item.hard.low, item.hard.high) for key, item in ITEMS.items() if item.hard}
    patterns = {key: _pattern(item) for key, item in ITEMS.items() if item.codes or item.pattern}
    return bounds, patterns


def _pattern(item: Item) -> re.Pattern[str]:
    if item.codes is not None:
        return re.compile("|".join(re.escape(code.value) for code in item.codes))
    return re.compile(item.pattern or "")


def _check_item(item: Item, v: VitalSet, context: CheckContext) -> Iterator[Finding]:
    value = getattr(v, item.key)
    if value is None:
        return
    if item.kind in ("code", "text"):
        if not _hard_tables()[1][item.key].fullmatch(value):
            yield hard(
                f"{_kebab(item)}-unknown",
                (item.key,),
                N_("{label}: {value} is not a possible answer."),
                label=Labels((item.key,)),
                value=value,
            )
    elif item.kind != "flag":
        yield from _check_number(item, value, context)


def _check_number(item: Item, value: float, context: CheckContext) -> Iterator[Finding]:
    fields = (item.key,)
    if item.hard is not None and not item.hard.holds(value):
        yield hard(
            f"{_kebab(item)}-impossible",
            fields,
            N_("{label} {value}: only {low} to {high} is possible. Please check the entry."),
            label=Labels(fields),
            value=item.quantity(value),
            low=item.show(item.hard.low),
            high=item.show(item.hard.high),
        )
        return
    if context.source == "manual":
        yield from _check_precision(item, value, context)
    if item.soft is not None and not item.soft.holds(value):
        yield _unusual(item, value)


def _check_precision(item: Item, value: float, context: CheckContext) -> Iterator[Finding]:
    decimals = item.decimals_under_1y if context.age_years == 0 else item.decimals
    if exact(value) != round(exact(value), decimals):
        yield hard(
            f"{_kebab(item)}-too-precise",
            (item.key,),
            N_("{label} is entered with at most {decimals} decimal places."),
            label=Labels((item.key,)),
            decimals=decimals,
        )
    elif item.step is not None and exact(value) % item.step:
        yield soft(
            f"{_kebab(item)}-off-step",
            (item.key,),
            N_("{label} is usually entered in steps of {step}. Is {value} right?"),
            label=Labels((item.key,)),
            step=item.quantity(float(item.step)),
            value=item.quantity(value),
        )


def _unusual(item: Item, value: float) -> Finding:
    """One finding a reading: where a rule of its own says more than the usual range, it speaks alone."""
    if item.key == "temp_c" and value < threshold("not_rising_below_c"):
        message = N_("{value}: the chart will show that the temperature did not rise. Is the number right?")
    elif item.key == "spo2_pct" and value < threshold("spo2_accuracy_floor_pct"):
        message = N_("{value}: the accuracy of the device is not specified below 70 percent. Is the number right?")
    else:
        message = N_("{label} {value} is outside the usual adult range, {low} to {high}. Is it right?")
    assert item.soft is not None
    return soft(
        f"{_kebab(item)}-unusual",
        (item.key,),
        message,
        label=Labels((item.key,)),
        value=item.quantity(value),
        low=item.show(item.soft.low),
        high=item.show(item.soft.high),
    )


def _kebab(item: Item) -> str:
    return item.key.replace("_", "-")
