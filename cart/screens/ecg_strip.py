"""One ECG strip on its paper, with its leads, marks to measure by, its rate and its reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.ecg_acts import ask_strike
from cart.usecases import ecg
from cart.usecases.ecg_calipers import Calipers
from cart.usecases.ecg_words import held_text
from cart.widgets.buttons import Buttons
from cart.widgets.ecg_lines import lead_buttons, marks_line, short_lines, what_line
from cart.widgets.ecg_panel import EcgPanel
from cart.widgets.identity import Identity
from cart.widgets.lines import Lines
from wardlink.clinical.ecg.paper import BIG_MM
from wardlink.i18n import N_, domain
from wardlink.terminal.ecg_cells import DOTS_PER_MM
from wardlink.terminal.ecg_looking import AT_ONCE, Looking
from wardlink.terminal.ecg_trace import EcgTrace

if TYPE_CHECKING:
    from cart.usecases.ecg import Opened
    from cart.usecases.session import Session
    from wardlink.clinical.ecg.strip import Strip

_ = domain("cart").gettext


class EcgStripScreen(CartScreen):
    """A strip. Arrows move the paper, or the mark that is in hand."""

    DEFAULT_CSS = """
    #ecg-what { height: 1; padding: 0 1; }
    #ecg-leads { height: 1; background: #18222c; }
    #ecg-middle { height: 1fr; }
    #ecg-side { width: 36; padding: 0; background: #1b2733; scrollbar-size-vertical: 1; }
    .-narrow #ecg-side { width: 32; }
    #ecg-marks { height: 1; padding: 0 1; background: #1b2733; }
    #ecg-short { height: auto; max-height: 4; padding: 0 1; background: #1b2733; }
    """

    KEYS: ClassVar = (
        Key("s", "seen", N_("Mark as read"), N_("Note that you have read this strip and its report.")),
        Key("c", "calipers", N_("Calipers"), N_("Set the marks A and B to measure by; take them away again.")),
        Key("l", "leads", N_("Leads"), N_("One lead, or three below each other.")),
        Key("g", "gain", N_("Gain"), N_("5, 10 or 20 mm for a millivolt.")),
        Key("p", "speed", N_("Speed"), N_("12.5, 25 or 50 mm a second.")),
        Key("r", "report", N_("Report"), N_("Show or hide what stands beside the strip.")),
        Key("x", "strike", N_("Strike"), N_("Strike the strip out, with a reason.")),
        Key("up", "lead(-1)", None, N_("The lead before.")),
        Key("down", "lead(1)", None, N_("The next lead.")),
        Key("left", "move(-1)", None, N_("A big square back; with a mark in hand, the mark half a small square.")),
        Key("right", "move(1)", None, N_("A big square on; with a mark in hand, the mark half a small square.")),
        Key("shift+left", "leap(-1)", None, N_("A second back; with a mark in hand, the mark a big square.")),
        Key("shift+right", "leap(1)", None, N_("A second on; with a mark in hand, the mark a big square.")),
        Key("comma", "nudge(-1)", None, N_("The mark in hand one sample back.")),
        Key("full_stop", "nudge(1)", None, N_("The mark in hand one sample on.")),
        Key("b", "beat(-1)", None, N_("The mark in hand to the beat before.")),
        Key("n", "beat(1)", None, N_("The mark in hand to the next beat.")),
        Key("pageup", "page(-1)", None, N_("A page back.")),
        Key("pagedown", "page(1)", None, N_("A page on.")),
        Key("home", "end(0)", None, N_("To the beginning of the strip.")),
        Key("end", "end(1)", None, N_("To the end of the strip.")),
        Key("escape", "back", N_("Back"), N_("Back to the list.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """The strip as it is now; None: it is not known here any more."""

        def __init__(self, found: Opened | None) -> None:
            super().__init__()
            self.found = found

    def __init__(self, encounter: str, strip_id: str) -> None:
        super().__init__()
        self.encounter = encounter
        self.strip_id = strip_id
        self._found: Opened | None = None
        self._looking: Looking | None = None
        self._calipers: Calipers | None = None
        self._with_panel: bool | None = None
        self._is_noted = False

    def body(self) -> Iterable[Widget]:
        """Who; when and where; leads; the paper beside what is said of it; what the marks measure."""
        yield Identity(id="who")
        yield Lines(id="ecg-what")
        yield Buttons(id="ecg-leads")
        with Horizontal(id="ecg-middle"):
            yield EcgTrace(id="ecg-trace")
            with VerticalScroll(id="ecg-side", can_focus=False):
                yield EcgPanel(id="ecg-panel")
        yield Lines(id="ecg-marks")
        yield Lines(id="ecg-short")

    def on_mount(self) -> None:
        """Begin with the paper."""
        self.query_one(EcgTrace).focus()
        self.query_one(EcgTrace).show(None, None, instead=_("Reading the strip …"))

    def ward_changed(self) -> None:
        """Read the strip again; the first time, write down that it was looked at."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="ecg-strip", exit_on_error=False)
    def _read_ward(self) -> None:
        from cart.usecases.session import opened

        desk = self.cart.desk
        if desk is None or desk.session is None:
            return
        self.post_message(self.Read(ecg.opened(desk.ward.replica, self.encounter, self.strip_id)))
        if not self._is_noted:
            self._is_noted = True
            opened(desk.ward, desk.session, self.encounter, f"ecg {self.strip_id}")

    @on(Read)
    def _read(self, event: Read) -> None:
        found = event.found
        if found is None:
            self.notify(_("This strip is not on this cart any more."), severity="warning")
            self.dismiss()
            return
        # The samples of a strip never change: the curve that is on the screen stays.
        before = self._found.strip if self._found is not None else None
        self._found = replace(found, strip=before or found.strip)
        if self._looking is None and found.strip is not None:
            self._begin(found.strip, found.view.beats_lead or found.view.leads[0])
        if self._looking is not None:
            self._looking.count(found.view.beats or (), found.view.beats_lead)
        self._show()

    def _begin(self, strip: Strip, lead: str) -> None:
        self._looking = Looking(strip, lead, at_once=AT_ONCE if self.size.height >= 30 else 1)
        self._calipers = Calipers(self._looking)

    def tick(self) -> None:
        """Ages have grown."""
        self._show()

    def on_resize(self) -> None:
        """More or less of it can be seen."""
        self.call_after_refresh(self._show)

    # -- what is shown

    def _show(self) -> None:
        found = self._found
        if found is None or self.cart.desk is None or self.cart.desk.session is None or not self.query("#ecg-trace"):
            return
        now = self.desk.ward.clock.now()
        is_wide = self.size.width >= 110
        with_panel = is_wide if self._with_panel is None else self._with_panel
        self.query_one(Identity).show(found.stay, found.others, now)
        self.query_one("#ecg-what", Lines).say(what_line(found, now))
        self.query_one("#ecg-leads", Buttons).show(lead_buttons(found, self._looking))
        self.query_one("#ecg-side").display = with_panel
        self.query_one(EcgPanel).show(found, now)
        self.query_one("#ecg-short").display = not with_panel
        self.query_one("#ecg-short", Lines).say(short_lines(found, now))
        trace, looking, calipers = self.query_one(EcgTrace), self._looking, self._calipers
        if looking is None or calipers is None:
            trace.show(None, None, instead=held_text(found.held))
            self.query_one("#ecg-marks", Lines).say(Content(""))
        else:
            trace.show(looking.strip, looking.seen(trace.columns))
            self.query_one("#ecg-marks", Lines).say(marks_line(looking, calipers, is_wide=is_wide))

    @property
    def _columns(self) -> int:
        return self.query_one(EcgTrace).columns

    # -- along the strip

    def _turn(self, act: Callable[[Looking, Calipers], None]) -> None:
        """Do this where there is a curve, and show it."""
        if self._looking is not None and self._calipers is not None:
            act(self._looking, self._calipers)
            self._show()

    def action_move(self, by: int) -> None:
        """A big square, or the mark half a small one."""
        self._turn(lambda looking, calipers: self._along(looking, calipers, by * BIG_MM, by / DOTS_PER_MM))

    def action_leap(self, by: int) -> None:
        """A second, or the mark a big square."""
        self._turn(lambda looking, calipers: self._along(looking, calipers, looking.second_mm * by, by * BIG_MM))

    def _along(self, looking: Looking, calipers: Calipers, mm: int, mark_mm: float) -> None:
        """Move the paper, or the mark that is in hand."""
        if calipers.in_hand is None:
            looking.scroll(mm)
        else:
            calipers.move(looking.samples(mark_mm), self._columns)

    def action_nudge(self, by: int) -> None:
        """The mark, one sample."""
        self._turn(lambda _looking, calipers: calipers.move(by, self._columns))

    def action_page(self, by: int) -> None:
        """As much as can be seen, less a big square."""
        self._turn(lambda looking, _calipers: looking.page(by, self._columns))

    def action_end(self, which: int) -> None:
        """To the beginning, or to the end."""
        self._turn(lambda looking, _calipers: looking.to_end(which))

    @on(EcgTrace.Wheeled)
    def _wheeled(self, event: EcgTrace.Wheeled) -> None:
        self._turn(lambda looking, _calipers: looking.scroll(event.squares * BIG_MM))

    # -- marks

    def action_calipers(self) -> None:
        """Both marks and A in hand; then B; then none."""
        self._turn(lambda _looking, calipers: calipers.turn(self._columns))

    def action_beat(self, by: int) -> None:
        """The mark in hand to a beat."""
        self._turn(lambda _looking, calipers: calipers.to_beat(by, self._columns))

    @on(EcgTrace.Tapped)
    def _tapped(self, event: EcgTrace.Tapped) -> None:
        self._turn(lambda _looking, calipers: calipers.put(event.sample, self._columns))

    # -- leads and paper

    @on(Buttons.Pressed, "#ecg-leads")
    def _lead_pressed(self, event: Buttons.Pressed) -> None:
        self._turn(lambda looking, _calipers: looking.choose(event.value))

    def action_lead(self, by: int) -> None:
        """The lead before or after."""
        self._turn(lambda looking, _calipers: looking.turn_lead(by))

    def action_leads(self) -> None:
        """One, or three."""
        self._turn(lambda looking, _calipers: looking.turn_at_once())

    def action_gain(self) -> None:
        """The next gain."""
        self._turn(lambda looking, _calipers: looking.turn_gain())

    def action_speed(self) -> None:
        """The next speed; what stands at the left edge stays there."""
        self._turn(lambda looking, _calipers: looking.turn_speed())

    def action_report(self) -> None:
        """With or without what stands beside the strip."""
        self._with_panel = not self.query_one("#ecg-side").display
        self._show()
        self.call_after_refresh(self._show)

    # -- what is said of it

    def action_seen(self) -> None:
        """Note that it was read."""
        found = self._found
        if found is None:
            return
        if not found.view.is_new:
            self.notify(_("Nothing new to read here."))
            return
        self._save_seen(found, self.session)

    @work(thread=True, exit_on_error=False)
    def _save_seen(self, found: Opened, session: Session) -> None:
        ecg.see(self.desk.ward, session, found.view)
        self.app.call_from_thread(self.notify, _("Noted that you have read it."))
        self.ward_changed()

    def action_strike(self) -> None:
        """Ask why, then strike it out."""
        found = self._found
        if found is not None:
            ask_strike(self, found, lambda reason: self._save_strike(found, reason, self.session))

    @work(thread=True, exit_on_error=False)
    def _save_strike(self, found: Opened, reason: str, session: Session) -> None:
        ecg.strike(self.desk.ward, session, found.view, reason)
        self.ward_changed()

    def action_back(self) -> None:
        """Back to the list."""
        self.dismiss()
