"""What is said of ECG strips: where from, how fast, by whom counted and reported, what two marks measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.words import age_text, time_text, word
from wardlink.clinical.ecg.strip import off_text as leads_off_text
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.ecg import Counted, Held, Listed, Opened
    from wardlink.clinical.ecg.calipers import Measured
    from wardlink.clinical.ecg.strip import Strip
    from wardlink.messages.ecg import EcgReport, EcgView

_ = domain("cart").gettext

ORIGINS: Mapping[str, str] = {"monitor": N_("monitor"), "room": N_("ECG room"), "desk": N_("from a file")}
COUNTED_BY: Mapping[str, str] = {"server": N_("found by the server"), "sender": N_("found by the sending device")}

_ABSENT = N_(
    "The curve of this strip is not on this cart: it holds the newest five of a stay, none older than three days."
    " At the desk it is whole."
)
_DAMAGED = N_(
    "This strip came damaged and cannot be read. Judge nothing by it: have it sent again, or record a new one."
)
_NOT_COUNTED = N_("Heart rate: nobody counted the beats (too short, too coarse, or no usable lead).")
_NO_RHYTHM = N_("Only beats are counted. What rhythm it is, a doctor says.")


def origin_text(view: EcgView) -> str:
    """Where it was taken: the place, if the sender has told it."""
    return plain(view.place or "") or word(ORIGINS, view.source)


def ecg_marks(views: Iterable[EcgView]) -> tuple[str, ...]:
    """What stands beside the patient's name: that a critical report waits for a nurse."""
    return (_("‼ critical ECG unread: E"),) if any(view.is_critical and view.is_new for view in views) else ()


def held_text(held: Held) -> str:
    """Why there is no curve to see."""
    return {"absent": _(_ABSENT), "damaged": _(_DAMAGED)}.get(held, "")


def rate_text(counted: Counted, held: Held) -> str:
    """The heart rate for a column; a dash where there is none."""
    if held == "damaged":
        return _("unreadable")
    return "—" if counted.rate is None else _("{n}/min").format(n=round(counted.rate.mean))


def counted_short(view: EcgView, counted: Counted) -> str:
    """The same in a line of a small screen."""
    if counted.rate is None:
        return counted_text(view, counted)
    said = _("Heart rate {rate}/min ({low}–{high}), {beats} beats, {by}")
    return said.format(
        rate=round(counted.rate.mean),
        low=round(counted.rate.slowest),
        high=round(counted.rate.fastest),
        beats=counted.rate.beats,
        by=word(COUNTED_BY, view.beats_by),
    )


def counted_text(view: EcgView, counted: Counted) -> str:
    """The heart rate and what it rests on, or why there is none."""
    if counted.refused is not None:
        return counted.refused.text()
    found = counted.rate
    if found is None:
        return _(_NOT_COUNTED)
    return _("Heart rate {rate}/min ({low}–{high}): {beats} beats in {seconds} s of lead {lead}, {by}").format(
        rate=round(found.mean),
        low=round(found.slowest),
        high=round(found.fastest),
        beats=found.beats,
        seconds=f"{found.seconds:.1f}",
        lead=view.beats_lead,
        by=word(COUNTED_BY, view.beats_by),
    )


def caution_text() -> str:
    """What a rate does not say."""
    return _(_NO_RHYTHM)


def state_text(view: EcgView) -> tuple[str, str]:
    """What a nurse still has to do with it, and in which tone that is said."""
    if view.struck_at is not None:
        return _("struck out"), "struck"
    if view.is_critical:
        return (_("‼ critical"), "alarm") if view.is_new else (_("critical, read"), "warn")
    if view.is_new:
        return (_("new report"), "warn") if view.seen_at is not None else (_("unread"), "warn")
    return _("was read"), "dim"


def report_text(view: EcgView) -> str:
    """The newest report in one line."""
    return plain(view.reports[-1].text) if view.reports else _("no report yet")


def report_lines(view: EcgView, now: datetime) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """The reports, the newest first: who and when, whether it cannot wait, and its lines."""
    for report in reversed(view.reports):
        yield _reporter(report, now), report.critical, tuple(plain(line) for line in report.text.splitlines())


def seen_text(view: EcgView, now: datetime) -> str:
    """Who of the nurses has read it."""
    if view.seen_at is None:
        return _("No nurse has read it yet: S")
    by = plain(view.seen_by_name or (view.seen_by.id if view.seen_by else "—"))
    said = _("Read by {name}, {at}").format(name=by, at=time_text(view.seen_at, now))
    return said if not view.is_new else said + " · " + _("a newer report is unread: S")


def struck_text(view: EcgView, now: datetime) -> str:
    """Why it does not count."""
    at = "—" if view.struck_at is None else time_text(view.struck_at, now)
    return _("Struck out {at}: {reason}").format(at=at, reason=plain(view.struck_reason or ""))


def taken_text(found: Opened | Listed, now: datetime) -> str:
    """When, how long ago, where, and how it was sampled."""
    view = found.view
    return "  ".join(
        (
            time_text(view.taken_at, now),
            age_text(now - view.taken_at),
            origin_text(view),
            _("{seconds} s, {rate} Hz, {n} leads").format(
                seconds=f"{view.seconds:g}", rate=f"{view.rate_hz:g}", n=len(view.leads)
            ),
        )
    )


def off_text(strip: Strip) -> str:
    """Which leads have no value, and when."""
    which = leads_off_text(strip)
    return _("Lead off: {which}").format(which=which) if which else ""


def measured_text(found: Measured, lead: str) -> str:
    """What lies between the two marks."""
    parts = [_("{ms} ms").format(ms=f"{found.ms:.0f}")]
    parts.append("—" if found.per_min is None else _("{n}/min if beat to beat").format(n=f"{found.per_min:.0f}"))
    parts.append(
        _("{lead}: lead off at a mark").format(lead=lead) if found.mv is None else f"{lead} {found.mv:+.2f} mV"
    )
    return "  ".join(parts)


def _reporter(report: EcgReport, now: datetime) -> str:
    who = _("with the strip") if report.by is None else plain(report.by_name or report.by.id)
    return f"{time_text(report.at, now)} {who}"
