"""What an assessment means: total, level, what is to be done, and when it is made again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cart.usecases.assess import changed_answers
from cart.usecases.words import time_text
from cart.widgets.lines import Lines
from wardlink.clinical.assessments.scales import TOTAL
from wardlink.i18n import domain
from wardlink.messages.assessment_words import band_of, joined, totals_text
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cart.usecases.assess import ScaleRow
    from cart.usecases.assess_draft import Exam
    from wardlink.clinical.assessments.scales import Band, Item, Scale
    from wardlink.clinical.findings import Finding
    from wardlink.messages.assessments import AssessmentView

_ = domain("cart").gettext

STYLES = {"calm": "bold #87e087", "warn": "bold #101418 on #ffd75f", "alarm": "bold #ffffff on #a01818"}


class AssessmentDetail(Lines):
    """What stands for the scale under the cursor."""

    DEFAULT_CSS = """
    AssessmentDetail { height: 8; padding: 0 1; background: #1b2733; border-top: solid #33475a; }
    """

    def show(self, row: ScaleRow, now: datetime) -> None:
        """Show this row."""
        self.say(detail(row, now))


class ResultPanel(Lines):
    """The result of the form, before it is saved."""

    DEFAULT_CSS = """
    ResultPanel { height: auto; padding: 0 1; background: #1b2733; }
    """

    def show(self, exam: Exam, now: datetime, last: str) -> None:
        """Show what the answers mean so far; `last`: what stood before."""
        self.say(result(exam, now, last))


def detail(row: ScaleRow, now: datetime) -> Content:
    """The lines under the list."""
    view = row.last
    if view is None:
        other = _("Not made in this stay yet. Enter begins.")
        return Content.assemble((row.scale.label_text(), "bold"), "\n", (other, "#c7d0d8"))
    band = band_of(view)
    head: list[str | tuple[str, str]] = [(row.scale.label_text(), "bold"), "  "]
    head += [_badge(totals_text(row.scale, view.totals, view.answers), band)]
    made = _("{at} by {who}").format(at=time_text(view.assessed_at, now), who=plain(view.by_name or view.by.id))
    lines = [Content.assemble(*head, "  ", (made, "#c7d0d8"))]
    lines += _actions(band)
    if view.note:
        lines.append(Content(_("Note: {note}").format(note=plain(view.note))))
    return Content("\n").join(lines)


def result(exam: Exam, now: datetime, last: str) -> Content:
    """The lines beside the form."""
    weighed = exam.weighed
    count = _("{n} of {all} answered").format(n=exam.answered, all=len(weighed.asked))
    total = totals_text(weighed.scale, weighed.totals, weighed.answers)
    lines = []
    if weighed.missing:
        is_one_sum = weighed.scale.summed == (TOTAL,)
        so_far = _("so far {points}").format(points=weighed.so_far) if is_one_sum else ""
        lines.append(Content.assemble((count, "bold"), "  ", so_far))
    if weighed.band is not None or not weighed.missing:
        lines.append(Content.assemble(_badge(total, weighed.band)))
    lines += _actions(weighed.band)
    due_at = weighed.next_at(now)
    if due_at is not None:
        lines.append(Content(_("Next: {at}").format(at=time_text(due_at, now))))
    if last:
        lines.append(Content.styled(_("Last time: {result}").format(result=last), "#c7d0d8"))
    return Content("\n").join(lines)


def findings(exam: Exam) -> Content:
    """What stands in the way of saving, in a line or two."""
    if exam.draft.is_empty:
        return Content.styled(_("A key gives the answer; the next question comes by itself."), "#c7d0d8")
    wrong = [finding for finding in exam.blocks if not finding.code.startswith("missing:")]
    lines = [_said("✖ ", wrong, "bold #ff8a80")] if wrong else []
    if exam.weighed.missing and exam.blocks:
        lines.append(Content.styled(_("{n} questions are open.").format(n=len(exam.weighed.missing)), "#ffd75f"))
    if exam.unconfirmed:
        lines.append(_said("! ", exam.unconfirmed, "#ffd75f", after=_("  F4: yes")))
    if not lines:
        lines.append(Content.styled(_("Everything is in order. F2 saves."), "#87e087"))
    return Content("\n").join(lines)


def _said(mark: str, found: Sequence[Finding], style: str, after: str = "") -> Content:
    return Content.styled("\n".join(mark + finding.text() + after for finding in found), style)


def _badge(total: str, band: Band | None) -> tuple[str, str]:
    words = joined(total, band.label_text() if band else "")
    return f" {words or _('no total')} ", STYLES[band.tone] if band else "bold"


def _actions(band: Band | None) -> list[Content]:
    if band is None or not band.actions:
        return []
    # A blank that is no space: a long Chinese sentence must not leave its mark alone on a line.
    return [Content(f"•\u2800{text}") for text in band.action_texts()]


class AnswersGiven(Lines):
    """The answers of an assessment, those marked that were others before."""

    DEFAULT_CSS = """
    AnswersGiven { height: auto; padding: 0 1; }
    """

    def show(self, scale: Scale, view: AssessmentView, before: AssessmentView | None) -> None:
        """Show this one, beside the one before it."""
        self.say(given(scale, view, before))


def given(scale: Scale, view: AssessmentView, before: AssessmentView | None) -> Content:
    """A line an answer; items that this software does not know stand by their codes."""
    lines = []
    if view.struck_at is not None:
        said = _("Struck out: {reason}").format(reason=plain(view.struck_reason or "?"))
        lines.append(Content.styled(said, "bold #ffd75f"))
    if view.note:
        lines.append(Content(_("Note: {note}").format(note=plain(view.note))))
    changed = changed_answers(view, before)
    names = [item.code for item in scale.items if item.code in view.answers or item.code in changed]
    names += [name for name in view.answers if scale.item(name) is None]
    for name in names:
        item = scale.item(name)
        label = plain(name) if item is None else item.label_text()
        parts: list[str | tuple[str, str]] = [(label + "  ", "#c7d0d8"), _answer_text(item, view.answers.get(name))]
        if name in changed:
            was = _answer_text(item, changed[name][0])
            parts.append(("  " + _("before: {answer}").format(answer=was), "#ffd75f"))
        lines.append(Content.assemble(*parts))
    if not names:
        lines.append(Content(_("Nothing on the list applies.")))
    return Content("\n").join(lines)


def _answer_text(item: Item | None, code: str | None) -> str:
    option = None if item is None or code is None else item.option(code)
    if item is not None and item.ticked:
        return _("applies") if code == "yes" else _("does not apply")
    if option is None:
        return "—" if code is None else plain(code)
    points = "" if not option.points else f" ({option.points})"
    return option.label_text() + (points if option.label else "")
