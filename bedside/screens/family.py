"""Family at this screen: whom the patient has let in, and one of them: what they may do, the code, the end of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Digits

from bedside.screens.asking import AskingScreen
from bedside.screens.sending import Sending
from bedside.screens.stay_page import StayPage
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.errors import NotFound, Unreachable
from wardlink.i18n import N_, domain
from wardlink.messages.family import NewFamilyCode

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from bedside.usecases.family import MyFamily
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.family import FamilyConsentView

_ = domain("bedside").gettext

_FIELDS = tuple(f"member-{n}" for n in range(6))

NEEDS_SERVER = N_("This needs the connection to the ward, and there is none now. Please try again later.")


class FamilyPage(StayPage["MyFamily"]):
    """A page that shows the consents as they are now."""

    is_private: ClassVar[bool] = True
    LOOKS_AT = "family"

    def read(self, terminal: Terminal, stay: EncounterView) -> MyFamily:
        """Those of this stay."""
        from bedside.usecases.family import read

        return read(terminal, stay)


class FamilyScreen(FamilyPage):
    """A field for each, and the way to let somebody in."""

    def body(self) -> Iterable[Widget]:
        """What this is, then who."""
        yield Words(_("Family at this screen"), classes="title")
        yield Words(id="family-said", classes="prose")
        yield Choices([Touch("", f"member:{n}", id=name) for n, name in enumerate(_FIELDS)], most=2, id="family")

    def right(self) -> Sequence[Touch]:
        """Somebody else."""
        return [Touch(_("Let in family"), "let", kind="main", id="let")]

    def first_focus(self) -> Widget | None:
        """The main action, where it is there."""
        let = self.query_one("#let")
        return let if let.display else self.query_one("#back")

    def show(self, mine: MyFamily) -> None:
        """Who may use this screen, and how long."""
        from bedside.usecases.family_words import scopes_text, state_text, view_text

        now = self.bed.terminal.clock.now()
        said = self.query_one("#family-said", Words)
        trouble = mine.refused or ("" if mine.is_up else _(NEEDS_SERVER))
        said.show(trouble or self._words(mine))
        said.set_class(bool(trouble), "-trouble")
        shown = mine.members[: len(_FIELDS)]
        for n, name in enumerate(_FIELDS):
            field = self.query_one(f"#{name}", Touch)
            field.display = n < len(shown)
            if field.display:
                one = shown[n]
                notes = [scopes_text(one.scopes), state_text(one, now)]
                field.show(view_text(one), notes, kind="plain" if one.stands(now) else "quiet")
        self.query_one("#family", Choices).refit()
        may_let = self.session.family is not None or not mine.too_young
        self.query_one("#let").display = mine.is_up and may_let and not mine.is_full(now)

    def _words(self, mine: MyFamily) -> str:
        if mine.too_young and self.session.family is None:
            return _("For so young a patient a guardian decides this. Please ask the nurse.")
        return _(
            "You can let family use this screen with a PIN of their own: order meals, ask for help, pay, or read what"
            " the doctors say. You choose what, and you can take it back at any time."
        )

    def do_member(self, number: str) -> None:
        """One of them."""
        mine = self.mine
        if mine is not None and int(number) < len(mine.members):
            self.app.push_screen(FamilyMemberScreen(mine.members[int(number)].id))

    def do_let(self) -> None:
        """First: who."""
        from bedside.screens.family_grant import FamilyWhoScreen
        from bedside.usecases.family import Draft

        self.app.push_screen(FamilyWhoScreen(Draft()))


class FamilyMemberScreen(FamilyPage, Sending):
    """One consent by its id."""

    def __init__(self, consent: str) -> None:
        super().__init__()
        self.consent = consent
        self._asked_back = False

    def body(self) -> Iterable[Widget]:
        """What they may do, and what can be done about it."""
        yield Words(id="member-who", classes="title")
        yield Words(id="member-lines", classes="prose")
        yield Words(id="member-said", classes="prose")
        # In two touches.
        yield Choices([Touch(_("End this consent"), "withdraw", kind="quiet", id="withdraw")], id="member-end")

    def right(self) -> Sequence[Touch]:
        """A code, which is what comes first."""
        code = Touch(_("Show a code"), "code", kind="main", id="code")
        code.display = False
        return [code]

    def first_focus(self) -> Widget | None:
        """The code, or the way back."""
        code = self.query_one("#code")
        return code if code.display else self.query_one("#back")

    def show(self, mine: MyFamily) -> None:
        """As it is now."""
        from bedside.usecases.family_words import scope_rows, state_text, view_text

        one, now = mine.called(self.consent), self.bed.terminal.clock.now()
        if one is None:
            # The server has refused it: the list says why.
            self.leave()
            return
        stands = one.stands(now)
        self.query_one("#member-who", Words).show(view_text(one))
        lines = [f"{row.label_text()} · {row.open_text()}" for row in scope_rows(one.scopes)]
        self.query_one("#member-lines", Words).show("\n".join([*lines, state_text(one, now)]))
        said = self.query_one("#member-said", Words)
        text, is_trouble = self._state(mine, one, stands)
        said.show(text)
        said.set_class(is_trouble, "-trouble")
        # Who decides for a patient is let go by the ward alone.
        self.query_one("#member-end").display = stands and one.relation != "guardian"
        self.query_one("#withdraw", Touch).show(
            _("Touch again to end it") if self._asked_back else _("End this consent")
        )
        self.query_one("#code").display = (
            stands and mine.is_up and one.id not in mine.unsent and one.relation != "guardian"
        )

    def _state(self, mine: MyFamily, one: FamilyConsentView, stands: bool) -> tuple[str, bool]:
        if not stands:
            return (_("The ward's server has not heard of it yet."), True) if one.id in mine.unsent else ("", False)
        if not mine.is_up:
            return _(NEEDS_SERVER), True
        if one.id in mine.unsent:
            return _("The ward's server is being told. One moment ..."), False
        if one.relation == "guardian":
            return _("Entered by the ward. The ward gives the code and ends it."), False
        return _("To come in for the first time, or when the PIN was forgotten, they need a code from you."), False

    def do_code(self) -> None:
        """On a page of its own."""
        self._asked_back = False
        self.app.push_screen(FamilyCodeScreen(self.consent))

    def do_withdraw(self) -> None:
        """The first touch asks, the second does it."""
        if not self._asked_back:
            self._asked_back = True
            self._show_again()
            return
        from bedside.usecases.family import withdraw

        self.send(lambda terminal, place, session: withdraw(terminal, place, session, self.consent))

    def sent(self) -> None:
        """It is over: the list shows it."""
        self.back_to(FamilyScreen)


class FamilyCodeScreen(AskingScreen[NewFamilyCode]):
    """The code, once: it is made when this page opens, and gone when it closes."""

    def __init__(self, consent: str) -> None:
        super().__init__()
        self.consent = consent

    def body(self) -> Iterable[Widget]:
        """The code, large, and what to do with it."""
        yield Words(_("Code for your family"), classes="title")
        yield Words(id="code-said", classes="prose")
        yield Vertical(Digits("", id="family-code"), id="family-code-place")
        yield Words(id="code-how", classes="prose")

    def right(self) -> Sequence[Touch]:
        """It was read."""
        return [Touch(_("Written down"), "back", kind="main", id="done")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#done")

    def ask(self, terminal: Terminal, encounter: str) -> NewFamilyCode:
        """A new one each time; the one before holds no longer."""
        return terminal.family.code(encounter, self.consent)

    async def answered(self) -> None:
        """Show it, or why there is none."""
        from bedside.usecases.words import clock_text

        found, said = self.found, self.query_one("#code-said", Words)
        said.set_class(self.error is not None, "-trouble")
        if found is None:
            said.show(self._trouble())
            return
        said.show(_("It holds once, until {time}. Show it to nobody else.").format(time=clock_text(found.expires_at)))
        half = len(found.code) // 2
        self.query_one("#family-code", Digits).update(f"{found.code[:half]} {found.code[half:]}")
        self.query_one("#code-how", Words).show(
            _(
                "Your family: on the locked screen touch “I am family”, say who you are, type this code, then choose"
                " a PIN."
            )
        )

    def _trouble(self) -> str:
        match self.error:
            case None:
                return _("One moment ...")
            case Unreachable():
                return _(NEEDS_SERVER)
            case NotFound():
                return _("The ward's server does not have this consent, or not any more.")
            case other:
                return other.text()
