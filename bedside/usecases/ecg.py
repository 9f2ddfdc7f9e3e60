"""My ECG in a patient's words: which strips there are, what a doctor said, what the paper is. No diagnosis of ours.

What a strip shows stands there only as a doctor wrote it; the rule is the server's, `wardlink.clinical.ecg.release`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.usecases.words import age_text, when_text
from wardlink.clinical.ecg.coding import decode
from wardlink.clinical.ecg.paper import Paper
from wardlink.clinical.ecg.strip import Strip, lead_sentence
from wardlink.errors import MessageUnreadable, NotAllowed, NotFound, Unreachable, WardlinkError
from wardlink.i18n import domain
from wardlink.record.ecg import digest_of
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Terminal
    from wardlink.messages.ecg_at_bed import EcgAtBed, EcgLine, EcgsAtBed

_ = domain("bedside").gettext

Line = tuple[str, str]
"""Words, and how they are set."""


def look(terminal: Terminal, encounter: str, strip: str, known: EcgAtBed | None) -> EcgAtBed:
    """One strip; its curve is fetched again only where a doctor has said something new.

    Raises:
        NotFound: it may not be seen, or not any more.
        WardlinkError: the server does not answer, or refuses.
    """
    if known is None:
        return terminal.ecg.one(encounter, strip)
    line = next((line for line in terminal.ecg.of_stay(encounter).lines if line.id == strip), None)
    if line is None:
        raise NotFound(what="entry", name=strip)
    return known if line == known.line else terminal.ecg.one(encounter, strip)


def strip_of(page: EcgAtBed) -> Strip:
    """Its curve.

    Raises:
        MessageUnreadable: it is not what was taken.
    """
    try:
        leads = {lead.lead: decode(lead.samples, page.length) for lead in page.leads}
        strip = Strip(page.line.taken_at, page.rate_hz, page.uv_per_unit, leads)
    except ValueError as exc:
        raise MessageUnreadable(detail="ecg") from exc
    if digest_of(strip) != page.digest:
        raise MessageUnreadable(detail="ecg")
    return strip


def name_text(line: EcgLine, now: datetime) -> str:
    """When it was taken."""
    return when_text(line.taken_at, now)


def notes(line: EcgLine, now: datetime) -> list[str]:
    """How long ago, and how much of it there is."""
    said = _("{seconds} seconds, {n} leads").format(seconds=f"{line.seconds:g}", n=len(line.leads))
    return [age_text(now - line.taken_at), said]


def list_text(found: EcgsAtBed) -> str:
    """What is in the list, or why there is nothing; and that something was taken back."""
    said = (
        _("What your doctor has looked at and released.")
        if found.lines
        else _("No ECG to show yet. An ECG is shown here once your doctor has looked at it.")
    )
    return f"{said}\n{taken_back_text()}" if found.taken_back else said


def taken_back_text() -> str:
    """A strip was struck out."""
    return _("An ECG was taken back: it does not hold. Please ask your doctor.")


def title_text(line: EcgLine, now: datetime) -> str:
    """When it was taken and how long ago."""
    return _("ECG, {when} ({age})").format(when=when_text(line.taken_at, now), age=age_text(now - line.taken_at))


def lines_of(page: EcgAtBed, now: datetime) -> list[Line]:
    """What the doctors wrote, the newest first; then what an ECG is, and whom to ask."""
    said: list[Line] = []
    for number, words in enumerate(page.words):
        who = {"name": plain(words.by_name or "") or _("doctor"), "when": when_text(words.at, now)}
        label = _("Your doctor wrote ({name}, {when})") if not number else _("Before that ({name}, {when})")
        said.append((label.format(**who), "heading"))
        said.append(("\n".join(plain(line) for line in words.text.splitlines()), "point"))
    said.append((_("What this means for you, your doctor tells you. Please ask your doctor."), "point"))
    said.append((_("What you see"), "heading"))
    said.append((_("An ECG shows how your heart beats, as a line. Time runs from left to right."), "point"))
    said.append((_("Each lead looks at the same heart from another side."), "point"))
    said.append((paper_sentence(Paper()), "point"))
    return said


def paper_sentence(paper: Paper) -> str:
    """Speed and height of the paper, in plain words."""
    said = _("The paper runs {speed} mm a second: a big square is {seconds} s. {gain} mm upwards are 1 millivolt.")
    return said.format(speed=f"{paper.mm_per_s:g}", seconds=f"{paper.big_ms / 1000:g}", gain=f"{paper.mm_per_mv:g}")


def lead_text(lead: str) -> str:
    """Which lead it is, and from where it looks at the heart."""
    said = lead_sentence(lead)
    return _("Lead {lead}: {what}").format(lead=lead, what=said) if said else _("Lead {lead}").format(lead=lead)


def trouble_text(error: WardlinkError) -> str:
    """Why it cannot be shown now, and what helps."""
    match error:
        case Unreachable():
            return _("No connection to the hospital's server. It is tried again by itself.")
        case NotFound():
            return _("This ECG is not shown any more. Please ask your doctor.")
        case NotAllowed():
            return _("This screen is not known to the ward. Please tell the nurse.")
        case MessageUnreadable():
            return _("This ECG came damaged and is not shown. Please tell the nurse.")
        case other:
            return other.text()


def offline_text(line: EcgLine, now: datetime) -> str:
    """What stands there was fetched before the server went away."""
    said = _("No connection now. This ECG was taken {age}; whether your doctor wrote more, is not known.")
    return said.format(age=age_text(now - line.taken_at))
