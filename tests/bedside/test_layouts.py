"""Every page in every layout: fields for a finger, no text cut off, all of it reachable with arrows and Enter."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from rich.cells import cell_len

from bedside.sample import sample_stay
from bedside.widgets.choices import Choices
from bedside.widgets.header import Header
from bedside.widgets.touch import LEAST_CELLS, LEAST_ROWS, Touch
from bedside.widgets.words import Words
from tests.bedside.screens import AT, SIZES, SMALL, Hand, bedside
from tests.bedside.ways import WAYS, page_classes
from tests.cases import case
from wardlink.i18n import language

ELLIPSIS = "…"


def fields(hand: Hand) -> list[Touch]:
    """What can be touched now."""
    return [touch for touch in hand.app.screen.query(Touch) if touch.focusable and touch.region.area]


def faults(hand: Hand) -> list[str]:
    """Everything that is wrong with the page as it is shown, a sentence each."""
    screen, found = hand.app.screen, []
    frame = screen.region
    touches = fields(hand)
    for touch in touches:
        region = touch.region
        if region.height < LEAST_ROWS or region.width < LEAST_CELLS:
            found.append(f"{touch.id} is {region.width} by {region.height}")
        if not frame.contains_region(region):
            found.append(f"{touch.id} lies outside the screen")
        if any(cell_len(line) > region.width for line in touch.shown_lines()):
            found.append(f"{touch.id} has words wider than itself")
        if len(touch.shown_lines()) > region.height or any(ELLIPSIS in line for line in touch.shown_lines()):
            found.append(f"{touch.id} is cut: {touch.shown_lines()}")
        wide = [
            other.id for other in touches if other is not touch and other.region.grow((0, 1, 0, 1)).overlaps(region)
        ]
        high = [
            other.id for other in touches if other is not touch and other.region.grow((1, 0, 1, 0)).overlaps(region)
        ]
        if wide or high:
            found.append(f"{touch.id} touches {wide or high}")
    for words in screen.query(Words):
        if not words.display or not words.text or words.styles.visibility != "visible" or words.region.area == 0:
            continue
        lines = words.shown_lines(words.size.width)
        in_scroll = any(parent.id == "rows" for parent in words.ancestors if parent.id)
        if len(lines) > words.size.height:
            found.append(f"{words.id} is cut: {lines}")
        if not in_scroll and not frame.contains_region(words.region):
            found.append(f"{words.id} lies outside the screen")
    hidden = [
        words.id
        for words in screen.query(Words)
        if words.text
        and words.display
        and not words.region.area
        and words.id
        and words.id.startswith(("call", "advice", "why", "sentences", "said", "asked", "typed", "band"))
    ]
    if hidden:
        found.append(f"not shown: {hidden}")
    header = screen.query_one(Header)
    if header.display and any(cell_len(line) > header.size.width for line in header.shown_lines(header.size.width)):
        found.append("the header is cut")
    return found


async def in_every_layout(hand: Hand) -> AsyncIterator[tuple[int, int]]:
    """The page that is open, in each size and in both languages."""
    for size in SIZES:
        await hand.pilot.resize_terminal(*size)
        await hand.settle()
        for _ in range(2):
            yield size
            await hand.app.do_language()
            await hand.settle()


def test_every_page_is_reached_by_a_way() -> None:
    """A page that is missing there is measured by nobody: add a line to tests/bedside/ways.py."""
    assert {way.page for way in WAYS.values()} == set(page_classes())


@pytest.mark.parametrize("name", WAYS)
async def test_every_page_fits(name: str) -> None:
    """Fields of three rows and fourteen cells with a gap; words whole; Call in its place; at most six choices."""
    async with bedside() as hand:
        await WAYS[name].walk(hand)
        assert hand.page == WAYS[name].page
        async for size in in_every_layout(hand):
            assert (size, language(), faults(hand)) == (size, language(), [])
            call = hand.touch("call").region
            assert (call.x, call.bottom) in {(0, size[1]), (2, size[1]), (2, size[1] - 1)}
            shown = [choices for choices in hand.app.screen.query(Choices) if choices.display]
            assert all(len(choices.query(Touch)) <= 6 for choices in shown)


@pytest.mark.parametrize("name", ["locked", "identify", "home", "medical", "call-taken"])
async def test_arrows_reach_every_field(name: str) -> None:
    """From wherever the focus begins, which is never on Call; in every layout."""
    async with bedside() as hand:
        await WAYS[name].walk(hand)
        focused = hand.app.screen.focused
        assert focused is not None
        assert focused.id != "call"
        for size in SIZES:
            await hand.pilot.resize_terminal(*size)
            await hand.settle()
            assert (size, reached(hand)) == (size, {touch.value for touch in fields(hand)})


def reached(hand: Hand) -> set[str]:
    """What arrows lead to from the first field, by value."""
    page = hand.page_screen
    page.set_focus(page.first_focus())
    found, todo = {page.focused}, [page.focused]
    while todo:
        here = todo.pop()
        for arrow in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            page.set_focus(here)
            page._walk(*arrow)
            if page.focused not in found:
                found.add(page.focused)
                todo.append(page.focused)
    return {touch.value for touch in found if isinstance(touch, Touch)}


async def test_a_whole_visit_without_a_finger() -> None:
    """Digits, arrows and Enter: in, to the curves, back, and a call."""
    async with bedside() as hand:
        await hand.press("enter", *"026001", "enter")
        await hand.press(*"123x", "enter")
        assert hand.page == "HomeScreen"
        await hand.press("enter", "right", "enter")
        assert hand.page == "VitalsScreen"
        await hand.press("escape", "escape")
        assert hand.page == "HomeScreen"
        while hand.app.screen.focused is not hand.touch("call"):
            await hand.press("down" if hand.app.screen.focused is not hand.touch("leave") else "left")
        await hand.press("enter")

        assert hand.page == "CallScreen"
        assert "call.raise" in [command.kind for command in hand.terminal.recorded]


async def test_the_focus_is_seen_without_colour() -> None:
    """By marks beside the words."""
    async with bedside() as hand:
        assert "▸ 输入住院号 ◂" in hand.text()


NAUGHTY = (
    "[bold red]X[/]",
    "[/]",
    "[@click=app.quit]x[/]",
    "{name}",
    "%s\\n",
    "a\x1b[31mb",
    "\u202eabc",
    "\ufdfd" * 20,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\u200b",
    "'\"<b>",
)


async def test_what_people_typed_is_never_markup() -> None:
    """As a name, an allergy, a diet, a ward, a carer: it is shown as it stands or dropped, and moves nothing."""
    async with bedside() as hand:
        await hand.login()
        for text in NAUGHTY:
            hand.terminal.replica.stay = sample_stay(
                AT, name=text[:60], allergies=(text,), diet=text[:30], nurse_name=text, doctor_name=text
            )
            hand.terminal.replica.ward_name = text
            await hand.changed()
            for size in SIZES:
                await hand.pilot.resize_terminal(*size)
                await hand.settle()
                assert (text, size, faults(hand)) == (text, size, [])
        hand.terminal.replica.stay = sample_stay(AT, allergies=(NAUGHTY[0],))
        await hand.changed()
        await hand.tap("area-medical")
        await hand.tap("entry-me")

        assert NAUGHTY[0] in hand.text()


async def test_the_big_list_of_naughty_strings_stops_nothing() -> None:
    """Every one of them as an allergy, many as a name and a diet."""
    texts = [t for t in json.loads(case("naughty", "blns.json").read_text(encoding="utf-8")) if t.strip()]
    async with bedside(SMALL) as hand:
        await hand.login()
        await hand.tap("area-medical")
        await hand.tap("entry-me")
        for n in range(0, len(texts), 50):
            some = texts[n : n + 50]
            hand.terminal.replica.stay = sample_stay(AT, name=some[0][:60], allergies=tuple(some), diet=some[-1][:30])
            await hand.changed()

        assert hand.page == "MeScreen"
        assert faults(hand) == []
