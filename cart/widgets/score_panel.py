"""NEWS2 while it is being typed: the parts in the order of the chart, the total, and what it asks for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cart.usecases.readings import NO_VALUE, value_text
from cart.usecases.words import BANDS, time_text, word
from cart.widgets.lines import Lines
from wardlink.clinical.items import ITEMS
from wardlink.clinical.news2 import News2, NotApplicable, Part, PartialNews2, Spo2Scale
from wardlink.clinical.reference import spo2_target
from wardlink.clinical.set_window import window
from wardlink.i18n import domain
from wardlink.terminal.cells import fit

if TYPE_CHECKING:
    from cart.usecases.scores import Scored
    from wardlink.clinical.mews import Mews
    from wardlink.clinical.vitals import VitalSet

_ = domain("cart").gettext

_POINT_STYLES = {0: "", 1: "#ffd75f", 2: "bold #ffaf5f", 3: "bold #ffffff on #a01818"}
_BAND_STYLES = {
    "low": "bold #87e087",
    "low-medium": "bold #101418 on #ffd75f",
    "medium": "bold #101418 on #ffaf5f",
    "high": "bold #ffffff on #a01818",
}
_LABEL, _VALUE = 18, 11


class ScorePanel(Lines):
    """Before saving, never after: the nurse sees what she is about to record."""

    DEFAULT_CSS = """
    ScorePanel { height: auto; padding: 0 1; background: #1b2733; }
    """

    def show(
        self,
        assessment: News2 | PartialNews2 | NotApplicable,
        readings: VitalSet,
        measured_at: datetime,
        now: datetime,
        *,
        is_brief: bool = False,
        together: Scored | None = None,
        mews: Mews | None = None,
    ) -> None:
        """Show this score of these readings; brief: without its parts and the response in full.

        `together`: with what was entered some minutes before. `mews`: where it is to be shown as well.
        """
        shown = [panel(assessment, readings, measured_at, now, is_brief=is_brief)]
        if together is not None:
            shown.append(_with_earlier(together, measured_at, now))
        if mews is not None and not is_brief:
            shown.append(_mews(mews))
        self.say(Content("\n").join(shown))


def panel(
    assessment: News2 | PartialNews2 | NotApplicable,
    readings: VitalSet,
    measured_at: datetime,
    now: datetime,
    *,
    is_brief: bool = False,
) -> Content:
    """The lines of the panel."""
    if isinstance(assessment, NotApplicable):
        return Content.assemble(("NEWS2\n", "bold"), assessment.text())
    if is_brief:
        brief = _whole(assessment, measured_at, now) if isinstance(assessment, News2) else _part_known(assessment)
        return Content("\n").join(brief[:2])
    lines = [Content.assemble(*_part(part, readings)) for part in assessment.parts]
    scale = spo2_target(assessment.scale)
    if assessment.scale is Spo2Scale.TWO:
        said = _("SpO2 scale 2 is ordered: target {low} to {high} %").format(
            low=f"{scale.low:g}", high=f"{scale.high:g}"
        )
        lines.append(Content.styled(said, "#ffd75f"))
    if isinstance(assessment, News2):
        lines += _whole(assessment, measured_at, now)
    else:
        lines += _part_known(assessment)
    return Content("\n").join(lines)


def _part(part: Part, readings: VitalSet) -> list[str | tuple[str, str]]:
    name = part.source_field
    value = None if name is None else getattr(readings, name)
    if name == "o2_on":
        shown = NO_VALUE if value is None else (_("oxygen") if value else _("air"))
    elif value is None or name is None:
        shown = NO_VALUE
    else:
        shown = value_text(name, value)
    if part.is_stand_in and name is not None:
        shown += f" ({ITEMS[name].text()})"
    points = "·" if part.points is None else str(part.points)
    label = fit(part.parameter.text(), _LABEL)
    return [label, fit(shown, _VALUE, "right"), "  ", (f" {points} ", _POINT_STYLES[part.points or 0])]


def _whole(score: News2, measured_at: datetime, now: datetime) -> list[Content]:
    band = score.band.value
    total = f" NEWS2  {score.total}  {word(BANDS, band)} "
    due = _("Next: {at}").format(at=time_text(score.next_due_at(measured_at), now))
    return [
        Content.assemble((total, _BAND_STYLES[band]), "  ", due),
        Content.styled(score.response.monitoring_text(), "bold"),
        Content(score.response.response_text()),
    ]


def _with_earlier(together: Scored, measured_at: datetime, now: datetime) -> Content:
    """The score of the whole round, some of whose readings were entered before."""
    found = together.assessment
    said = Content.styled(_("With what was taken in the {n} minutes before:").format(n=_window_min()), "#9fb4c4")
    if isinstance(found, News2):
        return Content("\n").join([said, *_whole(found, measured_at, now)])
    if isinstance(found, PartialNews2):
        return Content("\n").join([said, *_part_known(found)[:2]])
    return Content("")


def _window_min() -> int:
    return round(window().total_seconds() / 60)


def _mews(found: Mews) -> Content:
    least = "" if found.is_whole else "≥"
    head = f" MEWS  {least}{found.total} "
    step = found.step
    said = "" if step is None else step.advice_text()
    missing = (
        "" if found.is_whole else "\n" + _("No total: {missing} not measured.").format(missing=found.missing_text())
    )
    return Content.assemble((head, "bold"), " ", said, missing)


def _part_known(score: PartialNews2) -> list[Content]:
    missing = _("No total: {missing} not measured.").format(missing=score.missing_text())
    least = score.band_at_least
    if least is None or score.response is None:
        known = f" NEWS2  ≥{score.partial} " if score.partial else " NEWS2  — "
        return [Content.styled(known, "bold"), Content(missing)]
    head = _(" NEWS2  at least {points}  at least {band} ").format(points=score.partial, band=word(BANDS, least.value))
    return [
        Content.styled(head, _BAND_STYLES[least.value]),
        Content(missing),
        Content.styled(score.response.monitoring_text(), "bold"),
        Content(score.response.response_text()),
    ]
