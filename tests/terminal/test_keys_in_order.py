"""Keys that come faster than a screen follows."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events, on
from textual.app import App
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tests.waiting import wait_for
from wardlink.terminal.keys_in_order import KeysInOrder


class Row(Horizontal):
    """A field that tells its page when it is done, over a message of its own, as the cart's form does."""

    class Done(Message):
        """On to the next."""

    def compose(self) -> Iterable[Widget]:
        """One field."""
        yield Input()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Done())


class Form(KeysInOrder, App[int]):
    """Four rows, two containers deep."""

    def compose(self) -> Iterable[Widget]:
        """The rows."""
        with Vertical(), Vertical():
            for _ in range(4):
                yield Row()

    @on(Row.Done)
    def _done(self) -> None:
        fields = list(self.query(Input))
        at = fields.index(self.focused) if isinstance(self.focused, Input) else -1
        fields[(at + 1) % len(fields)].focus()

    def type_at_once(self, text: str) -> None:
        """All keys in one go, without waiting for anything; "⏎" is Enter."""
        for character in text:
            key = "enter" if character == "⏎" else character
            self.post_message(events.Key(key, None if key == "enter" else character))

    def values(self) -> list[str]:
        """What stands in the fields."""
        return [field.value for field in self.query(Input)]


async def test_what_follows_an_enter_goes_to_the_next_field() -> None:
    """However fast it is typed."""
    app = Form()
    async with app.run_test() as pilot:
        app.query(Input).first().focus()
        await pilot.pause()

        app.type_at_once("25⏎100⏎62⏎98")
        await wait_for(lambda: "".join(app.values()) == "251006298", "all keys arrive")

        assert app.values() == ["25", "100", "62", "98"]


async def test_a_key_whose_field_is_gone_holds_nobody_up() -> None:
    """The keys behind it go where the focus is then."""
    app = Form()
    async with app.run_test() as pilot:
        fields = list(app.query(Input))
        fields[0].focus()
        await pilot.pause()

        app.type_at_once("1")
        await wait_for(lambda: fields[0].value == "1", "the first key arrives")
        app.type_at_once("2")
        await fields[0].remove()
        fields[3].focus()
        await pilot.pause()
        app.type_at_once("34")

        await wait_for(lambda: fields[3].value.endswith("34"), "the others go on")


async def test_keys_of_no_person_can_be_dropped() -> None:
    """The last ones that still wait."""
    app = Form()
    async with app.run_test() as pilot:
        app.query(Input).first().focus()
        await pilot.pause()

        app.type_at_once("⏎1234")
        app.call_later(app.drop_keys_behind, 2)
        await wait_for(lambda: app.values()[1] != "", "the first key arrives")
        await pilot.pause()

        assert app.values() == ["", "12", "", ""]
