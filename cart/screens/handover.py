"""The hand-over of a shift: each patient's facts in the order of SBAR, what the nurse adds, and two signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Container, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases import handover as act
from cart.usecases.handover import Item
from cart.usecases.handover_words import STATES, TONES, page_text, shift_text
from cart.usecases.words import LEVELS_SHORT, word
from cart.widgets.grid import Cell, Column, Grid, Line
from cart.widgets.ward_table import BAND_MARKS, BAND_TONES
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.usecases.session import Session
    from wardlink.clinical.shifts import Shift

_ = domain("cart").gettext

STRIKE_REASONS = (N_("given too early"), N_("wrong patient"), N_("a fact was wrong"))


class HandoverScreen(CartScreen):
    """The list, and beside it what is handed over of the line under the cursor."""

    KEYS: ClassVar = (
        Key("enter", "note", N_("Write"), N_("Write beside the facts of the patient under the cursor.")),
        Key(
            "g",
            "give",
            N_("Hand over"),
            N_("Give the hand-over of all that is listed; the taker signs at once."),
        ),
        Key("t", "take", N_("Receive"), N_("Take what was given: with another nurse's badge, or signed in yourself.")),
        Key("x", "strike", N_("Strike"), N_("Strike out what was given about the patient under the cursor.")),
        Key("b", "mine", N_("My beds"), N_("Only the beds that you have taken for this shift, or all.")),
        Key("s", "shift", N_("Shift"), N_("The shift that is being handed over, or the one before it.")),
        Key("right", "scroll(1)", None, N_("Further down on the side.")),
        Key("left", "scroll(-1)", None, N_("Further up on the side.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)
    DEFAULT_CSS = """
    HandoverScreen #handover-body { layout: horizontal; height: 1fr; }
    HandoverScreen #handover { width: 54; }
    HandoverScreen #handover-side { width: 1fr; padding: 0 1; background: #1b2733; scrollbar-size-vertical: 1; }
    HandoverScreen.-narrow #handover-body { layout: vertical; }
    HandoverScreen.-narrow #handover { width: 100%; height: 9; }
    HandoverScreen.-narrow #handover-side { height: 1fr; width: 100%; }
    """

    class Read(Message):
        """The hand-over as it is now."""

        def __init__(self, shift: Shift, items: list[Item]) -> None:
            super().__init__()
            self.shift = shift
            self.items = items

    def __init__(self) -> None:
        super().__init__()
        self._items: list[Item] | None = None
        self._shift: Shift | None = None
        self._before = False
        self._only_mine = False

    def body(self) -> Iterable[Widget]:
        """A heading that counts, the list, and the side."""
        yield Static("", id="handover-heading", classes="heading", markup=False)
        with Container(id="handover-body"):
            yield Grid(id="handover", follows_top=True)
            with VerticalScroll(id="handover-side", can_focus=False):
                yield Static("", id="handover-text", markup=False)

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one(Grid).focus()

    def ward_changed(self) -> None:
        """Read it again."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="handover", exit_on_error=False)
    def _read_ward(self) -> None:
        from wardlink.clinical.shifts import handed_over_at

        desk = self.cart.desk
        if desk is not None and desk.session is not None:
            now = desk.ward.clock.now()
            shift = handed_over_at(now)
            shift = shift.before() if self._before else shift
            self.post_message(self.Read(shift, act.read_handover(desk.ward, desk.ward_list, desk.session, shift, now)))

    @on(Read)
    def _read(self, event: Read) -> None:
        self._items, self._shift = event.items, event.shift
        self._show()

    def on_resize(self) -> None:
        """Other columns fit."""
        self._show()

    def _listed(self) -> list[Item]:
        return [item for item in self._items or () if item.mine or not self._only_mine]

    def _show(self) -> None:
        if self.cart.desk is None or self.cart.desk.session is None or not self.query("#handover"):
            return
        now = self.desk.ward.clock.now()
        is_wide = self.size.width >= 110
        listed = self._listed()
        self.query_one("#handover-heading", Static).update(self._heading(listed, now))
        empty = _("Reading ...") if self._items is None else _("Nobody is here.")
        grid = self.query_one("#handover", Grid)
        grid.show(_columns(is_wide=is_wide), [_line(item, is_wide=is_wide) for item in listed], empty=empty)
        self._show_side()

    def _heading(self, listed: list[Item], now: datetime) -> str:
        if self._shift is None:
            return _("Hand-over")
        counts = Counter(item.state for item in listed)
        said = _("to give {draft} · given {given} · taken {taken}").format(
            draft=counts["draft"] + counts["changed"], given=counts["given"], taken=counts["taken"]
        )
        whose = _("my beds") if self._only_mine else _("all beds")
        return " · ".join((_("Hand-over"), shift_text(self._shift, now), whose, said))

    def _show_side(self) -> None:
        item, now = self._here(), self.desk.ward.clock.now()
        text = "" if item is None else page_text(item, now, is_dense=self.size.height < 30)
        self.query_one("#handover-text", Static).update(plain_lines(text))

    @on(Grid.Moved)
    def _moved(self, event: Grid.Moved) -> None:
        if self.cart.desk is not None and self.cart.desk.session is not None:
            self._show_side()
            self.query_one("#handover-side", VerticalScroll).scroll_home(animate=False)

    def _here(self) -> Item | None:
        key = self.query_one("#handover", Grid).key
        return next((item for item in self._items or () if item.key == key), None)

    def action_scroll(self, way: int) -> None:
        """Further down or up on the side."""
        side = self.query_one("#handover-side", VerticalScroll)
        side.scroll_relative(y=way * max(1, side.size.height - 2), animate=False)

    # -- writing

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_note()

    def action_note(self) -> None:
        """Write beside the facts."""
        from cart.screens.handover_note import NoteScreen

        item, shift, session = self._here(), self._shift, self.session
        if item is None or shift is None:
            return

        def asked() -> str:
            return _("What else the next shift must know: {whose}").format(whose=_whose(item))

        def answered(text: str | None) -> None:
            if text is not None and text != item.note:
                self._write(item, shift, text, session)

        self.app.push_screen(NoteScreen(asked, item.note), answered)

    @work(thread=True, exit_on_error=False)
    def _write(self, item: Item, shift: Shift, text: str, session: Session) -> None:
        act.write(self.desk.ward, session, item, shift, text)
        self._read_ward()

    # -- giving and taking

    def action_give(self) -> None:
        """Ask, give, and let the taker sign."""
        items, shift, session = act.to_give(self._listed()), self._shift, self.session
        if shift is None:
            return
        if not items:
            self.notify(_("Everything here is given. T lets the next nurse take it."), severity="warning")
            return

        def asked() -> str:
            said = _("Give the hand-over of {shift}: {n} of {all}? The facts are signed as they stand now.")
            now = self.desk.ward.clock.now()
            return said.format(shift=shift_text(shift, now), n=len(items), all=len(self._listed()))

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._give(items, shift, session)

        self.app.push_screen(Question(asked, (("give", N_("give it")),)), answered)

    @work(thread=True, exit_on_error=False)
    def _give(self, items: list[Item], shift: Shift, session: Session) -> None:
        act.give(self.desk.ward, session, items, shift)
        desk = self.desk
        now = desk.ward.clock.now()
        read = act.read_handover(desk.ward, desk.ward_list, session, shift, now)
        self.app.call_from_thread(self._given, shift, read)

    def _given(self, shift: Shift, items: list[Item]) -> None:
        self._items = items
        self._show()
        self._ask_taker(shift)

    def action_take(self) -> None:
        """Take what was given: the one who is signed in, or another nurse by her badge."""
        shift, session = self._shift, self.session
        if shift is None:
            return
        waiting = [item for item in self._listed() if item.state == "given"]
        own = act.to_take(waiting, session.staff.id)
        if not waiting:
            self.notify(_("Nothing was given that is not taken."), severity="warning")
        elif own:
            self._ask_self(own, shift, session)
        else:
            self._ask_taker(shift)

    def _ask_self(self, items: list[Item], shift: Shift, session: Session) -> None:
        def asked() -> str:
            givers = "、".join(sorted({i.given.by_name or i.given.by.id for i in items if i.given is not None}))
            said = _("You, {who}, take {n} hand-overs that {givers} gave?")
            return said.format(who=session.staff.name, n=len(items), givers=givers)

        def answered(answer: str | None) -> None:
            if answer == "take":
                self._take(items, shift, session)
            elif answer == "other":
                self._ask_taker(shift)

        options = (("take", N_("I take it")), ("other", N_("another nurse takes it")))
        self.app.push_screen(Question(asked, options), answered)

    def _ask_taker(self, shift: Shift) -> None:
        from cart.screens.witness import WitnessScreen

        waiting = [item for item in self._listed() if item.state == "given"]

        def asked() -> str:
            return _("Who takes the hand-over signs: {n} lines.").format(n=len(waiting))

        def answered(taker: Session | None) -> None:
            if taker is not None:
                self._take(waiting, shift, taker)

        self.app.push_screen(WitnessScreen(asked), answered)

    @work(thread=True, exit_on_error=False)
    def _take(self, items: list[Item], shift: Shift, taker: Session) -> None:
        taken = act.take(self.desk.ward, taker, items, shift)
        said = _("{who} has taken {n} hand-overs.").format(who=taker.staff.name, n=taken)
        self.app.call_from_thread(self.notify, said)
        self._read_ward()

    def action_strike(self) -> None:
        """Ask why, then strike out what was given."""
        item, shift, session = self._here(), self._shift, self.session
        if item is None or shift is None or item.given is None:
            self.notify(_("Nothing was given here."), severity="warning")
            return

        def asked() -> str:
            return _("Strike out what was given: {whose}? It stays readable.").format(whose=_whose(item))

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._strike(item, shift, reason, session)

        options = tuple((_(text), text) for text in STRIKE_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _strike(self, item: Item, shift: Shift, reason: str, session: Session) -> None:
        act.strike(self.desk.ward, session, item, shift, reason)
        self._read_ward()

    # -- looking

    def action_mine(self) -> None:
        """Her beds, or all."""
        self._only_mine = not self._only_mine
        self._show()

    def action_shift(self) -> None:
        """The shift that is being handed over, or the one before it."""
        self._before = not self._before
        self._read_ward()

    def action_back(self) -> None:
        """Back."""
        self.dismiss()


def plain_lines(text: str) -> str:
    """Every line as it can be shown."""
    return "\n".join(plain(line) for line in text.split("\n"))


def _whose(item: Item) -> str:
    stay = item.stay
    return _("the ward") if stay is None else _("bed {bed} {name}").format(bed=stay.bed, name=plain(stay.name))


def _columns(*, is_wide: bool) -> tuple[Column, ...]:
    return (
        Column(_("Bed"), 4, "right"),
        Column(_("Name"), 8),
        Column("", 4),
        Column("NEWS2", 5, "right"),
        Column(_("State"), 7),
        Column(_("Tell"), 10, grow=True),
        *(() if is_wide else (Column(_("Note"), 4),)),
    )


def _line(item: Item, *, is_wide: bool) -> Line:
    stay = item.stay
    noted = "✎" if item.note else ""
    if stay is None:
        who: tuple[Cell, ...] = (Cell(""), Cell(_("the ward"), "strong"), Cell(""), Cell(""))
    else:
        band = item.score.band if item.score is not None else None
        text = item.score.text if item.score is not None else "—"
        score = text + (BAND_MARKS[band] if band is not None else "")
        tone = BAND_TONES[band] if band is not None else "dim"
        who = (
            Cell(stay.bed, "good" if item.mine else "strong"),
            Cell(plain(stay.name), "strong"),
            Cell(word(LEVELS_SHORT, stay.level)),
            Cell(score, tone),
        )
    told = " · ".join(item.marks)
    return Line(
        item.key,
        (
            *who,
            Cell(word(STATES, item.state), TONES[item.state]),
            Cell(f"{noted} {told}".strip() if is_wide else told),
            *(() if is_wide else (Cell(noted),)),
        ),
    )
