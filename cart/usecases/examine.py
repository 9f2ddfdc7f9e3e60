"""Everything that the form says about a draft before it is saved, and the message it becomes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.draft import NOT_A_TIME, Draft, Unreadable, measured_at, read
from wardlink.clinical.findings import CheckContext, Finding, Severity
from wardlink.clinical.limits import check
from wardlink.clinical.names import age_years
from wardlink.clinical.news2 import News2, NotApplicable, PartialNews2, Spo2Scale, assess
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import ward_date
from wardlink.i18n import N_, domain
from wardlink.messages.vitals import News2Summary, RecordVitals

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext

COUNTED = "pulse-deficit"
NOTHING = N_("Nothing has been entered yet.")
TOO_LONG = N_("This text is too long; {limit} characters fit.")
NOTE_LIMIT = 500
REASON_LIMIT = 200


@dataclass(frozen=True)
class Exam:
    """What a draft means at one instant."""

    draft: Draft
    readings: VitalSet
    measured_at: datetime
    findings: tuple[Finding, ...]
    unreadable: tuple[Unreadable, ...]
    assessment: News2 | PartialNews2 | NotApplicable

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
    def may_save(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.is_empty or self.unreadable or self.blocks or self.asks or self.unconfirmed)

    @property
    def first_trouble(self) -> str | None:
        """The field to go to when it may not be saved."""
        if self.unreadable:
            return self.unreadable[0].key
        for findings in (self.blocks, self.asks, self.unconfirmed):
            if findings:
                return findings[0].fields[0]
        return None


def examine(draft: Draft, stay: EncounterView, last: VitalSet | None, now: datetime) -> Exam:
    """Check a draft with every rule, and score it, before anybody saves it.

    `last`: the newest earlier weight and height.
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
    return Exam(draft, readings, at, check(readings, context=context), unreadable, assessment)


def summary(assessment: News2 | PartialNews2 | NotApplicable) -> News2Summary | None:
    """The score that stood on the screen, as it is sent; None where none may be shown."""
    match assessment:
        case News2():
            return News2Summary(
                total=assessment.total,
                band=assessment.band.value,
                red=assessment.red,
                scale=assessment.scale.value,
            )
        case PartialNews2():
            least = assessment.band_at_least
            return News2Summary(
                partial=assessment.partial,
                band=None if least is None else least.value,
                red=assessment.red,
                scale=assessment.scale.value,
                missing=assessment.missing,
            )
        case _:
            return None


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
        note=exam.draft.note.strip() or None,
        seen=summary(exam.assessment),
    )
