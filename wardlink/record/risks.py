"""What a patient is at risk of, derived from what the record holds; nothing of it is stored.

The ward list shows the signs, the page of a patient the words. How a patient is isolated is no risk but stands with
them, because whoever comes near must see it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wardlink.clinical.assessments.scales import Tone, scales
from wardlink.clinical.isolation import precautions
from wardlink.clinical.skin_test import says_positive
from wardlink.i18n import N_, gettext
from wardlink.messages.assessment_words import result_text
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.isolations import IsolationView
from wardlink.messages.skin_tests import SkinTestView
from wardlink.record.assessments import standing
from wardlink.record.isolations import holding
from wardlink.record.skin_tests import allergies_with

SKIN_TEST_POSITIVE = "skin-test-positive"
ALLERGY = "allergy"


@dataclass(frozen=True)
class Risk:
    """One risk. `sign`: two letters, or one Chinese character; `mark`: a word; `said`: what stands behind it.

    `found`: the assessment that says so; None where it is no scale that does.
    """

    code: str
    sign: str
    mark: str
    said: str
    tone: Tone
    found: AssessmentView | None = None

    def sign_text(self) -> str:
        """The sign, for a row."""
        return gettext(self.sign)

    def mark_text(self) -> str:
        """The word, for a heading."""
        return gettext(self.mark)

    def said_text(self) -> str:
        """The result of the scale, or the name of what harms."""
        return result_text(self.found) if self.found is not None else self.said


_OTHERS: dict[str, tuple[str, str, Tone]] = {
    SKIN_TEST_POSITIVE: (N_("ST+"), N_("Skin test positive"), "alarm"),
    ALLERGY: (N_("Al"), N_("Allergy"), "alarm"),
}
_TONES = ("alarm", "warn", "calm")


def risks_of(
    allergies: Sequence[str],
    assessments: Iterable[AssessmentView],
    tests: Iterable[SkinTestView],
    isolations: Iterable[IsolationView] = (),
) -> tuple[Risk, ...]:
    """The risks of one stay: isolation and self-harm first, then what must not be given, then levels by their weight.

    Of each scale the newest that stands counts. Two scales of one sign are one risk, told by the weightier.
    """
    known = allergies_with(tuple(allergies), tests)
    by_test = [text for text in known if says_positive(text)]
    told = {SKIN_TEST_POSITIVE: by_test, ALLERGY: [text for text in known if text not in by_test]}
    others = [Risk(code, sign, mark, ", ".join(told[code]), tone) for code, (sign, mark, tone) in _OTHERS.items()]
    levels = sorted(_levels(assessments), key=lambda risk: _TONES.index(risk.tone))
    grave = [risk for risk in levels if risk.code == "self-harm"]
    isolated = [_isolation(view) for view in holding(isolations)]
    harmful = [risk for risk in others if risk.said]
    found = [*isolated, *grave, *harmful, *(risk for risk in levels if risk.code != "self-harm")]
    kept: dict[str, Risk] = {}
    for risk in found:
        kept.setdefault(risk.sign, risk)
    return tuple(kept.values())


def _isolation(view: IsolationView) -> Risk:
    rule = precautions()[view.precaution]
    return Risk(view.precaution, rule.sign, rule.mark, view.reason, "alarm")


def _levels(assessments: Iterable[AssessmentView]) -> Iterable[Risk]:
    newest = standing(assessments)
    for code, scale in scales().items():
        view = newest.get(code)
        band = None if view is None else scale.band(view.band)
        if view is not None and band is not None and band.marked:
            name, sign, mark = band.alert or code, band.sign or scale.sign, band.mark or scale.mark
            yield Risk(name, sign, mark, "", band.tone, view)


def every_sign() -> tuple[tuple[str, str], ...]:
    """Each sign that there is with its word, in the language of now: the legend."""
    pairs = [(rule.sign, rule.mark) for rule in precautions().values()]
    pairs += [(band.sign, band.mark or scale.mark) for scale in scales().values() for band in scale.bands if band.sign]
    pairs += [(sign, mark) for sign, mark, _tone in _OTHERS.values()]
    pairs += [(scale.sign, scale.mark) for scale in scales().values() if any(band.marked for band in scale.bands)]
    return tuple((gettext(sign), gettext(mark)) for sign, mark in dict(pairs).items())
