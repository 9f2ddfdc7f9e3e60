"""Released results in a patient's words: which there are, what a test is, where a value stands. Never a diagnosis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bedside.usecases.words import date_text
from wardlink.clinical.results.catalogue import category_text, explained, flags
from wardlink.errors import NotAllowed, NotFound, Unreachable, WardlinkError
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from wardlink.messages.results import FormerVersion, ResultItem, ResultLine, ResultPage, ResultValue

_ = domain("bedside").gettext

Line = tuple[str, str, str]
"""What stands left, what right of it, and how it is set; nothing left: it goes over the whole line."""

_STATES = {
    "corrected": N_("corrected"),
    "reviewed": N_("is being checked again"),
    "withdrawn": N_("taken back by the laboratory"),
}
_UNITS = {"10*9/L": "×10⁹/L", "10*12/L": "×10¹²/L", "umol/L": "μmol/L", "mm[Hg]": "mmHg", "[pH]": "", "{INR}": ""}
"""UCUM codes that nobody reads, as they are printed."""


def name_text(line: ResultLine) -> str:
    """What was examined; by the table of tests, else as the laboratory calls it."""
    known = explained().get(line.code)
    return known.label_text() if known is not None else plain(line.name)


def notes(line: ResultLine) -> list[str]:
    """When, and what is worth knowing before it is opened."""
    said = [date_text(line.issued_at)]
    if line.is_new:
        said.append(_("new"))
    if line.state in _STATES:
        said.append(_(_STATES[line.state]))
    elif line.beyond:
        said.append(_("{n} outside the range").format(n=line.beyond))
    return said


def lines_of(page: ResultPage) -> list[Line]:
    """The whole report: what it is, each value with a sentence, the conclusion, and whom to ask."""
    line = page.line
    said: list[Line] = [("", " · ".join(_head(page)), "point")]
    known = explained().get(line.code)
    if known is not None:
        said.append(("", known.sentence(), "point"))
    if line.state == "withdrawn":
        said.append(("", _("The laboratory has taken this result back. Please ask your doctor."), "stop"))
        return said
    if line.state == "reviewed":
        said.append(("", _("This result is being checked again: do not rely on it. Please ask your doctor."), "stop"))
    if page.before is not None:
        said.append(("", _("Corrected version: this holds now. The one before stands below."), "stop"))
    for value in page.items:
        said += _value_lines(value)
    if page.conclusion:
        said += [("", _("What the report says"), "heading"), ("", _written(page.conclusion), "point")]
    said.append(("", _("What this means for you, your doctor tells you. Please ask your doctor."), "heading"))
    if page.before is not None:
        said += _before_lines(page.before)
    return said


def _head(page: ResultPage) -> Iterable[str]:
    yield category_text(page.line.category)
    if page.collected_at is not None:
        yield _("taken {date}").format(date=date_text(page.collected_at))
    yield _("verified {date}").format(date=date_text(page.line.issued_at))
    if page.verified_by:
        yield plain(page.verified_by)


def _value_lines(value: ResultValue) -> list[Line]:
    known = explained().get(value.code)
    name = known.label_text() if known is not None else plain(value.name)
    said: list[Line] = [(name, " · ".join(_value_parts(value)), "-next" if is_beyond(value) else "")]
    if known is not None:
        said.append(("", known.sentence(), "point"))
    if value.former:
        earlier = _(", ").join(f"{date_text(one.at)} {one.comparator or ''}{one.value}" for one in value.former)
        said.append(("", _("Before: {earlier}").format(earlier=earlier), "point"))
    return said


def _value_parts(item: ResultItem) -> Iterable[str]:
    yield value_text(item)
    if item.flag is not None:
        flag = flags()[item.flag]
        yield f"{flag.symbol} {flag.text()}".strip()
    usual = range_text(item)
    if usual:
        yield _("usual {range}").format(range=usual)


def is_beyond(item: ResultItem) -> bool:
    """Whether it is marked as not usual."""
    return item.flag not in (None, "N", "NEG")


def value_text(item: ResultItem) -> str:
    """The value with its unit, or what was found in words."""
    if item.value is None:
        return plain(item.text) if item.text else _("no value")
    unit = _UNITS.get(item.unit or "", item.unit or "")
    return f"{item.comparator or ''}{item.value} {plain(unit)}".strip()


def range_text(item: ResultItem) -> str:
    """From where to where it is usual; empty where the laboratory names no range."""
    if item.low is not None and item.high is not None:
        return f"{item.low}–{item.high}"
    if item.low is not None:
        return _("from {low}").format(low=item.low)
    return _("up to {high}").format(high=item.high) if item.high is not None else ""


def _before_lines(before: FormerVersion) -> list[Line]:
    said: list[Line] = [
        (
            "",
            _("Before the correction ({date}): does not hold any more").format(date=date_text(before.issued_at)),
            "heading",
        )
    ]
    for item in before.items:
        known = explained().get(item.code)
        said.append((known.label_text() if known is not None else plain(item.name), value_text(item), ""))
    if before.conclusion:
        said.append(("", _written(before.conclusion), "point"))
    return said


def _written(text: str) -> str:
    return "\n".join(plain(line) for line in text.splitlines())


def news_text(new: int) -> str:
    """A quiet line for the home page; tells nothing of what was found."""
    return _("New test results: {n}. You find them under medical care.").format(n=new) if new else ""


def trouble_text(error: WardlinkError) -> str:
    """Why it cannot be shown now, and what helps."""
    match error:
        case Unreachable():
            return _("No connection to the hospital's server. It is tried again by itself.")
        case NotFound():
            return _("This result is not shown any more. Please ask your doctor.")
        case NotAllowed():
            return _("This screen is not known to the ward. Please tell the nurse.")
        case other:
            return other.text()
