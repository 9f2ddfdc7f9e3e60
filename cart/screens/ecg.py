"""The ECG strips of a patient: the newest first, what they say, and whether a nurse has read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget
from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.stay_page import StayPage
from cart.usecases import ecg
from cart.usecases.ecg_words import origin_text, rate_text, report_text, state_text
from cart.usecases.words import age_text, time_text
from cart.widgets.grid import Cell, Column, Grid, Line
from cart.widgets.identity import Identity
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.desk import Desk
    from cart.usecases.ecg import Listed, Strips

_ = domain("cart").gettext


class EcgListScreen(StayPage["Strips"]):
    """Every strip of a stay that this cart knows of."""

    KEYS: ClassVar = (
        Key("enter", "open", N_("Open"), N_("Look at the strip under the cursor.")),
        Key("escape", "back", N_("Back"), N_("Back to the patient.")),
    )
    BINDINGS = bindings(KEYS)
    OPENED_AS = "ecg"

    def body(self) -> Iterable[Widget]:
        """Who, a heading, the list."""
        yield Identity(id="who")
        yield Static(_("ECG strips"), classes="heading", markup=False)
        yield Grid(id="strips", follows_top=True)

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one(Grid).focus()

    def read_stay(self, desk: Desk) -> Strips | None:
        """What stands there now."""
        return ecg.listed(desk.ward.replica, self.encounter)

    def show_stay(self, found: Strips) -> None:
        """Fill the widgets."""
        now = self.desk.ward.clock.now()
        is_wide = self.size.width >= 110
        self.query_one(Identity).show(found.stay, found.others, now)
        lines = [_line(strip, now, is_wide) for strip in found.strips]
        empty = _("No ECG of this stay. Strips come from the ECG room or from a monitor.")
        self.query_one(Grid).show(_columns(is_wide), lines, empty=empty)

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Look at the strip under the cursor."""
        from cart.screens.ecg_strip import EcgStripScreen

        key = self.query_one(Grid).key
        if key is not None:
            self.app.push_screen(EcgStripScreen(self.encounter, key))

    def action_back(self) -> None:
        """Back."""
        self.dismiss()


def _columns(is_wide: bool) -> tuple[Column, ...]:
    return (
        Column(_("Recorded"), 11),
        Column(_("Age"), 8, "right"),
        Column(_("State"), 14 if is_wide else 12),
        Column(_("Heart rate"), 10, "right"),
        Column(_("Origin"), 22 if is_wide else 12),
        *((Column(_("Leads"), 8, "right"), Column(_("Length"), 6, "right")) if is_wide else ()),
        Column(_("Report"), 10, grow=True),
    )


def _line(strip: Listed, now: datetime, is_wide: bool) -> Line:
    view = strip.view
    is_struck = view.struck_at is not None
    state, tone = state_text(view)
    text = rate_text(strip.counted, strip.held)
    rate_tone = "warn" if strip.held == "damaged" else "dim" if strip.counted.rate is None else "strong"
    shape = (Cell(str(len(view.leads))), Cell(f"{view.seconds:g} s")) if is_wide else ()
    return Line(
        view.id,
        (
            Cell(time_text(view.taken_at, now), "struck" if is_struck else "strong"),
            Cell(age_text(now - view.taken_at)),
            Cell(state + (" *" if strip.is_unsent else ""), tone),
            Cell(text, "struck" if is_struck else rate_tone),
            Cell(origin_text(view)),
            *shape,
            Cell(report_text(view), "plain" if view.reports else "dim"),
        ),
    )
