"""The ward: all beds at a glance, found by typing, opened with Enter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.widgets.grid import Grid
from cart.widgets.ward_table import columns, lines
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from cart.usecases.session import Session
    from cart.usecases.ward_list import Order, Row

_ = domain("cart").gettext


class WardScreen(CartScreen):
    """Every bed with the age of what is known of it. `rows`: as they were when the nurse was let in."""

    KEYS: ClassVar = (
        Key("enter", "open", N_("Open"), N_("Open the patient under the cursor.")),
        Key("v", "vitals", N_("Vitals"), N_("Enter vital signs for the patient under the cursor.")),
        Key("slash", "search", N_("Find"), N_("Find by bed, name or admission number; or simply type the bed.")),
        Key("s", "order", N_("Order"), N_("Order by bed, by urgency, or by what is due next.")),
        Key("t", "tasks", N_("Tasks"), N_("What is due at all beds: overdue, now, and within two hours.")),
        Key("b", "mine", N_("My bed"), N_("Take the bed under the cursor for this shift, or leave it.")),
        Key("o", "orders", N_("Orders"), N_("Orders of the ward: new ones to take over and to check come first.")),
        Key("h", "handover", N_("Hand-over"), N_("The hand-over of the shift: written, given and taken.")),
        Key("r", "risks", N_("Risk"), N_("Risks and isolation of the patient under the cursor; what each sign means.")),
        Key("m", "meals", None, N_("Meals of the ward: which do not come and why, and what was eaten.")),
        Key("q", "requests", None, N_("Requests of patients and their questions about the bill.")),
        Key("u", "unsent", N_("Unsent"), N_("What this cart has not yet delivered, and what was refused.")),
        Key("exclamation_mark,w", "cases", N_("Cases"), N_("Cases that wait for a person.")),
    )
    BINDINGS = bindings(KEYS)

    class RowsRead(Message):
        """The rows as they are now."""

        def __init__(self, rows: tuple[Row, ...]) -> None:
            super().__init__()
            self.rows = rows

    def __init__(self, rows: tuple[Row, ...]) -> None:
        super().__init__()
        self._rows = rows
        self._typed = ""
        self._has_found = False
        self._order: Order | None = None

    def body(self) -> Iterable[Widget]:
        """What is looked for, and the table."""
        find = Input(
            value=self._typed,
            placeholder=_("bed, name or admission number"),
            id="find",
            compact=True,
            select_on_focus=False,
        )
        find.display = bool(self._typed)
        yield find
        yield Grid(id="beds")

    def on_mount(self) -> None:
        """Begin with the table."""
        self.query_one(Grid).focus()

    def came_back(self) -> None:
        """Back from a patient: something may have been entered, and who was looked for is found."""
        if self._has_found:
            # Not when the patient is opened: all beds would be drawn again before the patient's page.
            self._has_found = False
            self._stop_finding()
        if (desk := self.cart.desk) is not None:
            desk.ward_list.read_again(desk.touched)
            desk.touched.clear()
        self.ward_changed()

    def ward_changed(self) -> None:
        """Read the ward again."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="rows", exit_on_error=False)
    def _read_ward(self) -> None:
        desk = self.cart.desk
        if desk is not None:
            self.post_message(self.RowsRead(desk.ward_list.rows(desk.ward.clock.now())))

    @on(RowsRead)
    def _rows_read(self, event: RowsRead) -> None:
        self._rows = event.rows
        self._show()

    def tick(self) -> None:
        """Ages have grown."""
        self._show()

    def _show(self) -> None:
        from cart.usecases.ward_list import Order, matches, ordered

        if self.cart.desk is None or self.cart.desk.session is None or not self.query(Grid):
            return
        cells = self.query_one(Grid).size.width
        now = self.desk.ward.clock.now()
        order = self._order or Order.BED
        found = ordered((row for row in self._rows if matches(row, self._typed)), order, now)
        drafts = frozenset(stay for stay, nurse in self.desk.drafts if nurse == self.session.staff.id)
        if not self._rows:
            empty = _("Nothing is known of this ward yet. The cart is waiting for the server.")
        else:
            empty = _("Nobody here matches “{typed}”. Esc shows all beds.").format(typed=self._typed)
        self.query_one(Grid).show(
            columns(cells, order), lines(found, now, drafts, self.session.actor, cells), empty=empty
        )

    def on_resize(self) -> None:
        """Other columns fit."""
        self._show()

    # -- finding

    def on_key(self, event: events.Key) -> None:
        """A digit or a Chinese character begins to look for somebody; Escape ends it."""
        find = self.query_one("#find", Input)
        if event.key == "escape":
            event.stop()
            self._stop_finding()
        elif event.key in ("down", "up") and find.has_focus:
            event.stop()
            self.query_one(Grid).focus()
        elif not find.has_focus and event.character and (event.character.isdigit() or ord(event.character) > 0x2FF):
            event.stop()
            self.action_search()
            find.insert_text_at_cursor(event.character)

    @on(Input.Changed, "#find")
    def _find_changed(self, event: Input.Changed) -> None:
        self._typed = event.value
        self._show()
        exact = [row.key for row in self._rows if row.stay is not None and row.bed.id == event.value.strip()]
        if exact:
            self.query_one(Grid).go_to(exact[0])

    @on(Input.Submitted, "#find")
    def _find_submitted(self) -> None:
        self.action_open()

    def _stop_finding(self) -> None:
        find = self.query_one("#find", Input)
        find.value = ""
        find.display = False
        self.query_one(Grid).focus()

    def action_search(self) -> None:
        """Open the field to look for somebody."""
        find = self.query_one("#find", Input)
        find.display = True
        find.focus()

    # -- doing

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_open()

    def _stay_here(self) -> str | None:
        row = self._row_here()
        if row is not None and row.stay is not None:
            return row.stay.id
        said = _("This bed is empty.") if row is not None else _("No bed is chosen.")
        self.notify(said, severity="warning")
        return None

    def _row_here(self) -> Row | None:
        key = self.query_one(Grid).key
        return next((row for row in self._rows if row.key == key), None)

    def action_open(self) -> None:
        """Open the patient under the cursor."""
        stay = self._stay_here()
        if stay is not None:
            self._has_found = True
            self.cart.open_patient(stay)

    def action_vitals(self) -> None:
        """Enter vital signs for the patient under the cursor."""
        from cart.screens.vitals import VitalsScreen

        stay = self._stay_here()
        if stay is not None:
            self._has_found = True
            self.cart.open_patient(stay)
            self.app.push_screen(VitalsScreen(stay))

    def action_order(self) -> None:
        """The next order; the cursor goes to the top, where the first thing to do is."""
        from cart.usecases.ward_list import Order

        self._order = (self._order or Order.BED).next()
        self._show()
        self.query_one(Grid).action_jump(0)

    def action_meals(self) -> None:
        """Open the ward's meals."""
        from cart.screens.meals import MealsScreen

        self.app.push_screen(MealsScreen())

    def action_requests(self) -> None:
        """Open what patients have asked for."""
        from cart.screens.requests import RequestsScreen

        self.app.push_screen(RequestsScreen())

    def action_risks(self) -> None:
        """Open the risks of the patient under the cursor, with the legend of all signs."""
        from cart.screens.risks import RisksScreen

        row = self._row_here()
        self.app.push_screen(RisksScreen(row.stay if row else None, row.risks if row else ()))

    def action_tasks(self) -> None:
        """Open what is due."""
        from cart.screens.tasks import TasksScreen

        self.app.push_screen(TasksScreen())

    def action_mine(self) -> None:
        """Take or leave the bed under the cursor."""
        row = self._row_here()
        if row is not None:
            self._mark(row.bed.id, self.session)

    @work(thread=True, exit_on_error=False)
    def _mark(self, bed: str, session: Session) -> None:
        from cart.usecases.tasks_mine import mark

        takes = mark(self.desk.ward, session, bed)
        said = _("Bed {bed} is yours for this shift.") if takes else _("Bed {bed} is not yours any more.")
        self.app.call_from_thread(self.notify, said.format(bed=bed))
        self._read_ward()

    def action_orders(self) -> None:
        """Open the orders of the ward."""
        from cart.screens.orders import OrdersScreen

        self.app.push_screen(OrdersScreen())

    def action_handover(self) -> None:
        """Open the hand-over."""
        from cart.screens.handover import HandoverScreen

        self.app.push_screen(HandoverScreen())

    def action_unsent(self) -> None:
        """Open what is not delivered."""
        from cart.screens.unsent import UnsentScreen

        self.app.push_screen(UnsentScreen())

    def action_cases(self) -> None:
        """Open the cases."""
        from cart.screens.cases import CasesScreen

        self.app.push_screen(CasesScreen())
