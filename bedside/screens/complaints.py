"""My complaints, suggestions and thanks: each with its clock; and the way to a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.asking import AskingScreen
from bedside.usecases.bill import trouble_text
from bedside.usecases.complaint_words import field_notes, title_text, waiting_notes
from bedside.usecases.complaints import said_of, waiting
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain
from wardlink.messages.complaints import ComplaintsAtBed

if TYPE_CHECKING:
    from bedside.ports import Terminal

_ = domain("bedside").gettext

MOST = 6
"""Choices on a page, the one for older ones included."""

LOOK_EVERY_S = 30.0
"""So often it is asked whether there is an answer, as long as the page is looked at."""


class ComplaintsPage(AskingScreen[ComplaintsAtBed]):
    """A page that shows what the server says of complaints, and what still waits on this terminal."""

    _waited: frozenset[str] = frozenset()
    """What waited on this terminal when it was asked last."""

    def ask(self, terminal: Terminal, encounter: str) -> ComplaintsAtBed:
        """How they stand."""
        return terminal.voice.complaints(encounter)

    def look(self) -> None:
        """Ask again."""
        self._waited = self._waiting()
        super().look()

    def _waiting(self) -> frozenset[str]:
        bed = self.bed
        if bed.session is None:
            return frozenset()
        terminal, stay = bed.terminal, bed.session.encounter
        return said_of(terminal, stay).union(one.id for one in waiting(terminal, stay))

    def bed_changed(self) -> None:
        """Something was sent, or has arrived: ask how it stands."""
        self.look()

    def on_screen_resume(self) -> None:
        """Back from another page."""
        self.show_frame()
        self.look()

    def tick(self) -> None:
        """The clock runs; now and then there is an answer. What has arrived is asked for: no change tells of it."""
        super().tick()
        if self._asked_s is not None and self.bedside.bed is not None:
            is_time = self.bed.terminal.clock.monotonic_s() - self._asked_s >= LOOK_EVERY_S
            if is_time or self._waited - self._waiting():
                self.look()
            elif self.stands and self.found is not None:
                self.call_later(self.answered)


class ComplaintsScreen(ComplaintsPage):
    """The newest first, six fields at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._page = 0
        self._shown: list[tuple[str, str, tuple[str, ...]]] | None = None

    def body(self) -> Iterable[Widget]:
        """What it is for, and those that were sent."""
        yield Words(_("Complaints, ideas, thanks"), classes="title")
        yield Words(id="complaints-said", classes="prose")
        yield Choices([], most=2, id="complaints")

    def right(self) -> Sequence[Touch]:
        """A new one."""
        return [Touch(_("Tell us"), "write", kind="main", id="write")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#write")

    async def speak_anew(self) -> None:
        """The fields are other ones."""
        self._shown = None
        await super().speak_anew()

    async def answered(self) -> None:
        """Show it."""
        fields = self._fields()
        said = self.query_one("#complaints-said", Words)
        said.set_class(self.error is not None, "-trouble")
        if self.error is not None:
            said.show(trouble_text(self.error))
        elif self.found is None and not fields:
            said.show(_("One moment ..."))
        else:
            said.show(
                _("Tell us what is wrong, what could be better, what was good. A complaint is answered in 24 hours.")
            )
        if fields != self._shown:
            # Only then: fields that are made anew would lose a finger that is on them.
            self._shown = fields
            touches = [Touch(label, value, notes=notes, id=value.replace(":", "-")) for label, value, notes in fields]
            await self.query_one("#complaints", Choices).replace(touches)

    def _fields(self) -> list[tuple[str, str, tuple[str, ...]]]:
        bed = self.bed
        stay, now = self.session.encounter, bed.terminal.clock.now()
        mine = waiting(bed.terminal, stay)
        unsent = said_of(bed.terminal, stay)
        known = self.found.complaints if self.found is not None else ()
        found = [(title_text(one.kind, one.id), f"complaint:{one.id}", tuple(waiting_notes(one))) for one in mine]
        there = {one.id for one in mine}
        found += [
            (title_text(one.kind, one.id), f"complaint:{one.id}", tuple(field_notes(one, now, unsent=one.id in unsent)))
            for one in known
            if one.id not in there
        ]
        if len(found) <= MOST:
            return found
        pages = -(-len(found) // (MOST - 1))
        at = self._page % pages
        return [*found[at * (MOST - 1) :][: MOST - 1], (_("Older ones"), "more", (f"{at + 1}/{pages}",))]

    async def do_more(self) -> None:
        """Older ones; after the oldest, the newest."""
        self._page += 1
        await self.answered()

    def do_complaint(self, complaint: str) -> None:
        """How it stands, and the answer."""
        from bedside.screens.complaint import ComplaintScreen

        self.app.push_screen(ComplaintScreen(complaint))

    def do_write(self) -> None:
        """A new one."""
        from bedside.screens.complaint_choice import ComplaintKindScreen
        from bedside.usecases.complaints import Draft

        self.app.push_screen(ComplaintKindScreen(Draft()))
