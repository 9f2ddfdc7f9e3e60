"""A page that lists things of the ward: a heading, a table, and what is done with the thing under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.widgets.grid import Column, Grid, Line
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward
    from cart.usecases.session import Session

_ = domain("cart").gettext


class Listed(Protocol):
    """What a list holds."""

    @property
    def id(self) -> str:
        """By what it is known."""


T = TypeVar("T", bound=Listed)


class ListPage(CartScreen, Generic[T]):
    """Reads what it lists in a worker, whenever the ward has changed, and shows it again each second.

    `GRID`: the name of the table. `HEADING` and `NOTHING`: what stands above it, and in it when it is empty.
    """

    GRID: ClassVar[str]
    HEADING: ClassVar[str]
    NOTHING: ClassVar[str]

    class Read(Message):
        """The things as they are now, and the names of the patients they are about."""

        def __init__(self, things: Sequence[Any], names: dict[str, str]) -> None:
            super().__init__()
            self.things = things
            self.names = names

    def __init__(self) -> None:
        super().__init__()
        self._things: Sequence[T] = ()
        self._names: dict[str, str] = {}

    def read(self, ward: Ward) -> tuple[Sequence[T], dict[str, str]]:
        """What is listed, in its order, and names by what `line` looks them up. Called from a worker."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column]:
        """The columns of the table."""
        raise NotImplementedError

    def line(self, thing: T, now: datetime) -> Line:
        """One thing as a line."""
        raise NotImplementedError

    def chosen(self, thing: T) -> None:
        """Enter or a tap on the thing under the cursor."""

    def body(self) -> Iterable[Widget]:
        """A heading and the table."""
        yield Static(_(self.HEADING), classes="heading", markup=False)
        yield Grid(id=self.GRID)

    def on_mount(self) -> None:
        """Begin with the table."""
        self.query_one(Grid).focus()

    def ward_changed(self) -> None:
        """Read everything again."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="list", exit_on_error=False)
    def _read_ward(self) -> None:
        desk = self.cart.desk
        if desk is not None:
            self.post_message(self.Read(*self.read(desk.ward)))

    @on(Read)
    def _read(self, event: Read) -> None:
        self._things, self._names = event.things, event.names
        self.show()

    def tick(self) -> None:
        """Ages have grown."""
        self.show()

    def show(self) -> None:
        """Show what was read last."""
        if self.cart.desk is None or not self.query(Grid):
            return
        now = self.desk.ward.clock.now()
        lines = [self.line(thing, now) for thing in self._things]
        self.query_one(Grid).show(self.columns(), lines, empty=_(self.NOTHING))

    @property
    def here(self) -> T | None:
        """The thing under the cursor."""
        key = self.query_one(Grid).key
        return next((thing for thing in self._things if thing.id == key), None)

    def name_of(self, key: str | None) -> str:
        """The patient's name, as `read` has found it."""
        return self._names.get(key or "", "")

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        thing = self.here
        if thing is not None:
            self.chosen(thing)

    def ask(
        self, asked: Callable[[], str], options: Iterable[str], deed: Callable[[str], Callable[[Ward, Session], object]]
    ) -> None:
        """Ask in words, and do what the answer makes of it. `options`: message ids; other words may be typed."""

        def answered(words: str | None) -> None:
            if words is not None:
                self.do(deed(words))

        self.app.push_screen(
            Question(asked, [(_(text), text) for text in options], other=N_("in other words")), answered
        )

    def do(self, deed: Callable[[Ward, Session], object]) -> None:
        """Record something in the name of who is signed in, and show what has become of it."""
        self._do(deed, self.session)

    @work(thread=True, exit_on_error=False)
    def _do(self, deed: Callable[[Ward, Session], object], session: Session) -> None:
        deed(self.desk.ward, session)
        self.app.call_from_thread(self.cart.look_again)

    def open_patient(self, encounter: str | None) -> None:
        """Open the patient it is about, if it is about one."""
        if encounter is not None:
            self.cart.open_patient(encounter)

    def action_back(self) -> None:
        """Back."""
        self.dismiss()
