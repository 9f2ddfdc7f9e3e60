"""Invented ECG strips that a doctor has released: twelve leads of a quiet heart, and two of a monitor. SAMPLE."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from wardlink.clinical.ecg.coding import encode
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.errors import NotFound, Unreachable
from wardlink.messages.ecg_at_bed import EcgAtBed, EcgLead, EcgLine, EcgsAtBed, EcgWords
from wardlink.record.ecg import digest_of

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.sample.terminal import SampleTerminal

_ID = "00000000-0000-7000-b000-{n:012d}"
WHOLE, MONITORED = (_ID.format(n=n) for n in (1, 2))


class SampleEcg:
    """The port of `bedside.ports.MyEcg`. `pages`: what may be seen, by id; `taken_back`: so many were struck out."""

    def __init__(self, terminal: SampleTerminal) -> None:
        self._terminal = terminal
        self._made: dict[str, EcgAtBed] | None = None
        self.taken_back = 0

    @property
    def pages(self) -> dict[str, EcgAtBed]:
        """Made when somebody first looks: an invented heart takes a while."""
        if self._made is None:
            self._made = {page.line.id: page for page in _pages(self._terminal.clock.now())}
        return self._made

    def of_stay(self, encounter: str) -> EcgsAtBed:
        """The newest first."""
        self._demand()
        lines = sorted((page.line for page in self.pages.values()), key=lambda line: line.taken_at, reverse=True)
        return EcgsAtBed(lines=tuple(lines), taken_back=self.taken_back)

    def one(self, encounter: str, strip: str) -> EcgAtBed:
        """One of them."""
        self._demand()
        page = self.pages.get(strip)
        if page is None:
            raise NotFound(what="entry", name=strip)
        return page

    def strike(self, strip: str) -> None:
        """Somebody strikes it out."""
        del self.pages[strip]
        self.taken_back += 1

    def _demand(self) -> None:
        if not (self._terminal.online and self._terminal.server_alive):
            raise Unreachable


def _pages(now: datetime) -> tuple[EcgAtBed, ...]:
    whole = _page(
        WHOLE, now - timedelta(minutes=125), 10, 76, None, "【样例】窦性心律，心率 76 次/分。\n大致正常心电图。"
    )
    two = _page(MONITORED, now - timedelta(hours=27), 20, 88, ("II", "V1"), "【样例】窦性心律，V1 有干扰。")
    return whole, two


def _page(
    id: str, taken_at: datetime, seconds: int, per_min: int, leads: tuple[str, ...] | None, text: str
) -> EcgAtBed:
    strip, _peaks = sample_strip(taken_at, seconds=seconds, per_min=per_min)
    if leads is not None:
        strip = replace(strip, leads={lead: strip.leads[lead] for lead in leads})
    said_at = taken_at + timedelta(minutes=20)
    return EcgAtBed(
        line=EcgLine(id=id, taken_at=taken_at, seconds=strip.seconds, leads=tuple(strip.leads), said_at=said_at),
        words=(EcgWords(text=text, at=said_at, by_name="周涛"),),
        rate_hz=strip.rate_hz,
        uv_per_unit=strip.uv_per_unit,
        length=strip.length,
        digest=digest_of(strip),
        leads=tuple(EcgLead(lead=lead, samples=encode(samples)) for lead, samples in strip.leads.items()),
    )
