"""Every page in every layout: fields for a finger, no text cut off, all of it reachable with arrows and Enter."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from rich.cells import cell_len

from bedside.sample import sample_stay
from bedside.widgets.choices import Choices
from bedside.widgets.header import Header
from bedside.widgets.touch import LEAST_CELLS, LEAST_ROWS, Touch
from bedside.widgets.words import Words
from tests.bedside.screens import AT, SIZES, SMALL, Hand, bedside
from tests.cases import case
from wardlink.errors import SignInFailed
from wardlink.i18n import language

Way = Callable[[Hand], Awaitable[None]]
ELLIPSIS = "…"


async def locked(hand: Hand) -> None:
    """The first page."""


async def number(hand: Hand) -> None:
    """The first question."""
    await hand.tap("identify")


async def letters(hand: Hand) -> None:
    """Letters on the pad."""
    await hand.tap("identify")
    touch = next(t for t in hand.app.screen.query("#pad Touch").results(Touch) if t.value == "key:other")
    await hand.pilot.click(touch)
    await hand.settle()


async def refused(hand: Hand) -> None:
    """A wrong answer, offline."""
    hand.terminal.opening_fails_with = SignInFailed()
    hand.terminal.connect(online=False, server_alive=False)
    await hand.login()


async def home(hand: Hand) -> None:
    """The four areas."""
    await hand.login()


async def home_offline(hand: Hand) -> None:
    """The four areas, offline."""
    await hand.login()
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()


async def area(hand: Hand) -> None:
    """Six fields."""
    await hand.login()
    await hand.tap("area-medical")


async def vitals(hand: Hand) -> None:
    """Two sentences and a curve, offline."""
    await area(hand)
    await hand.tap("entry-vitals")
    for _ in range(2):
        await hand.tap("group-pressure" if hand.app.size.width > SMALL[0] else "turn-on")
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()


async def me(hand: Hand) -> None:
    """Words."""
    await area(hand)
    await hand.tap("entry-me")


async def later(hand: Hand) -> None:
    """What comes later."""
    await area(hand)
    await hand.tap("entry-consults")


async def call_offline(hand: Hand) -> None:
    """A call that is not delivered."""
    hand.terminal.connect(online=False, server_alive=False)
    await hand.tap("call")


async def call_unconfirmed(hand: Hand) -> None:
    """A call that only carts may have heard."""
    hand.terminal.connect(online=True, server_alive=False)
    await hand.tap("call")


async def call_taken(hand: Hand) -> None:
    """A call that somebody has taken, with a reason."""
    await hand.tap("call")
    await hand.tap("reason-INFUSION")
    hand.terminal.deliver()
    hand.terminal.take(eta_min=3)
    await hand.changed()


async def meals(hand: Hand) -> None:
    """Six meals: closed, cancelled with a reason, and one that waits."""
    await hand.login()
    await hand.tap("area-life")
    await hand.tap("entry-meals")


async def meal_dishes(hand: Hand) -> None:
    """Dishes that fit and dishes that do not, with the longest reasons."""
    await meals(hand)
    await hand.tap("meal-4")
    await hand.tap("dish-0")


async def meal_confirm(hand: Hand) -> None:
    """The sums of the day."""
    await meals(hand)
    await hand.tap("suggest")


async def meal_ordered(hand: Hand) -> None:
    """What can still be done about a meal."""
    await meal_confirm(hand)
    await hand.tap("order")
    await hand.tap("meal-2")


WAYS: tuple[Way, ...] = (
    meals,
    meal_dishes,
    meal_confirm,
    meal_ordered,
    locked,
    number,
    letters,
    refused,
    home,
    home_offline,
    area,
    vitals,
    me,
    later,
    call_offline,
    call_unconfirmed,
    call_taken,
)


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
    if any(cell_len(line) > header.size.width for line in header.shown_lines(header.size.width)):
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


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
async def test_every_page_fits(way: Way) -> None:
    """Fields of three rows and fourteen cells with a gap; words whole; Call in its place; at most six choices."""
    async with bedside() as hand:
        await way(hand)
        async for size in in_every_layout(hand):
            assert (size, language(), faults(hand)) == (size, language(), [])
            call = hand.touch("call").region
            assert (call.x, call.bottom) in {(0, size[1]), (2, size[1]), (2, size[1] - 1)}
            shown = [choices for choices in hand.app.screen.query(Choices) if choices.display]
            assert all(len(choices.query(Touch)) <= 6 for choices in shown)


@pytest.mark.parametrize("way", [locked, number, home, area, call_taken], ids=lambda way: way.__name__)
async def test_arrows_reach_every_field(way: Way) -> None:
    """From wherever the focus begins, which is never on Call; in every layout."""
    async with bedside() as hand:
        await way(hand)
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
