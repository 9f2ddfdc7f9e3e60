"""A finger on the cart's glass, on what is just being taken down."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Static

from tests.cart.nurse import cart
from wardlink.errors import InvalidInput


def _mouse(kind: type[events.MouseEvent], x: int, y: int) -> events.MouseEvent:
    return kind(None, x, y, 0, 0, 1, False, False, False)


async def test_a_tap_on_what_is_being_taken_down_ends_nothing() -> None:
    """A line was taken away and the picture not yet drawn anew: the tap on it does nothing, and the cart goes on."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        screen = nurse.app.screen
        shown = next(static for static in screen.query(Static) if static.region.width and str(static.content).strip())
        x, y = shown.region.offset
        await shown.remove()
        for kind in (events.MouseDown, events.MouseUp):
            screen._forward_event(_mouse(kind, x, y))
        await nurse.settle()

        assert nurse.page == "PatientScreen"


@pytest.mark.parametrize("words", ["[/b] 低盐", "[样例] 输液", "[link=x"])
async def test_what_is_told_is_words_and_no_markup(words: str) -> None:
    """An error or an order with brackets in it is read as it was written, and ends nothing."""
    async with cart() as nurse:
        await nurse.sign_in()
        nurse.app.show_failure(InvalidInput(detail=words))
        desk = nurse.app.desk
        assert desk is not None
        desk.orders = {}
        nurse.app._announce({"order": words})
        await nurse.settle()

        assert nurse.text().count(words) == 2
