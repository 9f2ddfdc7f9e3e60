"""What is wrong or doubtful about the set that is being typed, in sentences; the gravest first."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from cart.usecases.examine import NOTHING, Exam
from cart.widgets.lines import Lines
from wardlink.clinical.findings import Finding, Severity
from wardlink.clinical.items import Labels
from wardlink.i18n import domain

_ = domain("cart").gettext

_STYLES = {"hard": "bold #ff8a80", "ask": "bold #ffd75f", "soft": "#ffd75f", "done": "#87e087"}


class FindingsPanel(Lines):
    """Hard ones block, asked ones want a second value or a reason, soft ones want the nurse's word (F4)."""

    DEFAULT_CSS = """
    FindingsPanel { height: auto; min-height: 2; padding: 0 1; }
    """

    def show(self, exam: Exam, *, unfinished: str | None = None) -> None:
        """Show what stands in the way of saving; of a field that is being typed nothing is said yet."""
        self.say(findings(exam, unfinished))


def findings(exam: Exam, unfinished: str | None = None) -> Content:
    """The sentences."""
    if exam.is_empty:
        return Content.styled(_(NOTHING), "#8f989f")

    def ready(found: Iterable[Finding]) -> list[Finding]:
        return [finding for finding in found if unfinished not in finding.fields]

    lines = [("hard", "✖ " + unread.text()) for unread in exam.unreadable if unread.key != unfinished]
    lines += [("hard", "✖ " + finding.text()) for finding in ready(exam.blocks)]
    lines += [("ask", "? " + finding.text()) for finding in ready(exam.asks)]
    lines += [("soft", "! " + finding.text() + _("  F4: yes")) for finding in ready(exam.unconfirmed)]
    lines += [
        ("done", "✓ " + finding.text())
        for finding in exam.findings
        if finding.severity is Severity.SOFT and finding in exam.draft.confirmed
    ]
    if exam.wants_reason and unfinished is None and exam.is_sound:
        missing = str(Labels(exam.unexplained))
        lines.append(("ask", "? " + _("Not a whole round: {missing} missing. F2 asks why.").format(missing=missing)))
    if not lines and not exam.may_save:
        return Content("")
    if not lines:
        return Content.styled(_("Everything is in order. F2 saves."), "#87e087")
    return Content("\n").join(Content.styled(text, _STYLES[tone]) for tone, text in lines)
