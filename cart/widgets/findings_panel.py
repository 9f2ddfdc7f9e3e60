"""What is wrong or doubtful about the set that is being typed, in sentences; the gravest first."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from cart.usecases.examine import NOTHING, Exam
from wardlink.clinical.findings import Severity
from wardlink.i18n import domain

_ = domain("cart").gettext

_STYLES = {"hard": "bold #ff8a80", "ask": "bold #ffd75f", "soft": "#ffd75f", "done": "#87e087"}


class FindingsPanel(Static):
    """Hard ones block, asked ones want a second value or a reason, soft ones want the nurse's word (F4)."""

    DEFAULT_CSS = """
    FindingsPanel { height: auto; min-height: 2; padding: 0 1; }
    """

    def show(self, exam: Exam) -> None:
        """Show what stands in the way of saving."""
        self.update(findings(exam))


def findings(exam: Exam) -> Content:
    """The sentences."""
    if exam.is_empty:
        return Content.styled(_(NOTHING), "#8f989f")
    lines = [("hard", "✖ " + unreadable.text()) for unreadable in exam.unreadable]
    lines += [("hard", "✖ " + finding.text()) for finding in exam.blocks]
    lines += [("ask", "? " + finding.text()) for finding in exam.asks]
    lines += [("soft", "! " + finding.text() + _("  F4: yes")) for finding in exam.unconfirmed]
    lines += [
        ("done", "✓ " + finding.text())
        for finding in exam.findings
        if finding.severity is Severity.SOFT and finding in exam.draft.confirmed
    ]
    if not lines:
        return Content.styled(_("Everything is in order. F2 saves."), "#87e087")
    return Content("\n").join(Content.styled(text, _STYLES[tone]) for tone, text in lines)
