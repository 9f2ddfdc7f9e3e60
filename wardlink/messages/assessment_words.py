"""What an assessment says to a person, in one place for the cart and the board."""

from __future__ import annotations

from collections.abc import Mapping

from wardlink.clinical.assessments.scales import TOTAL, Band, Scale, scale_called
from wardlink.i18n import gettext
from wardlink.messages.assessments import AssessmentView

NOTHING = "—"

_GCS = (("E", "eye"), ("V", "verbal"), ("M", "motor"))


def totals_text(scale: Scale | None, totals: Mapping[str, int], answers: Mapping[str, str]) -> str:
    """The total, or those of each part; of a coma scale its three parts as they are written on paper."""
    if scale is not None and scale.code == "gcs":
        parts = "".join(f"{letter}{answers.get(item, '-')}" for letter, item in _GCS)
        return f"{totals[TOTAL]} {parts}" if TOTAL in totals else parts
    if TOTAL in totals:
        return str(totals[TOTAL])
    names = {} if scale is None else scale.parts
    return " ".join(f"{gettext(names[part]) if part in names else part} {points}" for part, points in totals.items())


def band_of(view: AssessmentView) -> Band | None:
    """The level of an assessment, where its scale and level are known here."""
    scale = scale_called(view.scale)
    return None if scale is None else scale.band(view.band)


def result_text(view: AssessmentView) -> str:
    """Total and level; a level that is not known here stands for itself."""
    scale, band = scale_called(view.scale), band_of(view)
    level = view.band if band is None else band.label_text()
    return joined(totals_text(scale, view.totals, view.answers), level) or NOTHING


def joined(total: str, level: str | None) -> str:
    """Total and level in one line; totals of several parts are set apart from the level."""
    return (" · " if " " in total else " ").join(filter(None, (total, level)))


def scale_text(code: str) -> str:
    """The name of a scale; one that is not known here stands for itself."""
    scale = scale_called(code)
    return code if scale is None else scale.label_text()
