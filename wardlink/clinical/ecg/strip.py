"""An ECG strip: leads that were sampled together, in whole numbers as the device gave them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from wardlink.clinical.tables import load
from wardlink.i18n import gettext

MISSING = -32768
"""A sample that is none: the lead was off, or the device had nothing. WFDB's own value for it in 16 bits."""

LEAST, MOST = MISSING + 1, 32767
"""What a sample may be."""

if TYPE_CHECKING:
    Samples = array[int]
else:
    # Python 3.11 cannot say at run time what an array holds.
    Samples = array
"""Of type code `h`: whole numbers of 16 bits."""


@dataclass(frozen=True)
class Gap:
    """A stretch without a value in one lead: from sample `first` on, before `end`."""

    first: int
    end: int

    def holds(self, sample: int) -> bool:
        """Whether this sample is missing."""
        return self.first <= sample < self.end


@dataclass(frozen=True)
class Strip:
    """Leads by their standard name, all of the same length.

    `rate_hz`: samples a second. `uv_per_unit`: microvolts of one unit of a sample; zero is the base line.
    """

    start_at: datetime
    rate_hz: float
    uv_per_unit: float
    leads: Mapping[str, Samples]

    def __post_init__(self) -> None:
        lengths = {len(samples) for samples in self.leads.values()}
        if len(lengths) != 1 or not lengths.pop():
            raise ValueError("the leads of a strip have the same number of samples, at least one")
        if not (self.rate_hz > 0 and self.uv_per_unit > 0):
            raise ValueError("a strip has a sample rate and a unit")
        if unknown := [name for name in self.leads if name not in lead_names()]:
            raise ValueError(f"no leads: {', '.join(unknown)}")
        object.__setattr__(self, "leads", MappingProxyType({name: self.leads[name] for name in in_order(self.leads)}))

    @property
    def length(self) -> int:
        """Samples of each lead."""
        return len(next(iter(self.leads.values())))

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.length / self.rate_hz

    def at(self, sample: int) -> datetime:
        """When this sample was taken."""
        return self.start_at + timedelta(seconds=sample / self.rate_hz)

    def uv(self, lead: str, sample: int) -> float | None:
        """The value in microvolts; None in a gap and beyond the ends."""
        samples = self.leads[lead]
        if not 0 <= sample < len(samples) or samples[sample] == MISSING:
            return None
        return float(samples[sample] * self.uv_per_unit)

    def gaps(self, lead: str) -> tuple[Gap, ...]:
        """Where this lead has no value."""
        return tuple(_gaps(self.leads[lead]))

    def is_off(self, lead: str) -> bool:
        """Whether the lead shows nothing at all: no value, or the same one throughout."""
        return is_silent(self.leads[lead])


def is_silent(samples: Samples) -> bool:
    """Whether these samples are none, or all the same: an electrode that hangs in the air, not a heart."""
    known = set(samples)
    known.discard(MISSING)
    return len(known) < 2


def lead_names() -> tuple[str, ...]:
    """Every lead there is, in the order in which leads are shown."""
    return tuple(load("ecg_leads")["leads"]["names"])


def lead_called(name: str) -> str | None:
    """The standard name of a lead that a device or a recording calls so; None if it is no lead of ours."""
    return _called().get(name.strip().casefold())


def in_order(leads: Mapping[str, object] | tuple[str, ...]) -> tuple[str, ...]:
    """These leads as they are shown."""
    return tuple(name for name in lead_names() if name in leads)


@cache
def _called() -> dict[str, str]:
    found = {alias.casefold(): lead for alias, lead in load("ecg_leads")["aliases"].items() if lead in lead_names()}
    return found | {name.casefold(): name for name in lead_names()}


def _gaps(samples: Samples) -> Iterator[Gap]:
    first = -1
    for index, value in enumerate(samples):
        if value == MISSING and first < 0:
            first = index
        elif value != MISSING and first >= 0:
            yield Gap(first, index)
            first = -1
    if first >= 0:
        yield Gap(first, len(samples))


def lead_sentence(lead: str) -> str:
    """From where this lead looks at the heart, in plain words; empty for a lead that the table does not know."""
    for row in load("ecg_leads")["explained"].values():
        if lead in row["names"]:
            text: str = row["text"]
            return gettext(text)
    return ""


def off_text(strip: Strip) -> str:
    """Which leads have no value, and when; empty where all have."""
    said = []
    for lead in strip.leads:
        if strip.is_off(lead):
            said.append(gettext("{lead} throughout").format(lead=lead))
        elif gaps := strip.gaps(lead):
            spans = ", ".join(f"{gap.first / strip.rate_hz:.1f}–{gap.end / strip.rate_hz:.1f} s" for gap in gaps[:3])
            said.append(f"{lead} {spans}" + (" …" if len(gaps) > 3 else ""))
    return "; ".join(said)
