"""Single measurements: may this one be saved, and what does it mean? Asked by the cart's page and by the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, Literal

from wardlink.clinical.codes import Coded
from wardlink.clinical.exact import exact
from wardlink.clinical.findings import CheckContext, Finding, ask, hard
from wardlink.clinical.items import ITEMS, Range
from wardlink.clinical.limits import check
from wardlink.clinical.tables import load
from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import N_, gettext

Urgency = Literal["watch", "act", "alarm"]
NRS = "nrs"


@dataclass(frozen=True)
class Measurement:
    """One measurement as it was said; the names are those of `RecordObservation`."""

    what: str
    value: float | None = None
    comparator: str | None = None
    slot: str | None = None
    scale: str | None = None
    not_measured: str | None = None


@dataclass(frozen=True)
class MeasuredKind:
    """One kind of measurement. `item`: its reading in the item dictionary; None where only this table knows it."""

    code: str
    label: str
    key: str
    item: str | None
    unit: str
    decimals: int
    hard: Range | None

    def text(self) -> str:
        """Its name, in the language of this context."""
        return gettext(self.label)

    def show(self, value: float) -> str:
        """A value with the digits of its precision, and never fewer than were measured."""
        if self.item is not None:
            return ITEMS[self.item].show(value)
        plain = f"{value:.6f}".rstrip("0")
        return f"{value:.{max(self.decimals, len(plain.partition('.')[2]))}f}"


class PainTool(Coded):
    """With which scale pain is asked."""

    NRS = "nrs", N_("NRS 0-10")
    FACES = "faces", N_("Faces (from 3 years)")
    FLACC = "flacc", N_("FLACC (2 months to 7 years)")


class Moving(Coded):
    """Whether pain was asked at rest or on movement."""

    REST = "rest", N_("at rest")
    MOVING = "moving", N_("on movement")


@dataclass(frozen=True)
class Meaning:
    """What a value means and asks for. `recheck_after`: when to measure again, where the table says so."""

    code: str
    label: str
    advice: str | None
    urgency: Urgency
    recheck_after: timedelta | None

    def text(self) -> str:
        """What it is, in words."""
        return gettext(self.label)

    def advice_text(self) -> str:
        """What is to be done, in words; empty where nothing is."""
        return "" if self.advice is None else gettext(self.advice)


@cache
def measured_kinds() -> Mapping[str, MeasuredKind]:
    """The kinds by their code, in the order of the cart."""
    return {code: _kind(code, row) for code, row in load("measurements")["kinds"].items()}


def _kind(code: str, row: Mapping[str, Any]) -> MeasuredKind:
    if "item" in row:
        item = ITEMS[row["item"]]
        return MeasuredKind(code, row["label"], row["key"], item.key, item.unit, item.decimals, item.hard)
    bounds = Range(float(row["hard"]["low"]), float(row["hard"]["high"]), row["hard"]["trust"])
    return MeasuredKind(code, row["label"], row["key"], None, row["unit"], row["decimals"], bounds)


def pain_points(tool: str) -> tuple[int, ...] | None:
    """The points that a scale gives; None for one that the table does not know."""
    row = load("measurements")["pain_scales"].get(tool)
    return None if row is None else tuple(row["points"])


def check_measurement(m: Measurement, *, context: CheckContext) -> tuple[Finding, ...]:
    """Everything doubtful about one measurement: limits, precision, the last one, and the clock.

    An empty answer means that it may be saved as it is. The reason why there is none stands in `m`, not in `context`.

    Source: ward domain sheet 1.1, 1.2 (rules 7, 10, 11) and 5.6.
    """
    kind = measured_kinds()[m.what]
    reasons = {kind.item: m.not_measured} if kind.item and m.not_measured else {}
    common = check(_as_set(m, kind), context=replace(context, not_measured=reasons))
    return (*common, *_of_its_own(m, kind))


def _as_set(m: Measurement, kind: MeasuredKind) -> VitalSet:
    if m.what == "glucose":
        return VitalSet(glucose_mmol_per_l=m.value, glucose_comparator=m.comparator, glucose_slot=m.slot)
    if m.what == "weight":
        return VitalSet(weight_kg=m.value)
    if m.what == "height":
        return VitalSet(height_cm=m.value)
    return VitalSet()


def _of_its_own(m: Measurement, kind: MeasuredKind) -> Iterator[Finding]:
    if m.what == "glucose" and m.slot is None and m.not_measured is None:
        yield ask("glucose-slot-needed", ("slot",), N_("Please say when in the day this was: before or after a meal."))
    if m.what == "pain" and m.value is not None:
        points = pain_points(m.scale or NRS)
        if points is not None and m.value not in points:
            # Each point is told where they are not all there is between the first and the last.
            is_whole = len(points) == points[-1] - points[0] + 1
            told = f"{points[0]}-{points[-1]}" if is_whole else ", ".join(map(str, points))
            yield hard("pain-no-point", ("value",), N_("This scale knows {points} only."), points=told)
    if kind.item is None and m.value is not None and kind.hard is not None:
        if not kind.hard.holds(m.value):
            yield hard(
                f"{m.what}-impossible",
                ("value",),
                N_("{label} {value}: only {low} to {high} is possible. Please check the entry."),
                label=_Name(kind),
                value=f"{kind.show(m.value)} {kind.unit}",
                low=f"{kind.hard.low:g}",
                high=f"{kind.hard.high:g}",
            )
        elif exact(m.value) != round(exact(m.value), kind.decimals):
            yield hard(
                f"{m.what}-too-precise",
                ("value",),
                N_("{label} is entered with at most {decimals} decimal places."),
                label=_Name(kind),
                decimals=kind.decimals,
            )


@dataclass(frozen=True)
class _Name:
    """The name of a kind, which becomes words only when it is shown."""

    kind: MeasuredKind

    def __str__(self) -> str:
        return self.kind.text()


def meaning(what: str, value: float | None, comparator: str | None = None) -> Meaning | None:
    """What a value means; None where it asks for nothing.

    LO and HI of a meter are no numbers and have rows of their own.
    """
    for code, row in load("measurements")["meanings"].get(what, {}).items():
        if value is None:
            fits = comparator is not None and row.get("meter") == comparator
        else:
            below = "below" in row and exact(value) < exact(row["below"])
            fits = below or ("from" in row and exact(value) >= exact(row["from"]))
        if fits:
            return _meaning(code, row)
    return None


def _meaning(code: str, row: Mapping[str, Any]) -> Meaning:
    minutes = row.get("recheck_after_min")
    recheck = None if minutes is None else timedelta(minutes=minutes)
    return Meaning(code, row["label"], row.get("text"), row["urgency"], recheck)
