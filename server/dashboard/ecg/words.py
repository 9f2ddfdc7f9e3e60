"""What the pages say of a strip: where it is from, how fast the heart was, and why its patient does not see it."""

from __future__ import annotations

from collections.abc import Mapping

from server.dashboard.words import word
from wardlink.clinical.ecg.rate import NoRate, rate
from wardlink.clinical.ecg.release import Why
from wardlink.clinical.ecg.strip import Strip
from wardlink.i18n import N_, domain
from wardlink.messages.ecg import EcgReport, EcgView

_ = domain("server").gettext

_ORIGINS: Mapping[str, str] = {"monitor": N_("monitor"), "room": N_("ECG room"), "desk": N_("from a file")}
_COUNTED_BY: Mapping[str, str] = {"server": N_("found by the server"), "sender": N_("found by the sending device")}
_WHY: Mapping[Why, str] = {
    "struck": N_("It is struck out."),
    "minor": N_("The patient is a minor: the guardian is told in person."),
    "kept-back": N_("A doctor has kept it back."),
    "unconfirmed": N_("No doctor has said yet what it shows."),
    "unacknowledged": N_("No nurse has read the critical report yet."),
    "critical": N_("A critical report is shown only after a doctor lets it be seen."),
}


def origin_text(view: EcgView) -> str:
    """Where it was taken: the place, if the sender has told it."""
    return view.place or word(_ORIGINS, view.source)


def why_text(why: Why) -> str:
    """A reason why its patient does not see it."""
    return _(_WHY[why])


def rate_text(view: EcgView, strip: Strip) -> str:
    """The heart rate and what it rests on, or why there is none."""
    if view.beats is None or view.beats_lead is None:
        return _("Nobody counted the beats: too short, too coarse, or no usable lead.")
    try:
        found = rate(strip, view.beats_lead, view.beats)
    except NoRate as refused:
        return refused.text()
    return _("{rate}/min ({low}–{high}): {beats} beats in {seconds} s of lead {lead}, {by}").format(
        rate=round(found.mean),
        low=round(found.slowest),
        high=round(found.fastest),
        beats=found.beats,
        seconds=f"{found.seconds:.1f}",
        lead=view.beats_lead,
        by=word(_COUNTED_BY, view.beats_by),
    )


def reporter_text(report: EcgReport) -> str:
    """Who says what a strip shows."""
    if report.by is None:
        return _("came with the strip, by no doctor of this ward")
    return report.by_name or report.by.id
