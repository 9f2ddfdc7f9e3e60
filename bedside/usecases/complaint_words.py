"""Complaints in a patient's words: how far one is, how long the answer may still take, what the hospital says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedside.usecases.words import date_text, when_text
from wardlink.clinical.complaints import AWAITS, is_answered, kind_text, number_of, sentences, topic_text
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from bedside.usecases.complaints import Draft, Waiting
    from wardlink.messages.complaints import ComplaintAtBed

_ = domain("bedside").gettext

STATES: Mapping[str, str] = {
    "submitted": N_("has arrived"),
    "acknowledged": N_("somebody looks after it"),
    "assigned": N_("somebody works on it"),
    "replied": N_("answered"),
    "reopened": N_("looked at once more"),
    "closed": N_("closed"),
}


def title_text(kind: str, complaint: str) -> str:
    """What it is, and its number."""
    return _("{kind} no. {number}").format(kind=kind_text(kind), number=number_of(complaint))


def span_text(span: timedelta) -> str:
    """A length of time in hours and minutes; what has begun counts as a minute."""
    minutes = max(1, -int(-span.total_seconds() // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes % 60 == 0:
        return _("{n} hours").format(n=minutes // 60)
    return _("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)


def clock_line(one: ComplaintAtBed, now: datetime) -> str | None:
    """How long the answer may still take, or by how much it is late; None where none is owed."""
    if one.reply_by is None:
        return None
    if now > one.reply_by:
        return _("The answer is {span} late").format(span=span_text(now - one.reply_by))
    return _("Answer within {span}").format(span=span_text(one.reply_by - now))


def field_notes(one: ComplaintAtBed, now: datetime, *, unsent: bool) -> list[str]:
    """Under the number on the list."""
    if unsent:
        return [_("your word waits for the connection")]
    return [_(STATES[one.state]), *([line] if (line := clock_line(one, now)) else [])]


def waiting_notes(one: Waiting) -> list[str]:
    """The same for one that the hospital does not have."""
    return [_("not taken, please tell the nurse") if one.refused else _("not at the hospital yet")]


def waiting_lines(one: Waiting, now: datetime) -> list[tuple[str, str]]:
    """The page of one that the hospital does not have."""
    sent = _("You sent it: {time}").format(time=when_text(one.submitted_at, now))
    if one.refused:
        return [(sent, "prose"), (_("The hospital's server did not take it. Please tell the nurse."), "prose -trouble")]
    said = [sent, _("It is not at the hospital yet. It goes by itself, once, as soon as there is a connection.")]
    if is_answered(one.kind):
        said.append(_("The 24 hours count from when you sent it."))
    return [(line, "prose") for line in said]


def lines_of(one: ComplaintAtBed, now: datetime, *, unsent: bool) -> list[tuple[str, str]]:
    """The page of one: the clock, the answer. What the patient wrote is not shown again."""
    said = [
        (_("About: {topic} · {state}").format(topic=topic_text(one.topic), state=_(STATES[one.state])), "prose"),
        (_("You sent it: {time}").format(time=when_text(one.submitted_at, now)), "prose"),
    ]
    if one.reply_by is not None:
        said += _clock_lines(one, one.reply_by, now)
    elif not is_answered(one.kind):
        said.append((_("Thank you. We pass it on to those whom you mean."), "prose"))
    if one.reply is not None and one.replied_at is not None:
        who = plain(one.replied_by) if one.replied_by else _("The hospital")
        said.append((_("{who} answered: {time}").format(who=who, time=when_text(one.replied_at, now)), "heading"))
        said.append((plain(one.reply), "prose"))
    if one.state not in AWAITS and one.close_by is not None and one.state != "closed":
        said.append((_("Are you satisfied with the answer?"), "heading"))
    if unsent:
        said.append((_("What you have just said waits for the connection."), "prose -trouble"))
    if one.office_only:
        said.append((_("The ward does not see it, the hospital's office does."), "prose"))
    said.append((_("What you wrote is not shown here, so that nobody else reads it."), "prose"))
    return said


def _clock_lines(one: ComplaintAtBed, reply_by: datetime, now: datetime) -> list[tuple[str, str]]:
    line = clock_line(one, now) or ""
    if now > reply_by:
        said = _("It was promised by {time}. We are sorry. It stands first on the hospital's list.")
        return [(line, "heading"), (said.format(time=when_text(reply_by, now)), "prose -trouble")]
    by = _("You get an answer by {time} at the latest, also at night and on holidays.")
    found = [(line, "heading"), (by.format(time=when_text(reply_by, now)), "prose")]
    if one.close_by is not None:
        found.append((_("It should be settled by {day}.").format(day=date_text(_last_day(one.close_by))), "prose"))
    return found


def _last_day(end: datetime) -> datetime:
    return end - timedelta(seconds=1)


def draft_lines(draft: Draft) -> list[str]:
    """What is about to be sent."""
    said = [f"· {sentences()[code].said()}" for code in draft.sentences]
    if draft.words.strip():
        said.append(f"· {plain(draft.words)}")
    if draft.talk:
        said.append("· " + _("Please come and talk to me"))
    return said
