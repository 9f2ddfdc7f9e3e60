"""What it is and what it is about: two pages with one touch each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.complaints import KINDS, ComplaintKind, topic_text, topics
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from bedside.usecases.complaints import Draft

_ = domain("bedside").gettext

_KINDS: dict[ComplaintKind, tuple[str, str]] = {
    "complaint": (N_("Something is wrong"), N_("a complaint: answered within 24 hours")),
    "suggestion": (N_("It could be better"), N_("an idea: answered within 24 hours")),
    "praise": (N_("It was good"), N_("thanks to somebody")),
}


class ComplaintKindScreen(BedScreen):
    """Three fields."""

    is_private: ClassVar[bool] = True

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft

    def body(self) -> Iterable[Widget]:
        """What it is."""
        yield Words(_("What do you want to tell us?"), classes="title")
        touches = [
            Touch(_(_KINDS[kind][0]), f"kind:{kind}", notes=[_(_KINDS[kind][1])], id=f"kind-{kind}") for kind in KINDS
        ]
        yield Choices(touches, most=3, id="kinds")

    def do_kind(self, kind: str) -> None:
        """On to what it is about."""
        self.draft.begin(cast("ComplaintKind", kind))
        self.app.push_screen(ComplaintTopicScreen(self.draft))


class ComplaintTopicScreen(BedScreen):
    """Six fields."""

    is_private: ClassVar[bool] = True

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft

    def body(self) -> Iterable[Widget]:
        """What it is about."""
        yield Words(_("What is it about?"), classes="title")
        yield Choices([Touch(topic_text(one), f"topic:{one}", id=f"topic-{one}") for one in topics()], id="topics")

    def do_topic(self, topic: str) -> None:
        """On to the sentences."""
        from bedside.screens.complaint_sentences import ComplaintSentencesScreen

        self.draft.choose_topic(topic)
        self.app.push_screen(ComplaintSentencesScreen(self.draft))
