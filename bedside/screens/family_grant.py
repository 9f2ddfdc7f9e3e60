"""The patient lets one of the family in: who, their name, what they may do, and the consent, read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.screens.sending import Sending
from bedside.widgets.choices import Choices
from bedside.widgets.pad import DELETE, OTHER, TURN, Pad
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.family import BY_PATIENT, relation_text, scopes
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.family import Draft
    from wardlink.clinical.family import Relation, Scope

_ = domain("bedside").gettext


class DraftPage(BedScreen):
    """A page on which a part of it is said."""

    is_private: ClassVar[bool] = True

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


class FamilyWhoScreen(DraftPage):
    """Who they are to the patient."""

    def body(self) -> Iterable[Widget]:
        """Five fields."""
        yield Words(_("Who shall be let in?"), classes="title")
        touches = [Touch(relation_text(one), f"who:{one}", id=f"who-{one}") for one in BY_PATIENT]
        yield Choices(touches, id="relations")

    def do_who(self, relation: str) -> None:
        """On to the name."""
        self.draft.begin(cast("Relation", relation))
        self.app.push_screen(FamilyNameScreen(self.draft))


class FamilyNameScreen(DraftPage):
    """What they are called: by the pad's letters, or by a keyboard in any script; or not at all."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "blank", show=False, priority=True)]

    def body(self) -> Iterable[Widget]:
        """What was typed, and the keys."""
        yield Words(id="asked")
        yield Words(id="typed", classes="centred")
        yield Words(_("In letters, or on a keyboard. You can leave it empty."), id="said")
        yield Container(Pad(self._key_text, letters=True, id="pad"), id="pad-place")

    def right(self) -> Sequence[Touch]:
        """On."""
        return [Touch(_("Next"), "next", kind="main", id="next")]

    def first_focus(self) -> Widget | None:
        """The first key."""
        return next(iter(self.query("#pad Touch")), None)

    def _key_text(self, key: str) -> str:
        words = {DELETE: _("Delete"), TURN: _("More"), OTHER: _("Space")}
        return words.get(key, key)

    def bed_changed(self) -> None:
        """The page stands."""
        self._show()

    def _show(self) -> None:
        if not self.stands:
            return
        asked = _("What is the name of your family member ({relation})?")
        self.query_one("#asked", Words).show(asked.format(relation=relation_text(self.draft.relation)))
        self.query_one("#typed", Words).show(f"{self.draft.name}▏")
        self.query_one(Pad).relabel()

    async def do_key(self, key: str) -> None:
        """A key of the pad."""
        if key == TURN:
            await self.query_one(Pad).turn()
        elif key == DELETE:
            self.draft.wipe_last()
        else:
            self.draft.type(" " if key == OTHER else key)
        self._show()

    def action_blank(self) -> None:
        """The space bar writes here; Enter touches."""
        self.draft.type(" ")
        self._show()

    def on_key(self, event: events.Key) -> None:
        """A keyboard writes."""
        if event.key == "backspace":
            event.stop()
            self.draft.wipe_last()
            self._show()
        elif event.is_printable and event.character:
            event.stop()
            self.draft.type(event.character)
            self._show()
            self.query_one("#next").focus()
        else:
            super().on_key(event)

    def on_paste(self, event: events.Paste) -> None:
        """A keyboard on a screen hands over whole words."""
        event.stop()
        self.draft.type(event.text)
        self._show()

    def do_next(self) -> None:
        """On to what they may do."""
        self.app.push_screen(FamilyScopesScreen(self.draft))


class FamilyScopesScreen(DraftPage):
    """What they may do, and until when."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._trouble = ""

    def body(self) -> Iterable[Widget]:
        """Three things, and the time."""
        yield Words(id="scopes-asked", classes="title")
        yield Words(id="scopes-said", classes="prose -trouble")
        touches = [Touch("", f"tick:{row.code}", id=f"scope-{row.code}") for row in scopes()]
        yield Choices([*touches, Touch("", "until", kind="quiet", id="until")], most=2, id="scopes")

    def right(self) -> Sequence[Touch]:
        """On."""
        return [Touch(_("Next"), "next", kind="main", id="next")]

    def first_focus(self) -> Widget | None:
        """The first of them."""
        return next(iter(self.query("#scopes Touch")), None)

    def bed_changed(self) -> None:
        """The page stands."""
        self._show()

    def on_screen_resume(self) -> None:
        """Back from the page after it."""
        self.show_frame()
        self._show()

    def _show(self) -> None:
        if not self.stands:
            return
        from bedside.usecases.family_words import until_text, who_text

        draft, now = self.draft, self.bed.terminal.clock.now()
        who = who_text(draft.name, draft.relation)
        self.query_one("#scopes-asked", Words).show(_("What may {who} do here?").format(who=who))
        for row in scopes():
            touch = self.query_one(f"#scope-{row.code}", Touch)
            touch.show(row.label_text(), [row.open_text()])
            touch.choose(row.code in draft.scopes)
        self.query_one("#until", Touch).show(until_text(draft.until(now), now), [_("touch to change")])
        said = self.query_one("#scopes-said", Words)
        said.show(self._trouble)
        said.display = bool(self._trouble)

    def do_tick(self, scope: str) -> None:
        """This, or not."""
        self._trouble = ""
        self.draft.tick(cast("Scope", scope))
        self._show()

    def do_until(self) -> None:
        """The next choice; after the last the first again."""
        self._trouble = ""
        self.draft.turned += 1
        self._show()

    def do_next(self) -> None:
        """On, if anything is chosen; medical information is asked for by itself."""
        if not self.draft.scopes:
            self._trouble = _("Please touch at least one field.")
            self._show()
        elif self.draft.asks_apart:
            self.app.push_screen(FamilyMedicalScreen(self.draft))
        else:
            self.app.push_screen(FamilyCheckScreen(self.draft))


class FamilyMedicalScreen(DraftPage):
    """Medical information: a question of its own."""

    def body(self) -> Iterable[Widget]:
        """What it means, and two answers."""
        yield Words(_("Medical information is a question of its own"), classes="title")
        yield Words(id="medical-asked", classes="prose")
        touches = [
            Touch(_("Yes, they may read it"), "yes", id="medical-yes"),
            Touch(_("No, leave it out"), "no", kind="quiet", id="medical-no"),
        ]
        yield Choices(touches, most=2, id="medical")

    def first_focus(self) -> Widget | None:
        """The answer that opens nothing."""
        return self.query_one("#medical-no")

    def bed_changed(self) -> None:
        """The page stands."""
        if not self.stands:
            return
        from bedside.usecases.family_words import who_text

        who = who_text(self.draft.name, self.draft.relation)
        self.query_one("#medical-asked", Words).show(
            _(
                "May {who} read your diagnosis, your test results, your plan and your vital signs on this screen?"
            ).format(who=who)
        )

    def do_yes(self) -> None:
        """They may."""
        self.draft.medical = True
        self._on()

    def do_no(self) -> None:
        """They may not; the rest stands, if there is any."""
        self.draft.tick("medical")
        if self.draft.scopes:
            self._on()
        else:
            self.leave()

    def _on(self) -> None:
        self.leave()
        self.app.push_screen(FamilyCheckScreen(self.draft))


class FamilyCheckScreen(Sending):
    """Read back, and agreed to with two touches."""

    is_private: ClassVar[bool] = True

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self._asked = False
        self._needs_server = False

    def body(self) -> Iterable[Widget]:
        """What it will mean."""
        yield Words(_("Is this right?"), classes="title")
        yield VerticalScroll(id="check-lines", can_focus=False)
        yield Words(id="check-said", classes="prose")

    def right(self) -> Sequence[Touch]:
        """Agree."""
        return [Touch(_("I agree"), "agree", kind="main", id="agree")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#agree")

    def bed_changed(self) -> None:
        """The page stands."""
        self.run_worker(self._show(), exclusive=True, group="check", exit_on_error=False)

    async def _show(self) -> None:
        if not self.stands:
            return
        from bedside.usecases.family_words import scope_rows, until_text, who_text

        draft, now = self.draft, self.bed.terminal.clock.now()
        who = who_text(draft.name, draft.relation)
        said = [_("{who} may use this screen, {until}.").format(who=who, until=until_text(draft.until(now), now))]
        said += [f"✓ {row.label_text()} · {row.open_text()}" for row in scope_rows(draft.scopes)]
        said.append(_("Consents to operations and treatments stay yours. You can take this back at any time."))
        lines = self.query_one("#check-lines", VerticalScroll)
        await lines.remove_children()
        await lines.mount_all(Words(line, classes="point") for line in said)
        self._show_button()

    def _show_button(self) -> None:
        from bedside.screens.family import NEEDS_SERVER

        self.query_one("#agree", Touch).show(_("Touch again to agree") if self._asked else _("I agree"))
        said = self.query_one("#check-said", Words)
        said.show(_(NEEDS_SERVER) if self._needs_server else "")
        said.set_class(self._needs_server, "-trouble")

    def do_agree(self) -> None:
        """The first touch asks, the second does it; without the ward nothing is done."""
        seen = self.bed.seen
        self._needs_server = seen is None or not (seen.status.online and seen.status.server_alive)
        if self._needs_server:
            self._asked = False
        elif not self._asked:
            self._asked = True
        else:
            self.send(self._grant)
        self._show_button()

    def _grant(self, terminal: object, place: object, session: object) -> None:
        from bedside.usecases.family import grant

        self.draft.consent = grant(terminal, place, session, self.draft)  # type: ignore[arg-type]

    def sent(self) -> None:
        """To the list, and on it to the one who was let in."""
        from bedside.screens.family import FamilyMemberScreen, FamilyScreen

        self.back_to(FamilyScreen)
        if self.draft.consent is not None:
            self.app.push_screen(FamilyMemberScreen(self.draft.consent))
