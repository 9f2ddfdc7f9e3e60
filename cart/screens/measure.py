"""Single measurements of a patient: glucose, pain, weight, height, girth; the newest, the history, a new one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.entry_page import EntryPage
from cart.usecases.measure import examine, fields_of, save, strike
from cart.usecases.words import time_text
from cart.widgets import measure_lines
from cart.widgets.buttons import Button, Buttons
from cart.widgets.grid import Grid
from cart.widgets.identity import Identity
from wardlink.clinical.measurements import measured_kinds
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from cart.desk import Desk
    from cart.ports import Ward
    from cart.usecases.entry import EntryExam
    from cart.usecases.measure import MeasurePage
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext


class MeasureScreen(EntryPage["MeasurePage"]):
    """A stay's measurements."""

    KEYS: ClassVar = (
        Key("1", "enter_one('glucose')", None, N_("Enter a blood glucose, with its time in the day.")),
        Key("2", "enter_one('pain')", None, N_("Enter a pain score.")),
        Key("3", "enter_one('weight')", None, N_("Enter a weight.")),
        Key("4", "enter_one('height')", None, N_("Enter a height.")),
        Key("5", "enter_one('girth')", None, N_("Enter an abdominal girth.")),
        Key("f", "only", N_("Filter"), N_("All measurements, or those of one kind after the other.")),
        Key("x", "strike", N_("Strike"), N_("Strike out the measurement under the cursor, with a reason.")),
        Key("escape", "back", N_("Back"), N_("Back to the patient.")),
    )
    BINDINGS = bindings(KEYS)
    OPENED_AS = "measurements"

    def __init__(self, encounter: str) -> None:
        super().__init__(encounter)
        self._only: str | None = None

    def save_entry(self, ward: Ward, session: Session, stay: EncounterView, exam: EntryExam) -> Command:
        """Record it."""
        return save(ward, session, stay, exam)

    def strike_entry(self, ward: Ward, session: Session, stay: EncounterView, entry: str, reason: str) -> Command:
        """Strike it out."""
        return strike(ward, session, stay, entry, reason)

    def body(self) -> Iterable[Widget]:
        """Who; what can be entered; the newest; the history."""
        yield Identity(id="who")
        yield Buttons(id="measure-kinds")
        yield Grid(id="newest", is_list=True)
        yield Grid(id="measured", follows_top=True)

    def on_mount(self) -> None:
        """Begin with the history."""
        self.query_one("#measured", Grid).focus()

    def read_stay(self, desk: Desk) -> MeasurePage | None:
        """What stands there now."""
        from cart.usecases.measure import read

        return read(desk.ward, self.encounter, desk.ward.clock.now())

    def show_stay(self, page: MeasurePage) -> None:
        """Fill the widgets."""
        now = self.desk.ward.clock.now()
        is_wide = self.size.width >= 110
        self.query_one(Identity).show(page.stay, page.others, now)
        kinds = measured_kinds().values()
        self.query_one("#measure-kinds", Buttons).show(
            [Button(kind.key, kind.text(), kind.code, active=kind.code == self._only) for kind in kinds]
        )
        newest = self.query_one("#newest", Grid)
        newest.show(measure_lines.newest_columns(is_wide), measure_lines.newest_lines(page, now), empty="")
        newest.styles.height = 1 + len(kinds) + (1 if page.bmi else 0)
        self.query_one("#measured", Grid).show(
            measure_lines.columns(is_wide),
            measure_lines.lines(page, now, is_wide, only=self._only),
            empty=_("Nothing was measured yet. 1 to 5 enter something."),
        )

    @on(Buttons.Pressed, "#measure-kinds")
    def _kind_pressed(self, event: Buttons.Pressed) -> None:
        self.action_enter_one(event.value)

    def action_only(self) -> None:
        """The next kind alone, and after the last one all of them."""
        codes = [None, *measured_kinds()]
        self._only = codes[(codes.index(self._only) + 1) % len(codes)]
        self.show_again()

    def action_enter_one(self, what: str) -> None:
        """Ask for a value."""
        page = self.found
        if page is None:
            return
        kind = measured_kinds()[what]
        clock = self.desk.ward.clock

        def titled() -> str:
            last = page.newest.get(what)
            said = (
                ""
                if last is None
                else _("last {value} at {at}").format(value=last.value_text(), at=time_text(last.at, clock.now()))
            )
            return " · ".join(part for part in (kind.text(), self.whose(page.stay), said) if part)

        self.ask_entry(
            page,
            titled,
            fields_of(kind),
            lambda texts, confirmed: examine(kind, texts, confirmed, page, clock.now()),
        )

    def action_strike(self) -> None:
        """Ask why, then strike out the measurement under the cursor."""
        page = self.found
        key = self.query_one("#measured", Grid).key
        found = next((one for one in page.history if one.id == key), None) if page else None
        if page is None or found is None:
            return
        if found.entry is None:
            self.notify(_("This belongs to a set of vital signs: strike it out there."), severity="warning")
            return
        if found.struck_reason is not None:
            self.notify(_("This entry is already struck out."), severity="warning")
            return

        def asked() -> str:
            what = f"{measured_kinds()[found.what].text()} {found.value_text()}"
            at = time_text(found.at, self.desk.ward.clock.now())
            return _("Strike out {what} of {at}? It stays readable.").format(what=what, at=at)

        self.ask_why(page, found.id, asked)
