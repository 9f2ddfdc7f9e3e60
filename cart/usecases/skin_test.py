"""Skin tests at the bed: when a test may be read, what both nurses saw, and how that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.words import time_text
from wardlink.clinical.skin_test import Result, readable_from, readable_until, reading
from wardlink.i18n import N_, domain
from wardlink.messages.order_words import result_text
from wardlink.messages.skin_tests import ReadSkinTest, SkinTestView, StrikeSkinTest
from wardlink.record.skin_tests import injected_at, that_count
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.medication import BedRound, Due
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command

_ = domain("cart").gettext

TONES: Mapping[str, str] = {"negative": "good", "positive": "alarm", "doubtful": "warn"}
LATE_REASONS = (N_("a doctor has looked at it and decided"),)


def result_of(line: Due) -> SkinTestView | None:
    """The newest result of this test that was not struck out."""
    return max(that_count(line.tests), key=lambda test: test.read_at, default=None)


def waits_since(line: Due) -> datetime | None:
    """When the test was injected that nobody has read yet; None where nothing is to be read."""
    if not line.is_skin_test or line.dose is None or result_of(line) is not None:
        return None
    return injected_at(line.dose)


def state_of(line: Due, now: datetime) -> tuple[str, str] | None:
    """The state of a test that was injected, and its tone; None for everything else."""
    found, since = result_of(line), waits_since(line)
    if found is not None:
        return result_text(found.result), TONES[found.result]
    if since is None:
        return None
    match reading(since, now):
        case "too-early":
            return _("read at {at}").format(at=time_text(readable_from(since), now)), "strong"
        case "in-time":
            return _("read it now"), "warn"
        case "too-late":
            return _("read too late"), "alarm"


def window_text(line: Due, now: datetime) -> str | None:
    """Between when and when it is read, in a sentence."""
    since = waits_since(line)
    if since is None:
        return None
    said = _("Read it from {begin} to {end}: T")
    return said.format(begin=time_text(readable_from(since), now), end=time_text(readable_until(since), now))


def test_text(test: SkinTestView, names: Mapping[str, str], now: datetime) -> str:
    """One result: when, what, how large, and by whom. `names`: of members of staff."""
    parts = [
        time_text(test.read_at, now),
        result_text(test.result),
        f"{test.before_mm:g} → {test.after_mm:g} mm",
        plain(test.by_name or names.get(test.by.id, test.by.id)),
    ]
    if test.itch_or_redness:
        parts.append(_("red or itching"))
    if test.second_reader:
        parts.append(_("with {who}").format(who=plain(names.get(test.second_reader, test.second_reader))))
    if test.reason:
        parts.append(plain(test.reason))
    if test.struck_at is not None:
        parts.append(_("struck out: {reason}").format(reason=plain(test.struck_reason or "")))
    return "  ".join(parts)


def record_reading(
    ward: Ward,
    session: Session,
    bed: BedRound,
    line: Due,
    *,
    result: Result,
    before_mm: float,
    after_mm: float,
    itch_or_redness: bool,
    second_reader: str,
    reason: str | None,
) -> Command:
    """Record what both nurses have read; the line has an injected test."""
    since = waits_since(line)
    assert line.dose is not None
    assert since is not None
    body = ReadSkinTest(
        dose=line.dose.id,
        order=line.order_id,
        items=line.items,
        injected_at=since,
        result=result,
        before_mm=before_mm,
        after_mm=after_mm,
        itch_or_redness=itch_or_redness,
        second_reader=second_reader,
        reason=reason,
    )
    return ward.record("skin-test.read", body, actor=session.actor, encounter=bed.stay.id, bed=bed.stay.bed)


def strike(ward: Ward, session: Session, bed: BedRound, test: SkinTestView, reason: str) -> Command:
    """Record that a result was wrong."""
    body = StrikeSkinTest(test=test.id, reason=reason)
    return ward.record("skin-test.strike", body, actor=session.actor, encounter=bed.stay.id, bed=bed.stay.bed)
