"""What went in and what came out, added up by shift and by nursing day. Pure; the cart and the server ask the same.

A sum is one of what was written down: where nothing was, there is no sum, never a zero.

Source: ward domain sheet 1.6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from wardlink.clinical.exact import exact
from wardlink.clinical.fluid_kinds import DIRECTIONS, Direction, fluid_kinds
from wardlink.clinical.tables import load
from wardlink.clinical.temperature_chart.conventions import conventions
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.i18n import gettext

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Flow:
    """One thing that went in or came out at `at`. `volume_ml` is None where nobody could measure it.

    `times`: how often, None for once. `enemas`: how many were given before it.
    """

    at: datetime
    direction: Direction
    kind: str
    volume_ml: float | None = None
    estimated: bool = False
    site: str | None = None
    manner: str | None = None
    times: int | None = None
    enemas: int = 0


@dataclass(frozen=True)
class Period:
    """A shift, or a whole nursing day: from `start_at` up to, not including, `end_at`."""

    label: str
    start_at: datetime
    end_at: datetime

    def text(self) -> str:
        """Its name, in the language of this context."""
        return gettext(self.label)


@dataclass(frozen=True)
class Balance:
    """The sums of a period in mL; None where nothing was written down that has a volume.

    `by_kind`: by direction and kind. `by_site`: drains by their name, those without a name under "".
    `unmeasured`: how many entries should have a volume and have none, so that the sum is too small.
    `estimated`: something in it was not measured.
    """

    intake_ml: float | None
    output_ml: float | None
    by_kind: Mapping[tuple[Direction, str], float]
    by_site: Mapping[str, float]
    unmeasured: int
    estimated: bool

    @property
    def net_ml(self) -> float | None:
        """Intake less output; None where neither was written down."""
        if self.intake_ml is None and self.output_ml is None:
            return None
        return float(exact(self.intake_ml or 0) - exact(self.output_ml or 0))

    @property
    def urine_ml(self) -> float | None:
        """All urine with a volume."""
        return self.by_kind.get(("output", "urine"))

    @property
    def irrigation_net_ml(self) -> float | None:
        """What came back more than went in; None unless both were written down."""
        went_in, came_out = (self.by_kind.get((direction, "irrigation")) for direction in DIRECTIONS)
        if went_in is None or came_out is None:
            return None
        return float(exact(came_out) - exact(went_in))


def balance(flows: Iterable[Flow], start_at: datetime, end_at: datetime) -> Balance:
    """The sums of what flowed from `start_at` up to, not including, `end_at`."""
    within = [flow for flow in flows if start_at <= flow.at < end_at]
    by_kind: defaultdict[tuple[Direction, str], Decimal] = defaultdict(Decimal)
    by_site: defaultdict[str, Decimal] = defaultdict(Decimal)
    for flow in within:
        if flow.volume_ml is not None:
            by_kind[flow.direction, flow.kind] += exact(flow.volume_ml)
            if flow.kind == "drain":
                by_site[flow.site or ""] += exact(flow.volume_ml)
    sums = {
        direction: [volume for (way, _kind), volume in by_kind.items() if way == direction] for direction in DIRECTIONS
    }
    return Balance(
        intake_ml=float(sum(sums["intake"])) if sums["intake"] else None,
        output_ml=float(sum(sums["output"])) if sums["output"] else None,
        by_kind={key: float(volume) for key, volume in by_kind.items()},
        by_site={site: float(volume) for site, volume in by_site.items()},
        unmeasured=sum(flow.volume_ml is None and _wants_volume(flow) for flow in within),
        estimated=any(flow.estimated for flow in within if flow.volume_ml is not None),
    )


def _wants_volume(flow: Flow) -> bool:
    kind = fluid_kinds(flow.direction).get(flow.kind)
    # That there was none is an answer.
    return (kind is None or kind.wants_volume) and flow.times != 0


def nursing_day(at: datetime) -> date:
    """The nursing day of an instant, by the calendar day on which it began."""
    return (ward_time(at) - timedelta(hours=conventions().day_begins_h)).date()


def day_of(day: date) -> Period:
    """The 24 hours of a nursing day."""
    start_at = datetime.combine(day, time(conventions().day_begins_h), WARD_ZONE)
    return Period("", start_at, start_at + DAY)


def shifts_of(day: date) -> tuple[Period, ...]:
    """The shifts of a nursing day in their order; together they are the day."""
    whole = day_of(day)
    rows: list[Mapping[str, str | int]] = list(load("fluid_balance")["shifts"].values())
    begins = [whole.start_at + timedelta(hours=(int(row["from_h"]) - conventions().day_begins_h) % 24) for row in rows]
    ends = [*begins[1:], whole.end_at]
    return tuple(Period(str(row["label"]), *span) for row, *span in zip(rows, begins, ends, strict=True))


def stools(flows: Iterable[Flow]) -> str | None:
    """The stools of a day as the temperature chart writes them; None where nothing was written down.

    `※` incontinent, `☆` by a stoma; after enemas `a b/kE`: `a` before the first one, `b` after `k`.

    Source: ward domain sheet 3.6.
    """
    stool = sorted((flow for flow in flows if flow.kind == "stool"), key=lambda flow: flow.at)
    if not stool:
        return None
    manners = {flow.manner for flow in stool}
    if "incontinent" in manners or "stoma" in manners:
        return "※" if "incontinent" in manners else "☆"
    first = next((n for n, flow in enumerate(stool) if flow.enemas), len(stool))
    before, after = _times(stool[:first]), _times(stool[first:])
    enemas = sum(flow.enemas for flow in stool)
    if not enemas:
        return str(before)
    told_before = f"{before} " if before else ""
    return f"{told_before}{after}/{enemas if enemas > 1 else ''}E"


def _times(flows: Sequence[Flow]) -> int:
    return sum(1 if flow.times is None else flow.times for flow in flows)


def stools_counted(day: date) -> tuple[datetime, datetime]:
    """From when up to when single stools are counted, were they asked on `day`."""
    until_at = datetime.combine(day, time(load("fluid_balance")["stools"]["counted_until_h"]), WARD_ZONE)
    return until_at - DAY, until_at
