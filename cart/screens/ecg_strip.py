"""One ECG strip on its paper, with its leads, marks to measure by, its rate and its reports."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases import ecg
from cart.usecases.ecg_words import (
    counted_short,
    held_text,
    measured_text,
    paper_text,
    report_text,
    state_text,
    struck_text,
    taken_text,
)
from cart.widgets.buttons import Button, Buttons
from cart.widgets.ecg_cells import DOTS_PER_MM, Look, length_mm
from cart.widgets.ecg_panel import EcgPanel
from cart.widgets.ecg_trace import EcgTrace
from cart.widgets.identity import Identity
from cart.widgets.lines import Lines
from wardlink.clinical.ecg.calipers import measure
from wardlink.clinical.ecg.paper import BIG_MM, Paper
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.ecg import Opened
    from cart.usecases.session import Session
    from wardlink.clinical.ecg.strip import Strip

_ = domain("cart").gettext

_AT_ONCE = 3
"""Leads below each other where there is room."""


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
        self._look = Look(())
        self._lead = ""
        self._at_once = 1
        self._in_hand: int | None = None
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
        if self._found is None:
            self._at_once = _AT_ONCE if self.size.height >= 30 else 1
        # The samples of a strip never change: the curve that is on the screen stays.
        before = self._found.strip if self._found is not None else None
        self._found = replace(found, strip=before or found.strip)
        view = found.view
        if not self._lead and found.strip is not None:
            lead = view.beats_lead or view.leads[0]
            self._lead = lead if lead in found.strip.leads else next(iter(found.strip.leads))
        self._look = replace(self._look, beats=view.beats or (), beats_lead=view.beats_lead)
        self._show()

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
        self.query_one("#ecg-what", Lines).say(self._what(found))
        self.query_one("#ecg-leads", Buttons).show(self._lead_buttons(found))
        self.query_one("#ecg-side").display = with_panel
        self.query_one(EcgPanel).show(found, now)
        self.query_one("#ecg-short").display = not with_panel
        self.query_one("#ecg-short", Lines).say(_short(found, now_text=self._state(found)))
        trace = self.query_one(EcgTrace)
        if found.strip is None:
            trace.show(None, None, instead=held_text(found.held))
        else:
            self._look = replace(self._look, leads=self._leads(found.strip), left_mm=self._within(found.strip))
            trace.show(found.strip, self._look)
        self.query_one("#ecg-marks", Lines).say(self._marks(found.strip))

    def _what(self, found: Opened) -> Content:
        state, tone = state_text(found.view)
        tones = {"alarm": "bold #ffffff on #a01818", "warn": "bold #ffd75f"}
        return Content.assemble(
            (taken_text(found, self.desk.ward.clock.now()), "bold"), "  ", (f" {state} ", tones.get(tone, "#9fb4c4"))
        )

    def _state(self, found: Opened) -> str:
        now = self.desk.ward.clock.now()
        return struck_text(found.view, now) if found.view.struck_at is not None else ""

    def _lead_buttons(self, found: Opened) -> list[Button]:
        shown = self._leads(found.strip) if found.strip is not None else ()
        return [Button("", lead, lead, active=lead in shown) for lead in found.view.leads]

    def _leads(self, strip: Strip) -> tuple[str, ...]:
        leads = tuple(strip.leads)
        first = min(leads.index(self._lead), max(0, len(leads) - self._at_once))
        return leads[first : first + self._at_once]

    def _within(self, strip: Strip) -> int:
        """The left edge, so that no paper is shown behind the strip's end."""
        most = max(0, length_mm(strip, self._look.paper) - self.query_one(EcgTrace).columns)
        return max(0, min(self._look.left_mm, most))

    def _marks(self, strip: Strip | None) -> Content:
        if strip is None:
            return Content("")
        marks = self._look.marks
        if len(marks) < 2:
            hint = _("←→ along the strip  ↑↓ lead  C measures") if self.size.width >= 110 else "←→ ↑↓"
            return Content.assemble((paper_text(self._look.paper), "#c7d0d8"), ("   " + hint, "#9fb4c4"))
        parts: list[Content | str | tuple[str, str]] = []
        for index, (letter, sample) in enumerate(zip("AB", marks, strict=True)):
            tone = "bold #101418 on #7fd4ff" if index == self._in_hand else "bold"
            parts += [(f" {letter} {sample / strip.rate_hz:.3f} s ", tone), " "]
        parts.append((" " + measured_text(measure(strip, self._lead, *marks), self._lead), "bold #87e087"))
        if self.size.width >= 110:
            parts.append(("   " + _("←→ moves it  N next beat  C other mark"), "#9fb4c4"))
        return Content.assemble(*parts)

    # -- along the strip

    def action_move(self, by: int) -> None:
        """A big square, or the mark half a small one."""
        if self._in_hand is None:
            self._scroll(by * BIG_MM)
        else:
            self._move_mark(self._samples(by / DOTS_PER_MM))

    def action_leap(self, by: int) -> None:
        """A second, or the mark a big square."""
        if self._in_hand is None:
            self._scroll(round(by * self._look.paper.mm_per_s))
        else:
            self._move_mark(self._samples(by * BIG_MM))

    def action_nudge(self, by: int) -> None:
        """The mark, one sample."""
        self._move_mark(by)

    def action_page(self, by: int) -> None:
        """As much as can be seen, less a big square."""
        self._scroll(by * max(BIG_MM, self.query_one(EcgTrace).columns - BIG_MM))

    def action_end(self, which: int) -> None:
        """To the beginning, or to the end."""
        if self._found is not None and self._found.strip is not None:
            self._scroll((1 if which else -1) * length_mm(self._found.strip, self._look.paper))

    def _samples(self, mm: float) -> int:
        strip = self._found.strip if self._found is not None else None
        if strip is None:
            return 0
        samples = self._look.paper.seconds(mm) * strip.rate_hz
        return round(samples) or (1 if mm > 0 else -1)

    def _scroll(self, mm: int) -> None:
        self._look = replace(self._look, left_mm=self._look.left_mm + mm)
        self._show()

    @on(EcgTrace.Wheeled)
    def _wheeled(self, event: EcgTrace.Wheeled) -> None:
        self._scroll(event.squares * BIG_MM)

    # -- marks

    def action_calipers(self) -> None:
        """Both marks and A in hand; then B; then none."""
        strip = self._found.strip if self._found is not None else None
        if strip is None:
            return
        if self._in_hand is None:
            self._look = replace(self._look, marks=self._first_marks(strip))
            self._in_hand = 0
        elif self._in_hand == 0:
            self._in_hand = 1
        else:
            self._look, self._in_hand = replace(self._look, marks=()), None
        self._show()

    def _first_marks(self, strip: Strip) -> tuple[int, int]:
        """On the first two beats that can be seen; without them, a third from each edge."""
        paper, columns = self._look.paper, self.query_one(EcgTrace).columns
        first = round(paper.seconds(self._look.left_mm) * strip.rate_hz)
        after = min(strip.length - 1, round(paper.seconds(self._look.left_mm + columns) * strip.rate_hz))
        seen = [beat for beat in self._look.beats if first <= beat < after]
        if len(seen) >= 2:
            return seen[0], seen[1]
        return first + (after - first) // 3, first + (after - first) * 2 // 3

    def action_beat(self, by: int) -> None:
        """The mark in hand to a beat."""
        if self._in_hand is None:
            return
        here, beats = self._look.marks[self._in_hand], self._look.beats
        index = bisect_right(beats, here) if by > 0 else bisect_left(beats, here) - 1
        if 0 <= index < len(beats):
            self._move_mark(beats[index] - here)

    def _move_mark(self, samples: int) -> None:
        if self._in_hand is not None:
            self._put_mark(self._look.marks[self._in_hand] + samples)

    def _put_mark(self, sample: int) -> None:
        strip = self._found.strip if self._found is not None else None
        if strip is None or self._in_hand is None:
            return
        marks = list(self._look.marks)
        marks[self._in_hand] = max(0, min(strip.length - 1, sample))
        mm = int(self._look.paper.mm(marks[self._in_hand] / strip.rate_hz))
        columns = self.query_one(EcgTrace).columns
        left = min(self._look.left_mm, mm)
        left = max(left, mm - columns + 1)
        self._look = replace(self._look, marks=tuple(marks), left_mm=left)
        self._show()

    @on(EcgTrace.Tapped)
    def _tapped(self, event: EcgTrace.Tapped) -> None:
        self._put_mark(event.sample)

    # -- leads and paper

    @on(Buttons.Pressed, "#ecg-leads")
    def _lead_pressed(self, event: Buttons.Pressed) -> None:
        if self._lead:
            self._lead = event.value
            self._show()

    def action_lead(self, by: int) -> None:
        """The lead before or after."""
        strip = self._found.strip if self._found is not None else None
        if strip is not None:
            leads = tuple(strip.leads)
            self._lead = leads[(leads.index(self._lead) + by) % len(leads)]
            self._show()

    def action_leads(self) -> None:
        """One, or three."""
        self._at_once = 1 if self._at_once > 1 else _AT_ONCE
        self._show()

    def action_gain(self) -> None:
        """The next gain."""
        self._look = replace(self._look, paper=self._look.paper.next_gain())
        self._show()

    def action_speed(self) -> None:
        """The next speed; what stands at the left edge stays there."""
        before: Paper = self._look.paper
        after = before.next_speed()
        left_mm = round(after.mm(before.seconds(self._look.left_mm)))
        self._look = replace(self._look, paper=after, left_mm=left_mm)
        self._show()

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
        if found is None:
            return
        if found.view.struck_at is not None:
            self.notify(_("This strip is already struck out."), severity="warning")
            return

        def asked() -> str:
            said = _("Strike out this ECG of {name}? It stays readable.").format(name=plain(found.stay.name))
            return said + "\n" + taken_text(found, self.desk.ward.clock.now())

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._save_strike(found, reason, self.session)

        options = tuple((_(text), text) for text in ecg.STRIKE_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _save_strike(self, found: Opened, reason: str, session: Session) -> None:
        ecg.strike(self.desk.ward, session, found.view, reason)
        self.ward_changed()

    def action_back(self) -> None:
        """Back to the list."""
        self.dismiss()


def _short(found: Opened, *, now_text: str) -> Content:
    """Rate and newest report in few lines, for a screen without the panel."""
    view = found.view
    lines = [Content.styled(now_text, "bold #ffd75f")] if now_text else []
    tone = "#87e087" if found.counted.rate is not None else "#ffd75f"
    lines.append(Content.styled(counted_short(view, found.counted), tone))
    report = ("‼ " if view.is_critical else "") + _("Report: {text}").format(text=report_text(view))
    lines.append(Content.styled(report, "bold #ffffff on #a01818" if view.is_critical else ""))
    return Content("\n").join(lines)
