"""Which part of a strip somebody looks at, and how: leads, paper, where along it. For both programs' pages.

Pure; `wardlink.terminal.ecg_trace` draws what `seen` answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wardlink.clinical.ecg.paper import BIG_MM, Paper, gains
from wardlink.clinical.ecg.strip import Strip
from wardlink.i18n import gettext as _
from wardlink.terminal.ecg_cells import Look, leads_that_fit, length_mm, spans

AT_ONCE = 3
"""Leads below each other where there is room."""


class Looking:
    """Somebody at one strip. What is asked for may lie beyond its ends; `seen` keeps to the paper."""

    def __init__(self, strip: Strip, lead: str | None = None, *, at_once: int = 1, with_beats: bool = True) -> None:
        self.strip = strip
        self.look = Look((), with_beats=with_beats)
        self.lead: str = lead if lead is not None and lead in strip.leads else next(iter(strip.leads))
        self.at_once = at_once

    @property
    def leads(self) -> tuple[str, ...]:
        """What is shown: the lead that was chosen, and those below it."""
        leads = tuple(self.strip.leads)
        first = min(leads.index(self.lead), max(0, len(leads) - self.at_once))
        return leads[first : first + self.at_once]

    def seen(self, columns: int) -> Look:
        """This part on so many columns of paper; none is shown behind the strip's end."""
        most = max(0, length_mm(self.strip, self.look.paper) - columns)
        self.look = replace(self.look, leads=self.leads, left_mm=max(0, min(self.look.left_mm, most)))
        return self.look

    def fit(self, rows: int) -> None:
        """The greatest gain, up to the usual one, with which the leads that are shown stay on so many rows."""
        shown = leads_that_fit(self.leads, rows, self.look.edge_rows)
        height_mm = 2 * ((rows - self.look.edge_rows) // len(shown)) - 1
        reach = spans(self.strip)
        span_uv = max(reach[lead][1] - reach[lead][0] for lead in shown)
        usual = Paper().mm_per_mv
        fitting = [gain for gain in gains() if gain <= usual and span_uv / 1000 * gain <= height_mm]
        paper = replace(self.look.paper, mm_per_mv=max(fitting, default=min(gains())))
        self.look = replace(self.look, paper=paper)

    def fits(self, rows: int) -> bool:
        """Whether there is room for more than one lead."""
        return len(leads_that_fit(tuple(self.strip.leads), rows, self.look.edge_rows)) > 1

    def count(self, beats: Sequence[int], lead: str | None) -> None:
        """Beats that were found, and in which lead."""
        self.look = replace(self.look, beats=tuple(beats), beats_lead=lead)

    # -- along the strip

    def scroll(self, mm: int) -> None:
        """So much paper on, or back."""
        self.look = replace(self.look, left_mm=self.look.left_mm + mm)

    @property
    def second_mm(self) -> int:
        """How much paper a second is."""
        return round(self.look.paper.mm_per_s)

    def page(self, by: int, columns: int) -> None:
        """As much as can be seen, less a big square."""
        self.scroll(by * max(BIG_MM, columns - BIG_MM))

    def to_end(self, which: int) -> None:
        """To the beginning, 0, or to the end."""
        self.scroll((1 if which else -1) * length_mm(self.strip, self.look.paper))

    def samples(self, mm: float) -> int:
        """How many samples so much paper is; never none, unless it is no paper."""
        found = round(self.look.paper.seconds(mm) * self.strip.rate_hz)
        return found or (mm > 0) - (mm < 0)

    # -- leads and paper

    def choose(self, lead: str) -> None:
        """This lead."""
        self.lead = lead

    def turn_lead(self, by: int) -> None:
        """The lead before or after, round the leads."""
        leads = tuple(self.strip.leads)
        self.lead = leads[(leads.index(self.lead) + by) % len(leads)]

    def turn_at_once(self) -> None:
        """One lead, or three."""
        self.at_once = 1 if self.at_once > 1 else AT_ONCE

    def turn_gain(self) -> None:
        """The next gain."""
        self.look = replace(self.look, paper=self.look.paper.next_gain())

    def turn_speed(self) -> None:
        """The next speed; what stands at the left edge stays there."""
        before = self.look.paper
        after = before.next_speed()
        left_mm = round(after.mm(before.seconds(self.look.left_mm)))
        self.look = replace(self.look, paper=after, left_mm=left_mm)


def paper_text(paper: Paper) -> str:
    """Speed and gain, and what a big square is."""
    return _("{speed} mm/s  {gain} mm/mV  big square {ms} ms, {mv} mV").format(
        speed=f"{paper.mm_per_s:g}", gain=f"{paper.mm_per_mv:g}", ms=f"{paper.big_ms:g}", mv=f"{paper.big_mv:g}"
    )
