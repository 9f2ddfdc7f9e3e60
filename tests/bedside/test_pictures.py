"""How the pages look at the design size, by day; one by night. A changed picture is looked at before it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.bedside.meals import stop_last_meal
from tests.bedside.screens import DESIGN, Hand, process_language, sample_app
from wardlink.clinical.meals.findings import Finding

Compare = Callable[..., bool]
Way = Callable[[Hand], Awaitable[None]]


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """The first language of the screens."""
    with process_language("zh_CN"):
        yield


def looks_alike(snap_compare: Compare, way: Way, size: tuple[int, int] = DESIGN) -> bool:
    """Whether the page at the end of the way looks as it did."""
    app, terminal, clock = sample_app()

    async def walk(pilot: Pilot[Any]) -> None:
        hand = Hand(app, pilot, terminal, clock)
        await hand.settle()
        await way(hand)
        await hand.settle()

    return snap_compare(app, run_before=walk, terminal_size=size)


def test_the_locked_page(snap_compare: Compare) -> None:
    """A neutral clock, and the way in."""

    async def way(hand: Hand) -> None:
        pass

    assert looks_alike(snap_compare, way)


def test_the_home_page(snap_compare: Compare) -> None:
    """Four areas, the newest readings, who looks after the patient."""

    async def way(hand: Hand) -> None:
        await hand.login()

    assert looks_alike(snap_compare, way)


def test_a_call_that_somebody_has_taken(snap_compare: Compare) -> None:
    """Its way, and the reasons."""

    async def way(hand: Hand) -> None:
        await hand.tap("call")
        hand.terminal.deliver()
        hand.terminal.take(eta_min=3)
        await hand.changed()

    assert looks_alike(snap_compare, way)


def test_a_call_that_is_not_delivered_by_night(snap_compare: Compare) -> None:
    """The cord, in words; the band; dark."""

    async def way(hand: Hand) -> None:
        await hand.tap("night")
        hand.terminal.connect(online=False, server_alive=False)
        await hand.tap("call")

    assert looks_alike(snap_compare, way)


def test_my_vital_signs(snap_compare: Compare) -> None:
    """Oxygen with a clip that is off."""

    async def way(hand: Hand) -> None:
        await hand.login()
        await hand.tap("area-medical")
        await hand.tap("entry-vitals")
        await hand.tap("group-spo2")
        await hand.tap("period")
        await hand.tap("period")

    assert looks_alike(snap_compare, way)


async def to_meals(hand: Hand) -> None:
    """The page of meals; tomorrow's lunch was ordered, and dinner cancelled by a new allergy."""
    await hand.login()
    await hand.tap("area-life")
    await hand.tap("entry-meals")


def test_my_meals(snap_compare: Compare) -> None:
    """Closed, ordered, cancelled with its reason, open; the suggestion below."""

    async def way(hand: Hand) -> None:
        await to_meals(hand)
        await hand.tap("suggest")
        await hand.tap("order")
        stop_last_meal(hand, Finding("M04", "block", "LD1", params={"allergen": "soy"}))
        await hand.changed()

    assert looks_alike(snap_compare, way)


def test_the_dishes_of_a_meal(snap_compare: Compare) -> None:
    """One is chosen, one is not for the patient."""

    async def way(hand: Hand) -> None:
        await to_meals(hand)
        await hand.tap("meal-4")
        await hand.tap("dish-0")

    assert looks_alike(snap_compare, way)


def test_a_meal_before_it_is_ordered(snap_compare: Compare) -> None:
    """The tray, the price, the day against its limits."""

    async def way(hand: Hand) -> None:
        await to_meals(hand)
        await hand.tap("suggest")

    assert looks_alike(snap_compare, way)
