"""Before it is sent: what it says, whom it is about, who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import VerticalScroll
from textual.widget import Widget

from bedside.screens.sending import Sending
from bedside.usecases.complaint_words import draft_lines
from bedside.usecases.complaints import TALKED_OF, send, team
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.complaints import kind_text, topic_text
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from bedside.usecases.complaints import Draft
    from wardlink.messages.complaints import CareRole

_ = domain("bedside").gettext

_ABOUT = {"nurse": N_("About nurse {name}"), "doctor": N_("About doctor {name}")}


class ComplaintCheckScreen(Sending):
    """One main action: send. Sent once, however often it is touched."""

    is_private: ClassVar[bool] = True

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft

    def body(self) -> Iterable[Widget]:
        """What it says, and what can be set."""
        draft = self.draft
        yield Words(f"{kind_text(draft.kind)} · {topic_text(draft.topic)}", classes="title")
        yield VerticalScroll(
            *(Words(line, classes="point") for line in draft_lines(draft)), id="check-lines", can_focus=False
        )
        touches = []
        if draft.kind == "complaint":
            touches += [Touch("", f"about:{role}", kind="quiet", id=f"about-{role}") for role, _name in self._team()]
        if draft.kind in TALKED_OF:
            touches.append(Touch("", "office", kind="quiet", id="office"))
        yield Choices(touches, most=2, id="check")

    def right(self) -> Sequence[Touch]:
        """Send it."""
        return [Touch(_("Send"), "send", kind="main", id="send")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#send")

    def bed_changed(self) -> None:
        """The page stands."""
        self._show()

    def _team(self) -> tuple[tuple[CareRole, str], ...]:
        stay = self.bed.stay_of(self.session)
        return team(stay) if stay is not None else ()

    def _show(self) -> None:
        if not self.stands:
            return
        draft = self.draft
        for role, name in self._team():
            if self.query(f"#about-{role}"):
                label = _(_ABOUT[role]).format(name=plain(name))
                self._show_one(f"about-{role}", label, _("then somebody else handles it"), is_on=role in draft.about)
        if draft.kind in TALKED_OF:
            note = _("the office sees your name") if draft.office_only else _("the ward does not see it")
            self._show_one("office", _("To the hospital's office only"), note, is_on=draft.office_only)
        self.query_one("#check").display = bool(self.query("#check Touch"))

    def _show_one(self, name: str, label: str, note: str, *, is_on: bool) -> None:
        touch = self.query_one(f"#{name}", Touch)
        touch.show(label, [note])
        touch.choose(is_on)

    def do_about(self, role: str) -> None:
        """About them, or not."""
        self.draft.name(cast("CareRole", role))
        self._show()

    def do_office(self) -> None:
        """To the office alone, or to the ward as well."""
        self.draft.office_only = not self.draft.office_only
        self._show()

    def do_send(self) -> None:
        """Once."""
        draft = self.draft
        if draft.says_something:
            self.send(lambda terminal, place, session: send(terminal, place, session, draft))

    def sent(self) -> None:
        """Back to the list; nothing of what was written is shown again."""
        from bedside.screens.complaints import ComplaintsScreen

        self.back_to(ComplaintsScreen)
