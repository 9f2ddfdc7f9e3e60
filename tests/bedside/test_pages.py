"""Every page of the list, in every layout and both languages, by day and by night: how it looks, and what is measured.

A changed picture is looked at before it is kept (`pytest tests/bedside/test_pages.py --snapshot-update`).
"""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.bedside.figures import colour_faults, fields, focus_faults, layout_faults, reached
from tests.bedside.looks import TextFile, styles_of, words_of
from tests.bedside.meals import meals
from tests.bedside.screens import SIZES, Hand, bedside
from tests.bedside.walks import touching
from tests.bedside.ways import WAYS, page_classes
from wardlink.i18n import LANGUAGES, language


def test_every_page_is_reached_by_a_way() -> None:
    """A page that is missing there is measured by nobody: add a line to tests/bedside/ways.py."""
    assert {way.page for way in WAYS.values()} == set(page_classes())


@pytest.mark.parametrize("name", WAYS)
async def test_a_page(name: str, snapshot: SnapshotAssertion) -> None:
    """Fields for a finger, words whole, colours for tired eyes, everything in its place and within reach of arrows;
    and it looks as it did.
    """
    found: list[str] = []
    pictures: dict[tuple[tuple[int, int], str], str] = {}
    async with bedside() as hand:
        await WAYS[name].walk(hand)
        assert hand.page == WAYS[name].page
        for size in SIZES:
            await hand.pilot.resize_terminal(*size)
            await hand.settle()
            found += _faults(hand, *colour_faults(hand), *focus_faults(hand), *_out_of_reach(hand))
            for speaks in (language(), *(code for code in LANGUAGES if code != language())):
                if speaks != language():
                    await hand.app.do_language()
                    await hand.settle()
                found += _faults(hand, *layout_faults(hand))
                pictures[size, speaks] = _picture(hand)
        hand.app.do_night()
        for size in reversed(SIZES):
            await hand.pilot.resize_terminal(*size)
            await hand.settle()
            found += _faults(hand, *colour_faults(hand), *focus_faults(hand))

    assert found == []
    assert "\n".join(pictures[size, speaks] for size in SIZES for speaks in LANGUAGES) == snapshot(
        extension_class=TextFile
    )


def _faults(hand: Hand, *found: str) -> list[str]:
    size, theme = hand.app.size, hand.app.theme.removeprefix("bed-")
    return [f"{size.width}x{size.height} {language()} {theme}: {fault}" for fault in found]


def _out_of_reach(hand: Hand) -> list[str]:
    lost = {touch.value for touch in fields(hand)} - reached(hand.page_screen)
    return [f"arrows do not lead to {value}" for value in sorted(lost)]


def _picture(hand: Hand) -> str:
    size = hand.app.size
    head = f"==== {size.width}x{size.height} {language()}"
    return "\n".join([head, words_of(hand), *(["---- styles", styles_of(hand)] if language() == LANGUAGES[0] else [])])


async def test_a_whole_visit_without_a_finger() -> None:
    """Digits, arrows and Enter: in, to the curves, back, and a call."""
    async with bedside() as hand:
        await hand.press("enter", *"026001", "enter")
        await hand.press(*"123x", "enter")
        assert hand.page == "HomeScreen"
        for key in ("enter", "right", "enter"):
            await hand.press(key)
        assert hand.page == "VitalsScreen"
        await hand.press("escape", "escape")
        assert hand.page == "HomeScreen"
        while hand.app.screen.focused is not hand.touch("call"):
            before = hand.app.screen.focused
            await hand.press("down")
            if hand.app.screen.focused is before:
                await hand.press("left")
        await hand.press("enter")

        assert hand.page == "CallScreen"
        assert "call.raise" in [command.kind for command in hand.terminal.recorded]


async def test_the_focus_is_seen_without_colour() -> None:
    """By marks beside the words."""
    async with bedside() as hand:
        assert "▸ 输入住院号 ◂" in hand.text()


@pytest.mark.parametrize(
    ("fields", "page", "most"),
    [
        (("area-life", "entry-meals", "suggest", "order"), "MealsScreen", 4),
        (("area-health", "entry-pay", "pay-500"), "PaymentScreen", 3),
        (("area-special", "entry-estimate"), "EstimateScreen", 3),
        (("area-life", "entry-shopping", "article-0", "ask"), "RequestsScreen", 4),
        (("area-special", "entry-interpreter", "offer-0", "ask"), "RequestsScreen", 4),
        (("call",), "CallScreen", 1),
    ],
)
@pytest.mark.parametrize("size", SIZES)
async def test_what_matters_is_few_taps_away(
    size: tuple[int, int], fields: tuple[str, ...], page: str, most: int
) -> None:
    """From the home page, on every screen. Source: UX.md §1."""
    async with bedside(size) as hand:
        await hand.login()
        before = hand.taps
        await touching(*fields)(hand)

        assert hand.page == page
        assert hand.taps - before <= most
        if page == "MealsScreen":
            assert [meal.state for meal in meals(hand)] == ["placed"]
