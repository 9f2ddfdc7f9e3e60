"""Everything that the form says about a draft before it is saved, and the message it becomes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.draft import NOT_A_TIME, Draft, Unreadable, measured_at, read
from wardlink.clinical.findings import CheckContext, Finding, Severity
from wardlink.clinical.limits import check
from wardlink.clinical.mews import Mews, mews
from wardlink.clinical.names import age_years
from wardlink.clinical.news2 import News2, NotApplicable, PartialNews2, Spo2Scale, assess
from wardlink.clinical.set_window import window
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import ward_date
from wardlink.i18n import N_, domain
from wardlink.messages.scored import Scored, scored, scored_together, summary
from wardlink.messages.vitals import RecordVitals

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

_ = domain("cart").gettext

COUNTED = "pulse-deficit"
NOTHING = N_("Nothing has been entered yet.")
TOO_LONG = N_("This text is too long; {limit} characters fit.")
NOTE_LIMIT = 500
REASON_LIMIT = 200


@dataclass(frozen=True)
class Exam:
    """What a draft means at one instant.

    `together`: the score with what was entered some minutes before, where that completes or adds to this set.
    `mews`: where the hospital wants to see it.
    """

    draft: Draft
    readings: VitalSet
    measured_at: datetime
    findings: tuple[Finding, ...]
    unreadable: tuple[Unreadable, ...]
    assessment: News2 | PartialNews2 | NotApplicable
    together: Scored | None = None
    mews: Mews | None = None

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """Findings that keep the set from being saved."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.HARD)

    @property
    def asks(self) -> tuple[Finding, ...]:
        """Findings that need a second value or a reason."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ASK)

    @property
    def unconfirmed(self) -> tuple[Finding, ...]:
        """Findings that wait for the nurse's word."""
        softs = (finding for finding in self.findings if finding.severity is Severity.SOFT)
        return tuple(finding for finding in softs if finding not in self.draft.confirmed)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to save."""
        return not self.readings.readings() and not self.draft.reasons and not self.unreadable

    @property
    def unexplained(self) -> tuple[str, ...]:
        """What a round still lacks and nobody has said why; empty where it is no round, or where it is whole."""
        found = self.assessment if self.together is None else self.together.assessment
        if not isinstance(found, PartialNews2) or not isinstance(self.assessment, PartialNews2):
            return ()
        if all(part.source_field is None for part in self.assessment.parts):
            return ()
        return tuple(name for name in found.missing if name not in self.draft.reasons)

    @property
    def wants_reason(self) -> bool:
        """Whether the nurse must still say why the round is not whole."""
        return bool(self.unexplained) and not self.draft.partial_reason.strip()

    @property
    def is_sound(self) -> bool:
        """Whether nothing of what was entered stands in the way."""
        return not (self.is_empty or self.unreadable or self.blocks or self.asks or self.unconfirmed)

    @property
    def may_save(self) -> bool:
        """Whether nothing stands in the way at all."""
        return self.is_sound and not self.wants_reason

    @property
    def first_trouble(self) -> str | None:
        """The field to go to when it may not be saved."""
        if self.unreadable:
            return self.unreadable[0].key
        for findings in (self.blocks, self.asks, self.unconfirmed):
            if findings:
                return findings[0].fields[0]
        return None


def examine(
    draft: Draft,
    stay: EncounterView,
    last: VitalSet | None,
    now: datetime,
    earlier: Sequence[VitalsRecorded] = (),
    *,
    with_mews: bool = False,
) -> Exam:
    """Check a draft with every rule, and score it, before anybody saves it.

    `last`: the newest earlier weight and height. `earlier`: sets that this one may complete. `with_mews`: the
    ward wants to see MEWS as well.
    """
    readings, unreadable = read(draft)
    at = measured_at(draft, now)
    if at is None:
        unreadable = (*unreadable, Unreadable("measured_at", NOT_A_TIME, draft.at.strip()))
        at = now
    for key, text, limit in (("note", draft.note, NOTE_LIMIT), ("late_reason", draft.late_reason, REASON_LIMIT)):
        if len(text) > limit:
            unreadable = (*unreadable, Unreadable(key, _(TOO_LONG).format(limit=limit), ""))
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(at)))
    context = CheckContext(
        source="manual",
        now=now,
        measured_at=at,
        last=last,
        age_years=years,
        discharged_at=stay.discharged_at,
        late_reason=draft.late_reason,
        not_measured=dict(draft.reasons),
        pulse_deficit_counted=draft.counted,
    )
    assessment = assess(readings, scale=Spo2Scale(stay.spo2_scale), age_years=years, pregnant=stay.pregnant)
    return Exam(
        draft,
        readings,
        at,
        check(readings, context=context),
        unreadable,
        assessment,
        together=_together(readings, at, stay, earlier),
        mews=mews(readings, age_years=years, pregnant=stay.pregnant) if with_mews else None,
    )


def _together(
    readings: VitalSet, at: datetime, stay: EncounterView, earlier: Sequence[VitalsRecorded]
) -> Scored | None:
    """The score with what other sets of this round have; None where they add nothing to it."""
    near = [found for found in earlier if abs(at - found.measured_at) <= window()]
    if not near or not readings.readings():
        return None
    # As if it were recorded: one rule for what is typed and for what is kept.
    found = near[-1].model_copy(
        update={"measured_at": at, "readings": readings, "source": "manual", "news2": None, "struck_at": None}
    )
    alone, together = scored(found, stay), scored_together(found, near, stay)
    return None if together.assessment == alone.assessment else together


def to_message(exam: Exam) -> RecordVitals:
    """The set as it is recorded.

    Raises:
        ValueError: it may not be saved.
    """
    if not exam.may_save:
        raise ValueError("a set with open findings is not saved")
    codes = [finding.code for finding in exam.findings if finding in exam.draft.confirmed]
    if exam.draft.counted:
        codes.append(COUNTED)
    return RecordVitals(
        readings=exam.readings,
        not_measured=dict(exam.draft.reasons),
        confirmed=tuple(codes),
        late_reason=exam.draft.late_reason.strip() or None,
        partial_reason=(exam.draft.partial_reason.strip() or None) if exam.unexplained else None,
        note=exam.draft.note.strip() or None,
        seen=summary(exam.assessment),
    )
