"""Ordering meals as a patient does: few touches, plain reasons, and nothing sent twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bedside.usecases.meal_words import bar_text
from tests.bedside.meals import eats, mark_meal, meals, stop_last_meal
from tests.bedside.screens import EVEN, SIZES, SMALL, Hand, bedside
from wardlink.clinical.meals.eater import Eater, Fasting
from wardlink.clinical.meals.findings import Finding
from wardlink.clinical.meals.menu_file import sample_menu
from wardlink.clinical.meals.times import Slot
from wardlink.errors import StoreFailed


async def opened(hand: Hand) -> None:
    """The page of meals."""
    await hand.login()
    await hand.tap("area-life")
    await hand.tap("entry-meals")


def asked(hand: Hand) -> list[Any]:
    """What was sent to the kitchen."""
    return [(command.kind, command.body) for command in hand.terminal.recorded if command.kind.startswith("meal.")]


@pytest.mark.parametrize("size", SIZES)
async def test_the_suggested_meal_is_ordered_with_four_touches(size: tuple[int, int]) -> None:
    """From home, in every layout; it waits, and then the kitchen has it."""
    async with bedside(size) as hand:
        await hand.login()
        touches = 0
        for name in ("area-life", "entry-meals", "suggest", "order"):
            await hand.tap(name)
            touches += 1

        assert touches == 4
        assert hand.page == "MealsScreen"
        assert asked(hand) == [("meal.order", {"on": "2026-11-23", "slot": "dinner", "dishes": ["LD1"]})]
        assert "等待厨房确认" in " ".join(hand.touch("meal-2").shown_lines()).replace(" ", "")
        hand.terminal.deliver()
        await hand.changed()
        assert "已订" in " ".join(hand.touch("meal-2").shown_lines())


async def test_what_is_not_for_the_patient_says_why_and_stays_out() -> None:
    """The reason stands on the field; touched, it is said again and nothing is chosen."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("meal-3")
        field = hand.touch("dish-3")
        assert "不适合您的低盐饮食" in " ".join(field.shown_lines())

        await hand.tap("dish-3")
        assert "含钠 480 毫克" in hand.words("basket")
        await hand.tap("next")

        assert (hand.page, hand.words("basket")) == ("DishesScreen", "还没有选菜。")
        assert asked(hand) == []


async def test_another_main_takes_the_place_of_the_first() -> None:
    """One main a meal; a second touch takes it out again."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("meal-3")
        await hand.tap("dish-0")
        await hand.tap("dish-1")
        assert hand.words("basket") == "已选 1 样 · ¥9.00 · 355 千卡"
        await hand.tap("dish-1")
        assert hand.words("basket") == "请点您想吃的菜。"


async def test_all_dishes_can_be_reached_in_the_smallest_layout() -> None:
    """Two a page there; after the last page comes the first."""
    async with bedside(SMALL) as hand:
        await opened(hand)
        await hand.tap("meal-4")
        seen = set()
        for _turn in range(8):
            seen |= {hand.touch(f"dish-{n}").label for n in range(2) if hand.touch(f"dish-{n}").display}
            await hand.tap("more")

        assert seen == {dish.zh for dish in sample_menu().dishes_of(Slot(date(2026, 11, 24), "lunch"))}


async def test_the_day_is_shown_against_its_limits() -> None:
    """With what is ordered for the other meals of that day."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("meal-3")
        await hand.tap("dish-0")
        await hand.tap("next")
        await hand.tap("order")
        await hand.tap("meal-4")
        await hand.tap("dish-0")
        await hand.tap("next")

        assert "钠 680 毫克，全天最多 2000 毫克" in hand.words("sums")
        assert f"{bar_text(680, 2000)}" in hand.words("sums")


def test_a_bar_is_full_at_the_limit_and_says_what_is_over_it() -> None:
    """Colour and length are not the only sign."""
    assert [bar_text(value, 2000).count("█") for value in (0, 1000, 2000, 3000)] == [0, 10, 20, 20]
    assert bar_text(3000, 2000).endswith("150 %")


async def test_a_second_touch_orders_nothing_more() -> None:
    """A trembling finger."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("suggest")
        field = hand.touch("order")
        field.press()
        field.press()
        await hand.settle()

        assert len(asked(hand)) == 1


async def test_a_disk_that_fails_is_said_and_the_page_stays() -> None:
    """Nothing is ordered; it can be tried again."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("suggest")
        hand.terminal.fails_with = StoreFailed(detail="disk full")
        await hand.tap("order")
        assert hand.page == "ConfirmMealScreen"
        hand.terminal.fails_with = None
        await hand.tap("order")

        assert (hand.page, len(asked(hand))) == ("MealsScreen", 1)


async def test_it_is_changed_and_cancelled_until_the_cut_off() -> None:
    """After it neither is offered, and the page says what it costs."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("suggest")
        await hand.tap("order")
        hand.terminal.deliver()
        await hand.tap("meal-2")
        assert "15:30 前可免费修改或取消。" in hand.words("state")
        await hand.tap("change")
        await hand.tap("next")
        await hand.tap("order")
        assert asked(hand)[-1] == ("meal.change", {"meal": meals(hand)[0].id, "dishes": ["LD1"]})

        await hand.tap("meal-2")
        await hand.tap("cancel")
        assert asked(hand)[-1][0] == "meal.cancel"
        assert hand.page == "MealsScreen"


async def test_after_the_cut_off_nothing_is_offered() -> None:
    """The kitchen has begun."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("suggest")
        await hand.tap("order")
        hand.terminal.deliver()
        mark_meal(hand, meals(hand)[0], state="locked")
        await hand.changed()
        await hand.tap("meal-2")

        assert "厨房已接单" in hand.words("state")
        assert not hand.app.screen.query_one("#acts").display


async def test_a_refusal_of_the_kitchen_is_said_in_its_words() -> None:
    """What was refused is gone from the list; the next order takes the words away."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("suggest")
        await hand.tap("order")
        hand.terminal.refuse_meals("您手术前需要禁食。", "You are not to eat before your operation.")
        await hand.changed()

        assert hand.words("said") == "您手术前需要禁食。"
        assert "15:30 前可订" in " ".join(hand.touch("meal-2").shown_lines())


async def test_a_meal_that_was_cancelled_for_a_reason_says_it() -> None:
    """Without anybody asking: on the field, and the suggestion is for another meal."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("suggest")
        await hand.tap("order")
        stop_last_meal(hand, Finding("M02", "block", case="operation"))
        eats(hand, Eater(diets=("low-salt",), fasting=(Fasting(why="operation"),)))
        await hand.changed()

        assert "已取消：您手术前需要禁食。" in "".join(hand.touch("meal-2").shown_lines())
        assert not hand.touch("suggest").display


@pytest.mark.parametrize(
    ("eater", "said"),
    [
        (Eater(diets=("low-salt",), unmapped=("野菜",)), "野菜"),
        (Eater(diets=("tube",)), "用其他方式进食"),
        (Eater(diets=("low-salt",), confused=True), "和护士或家属一起订餐"),
        (Eater(), "还没有给您开饮食医嘱"),
    ],
)
async def test_who_cannot_order_is_told_why(eater: Eater, said: str) -> None:
    """On every meal, and nothing is suggested."""
    async with bedside() as hand:
        eats(hand, eater)
        await opened(hand)

        assert said in "".join(hand.touch("meal-5").shown_lines())
        assert not hand.touch("suggest").display


async def test_before_the_menu_has_come_the_page_says_so() -> None:
    """Empty fields would say that there is nothing to eat."""
    async with bedside(EVEN) as hand:
        hand.terminal.replica.kept.clear()
        await opened(hand)

        assert hand.words("said") == "菜单还没有送到，请问护士。"
        await hand.tap("meal-2")
        assert hand.page == "MealsScreen"


async def test_offline_it_is_kept_and_said_to_wait() -> None:
    """The band says offline, the field that it waits."""
    async with bedside() as hand:
        await opened(hand)
        hand.terminal.connect(online=False, server_alive=False)
        await hand.tap("suggest")
        await hand.tap("order")

        assert "离线" in hand.words("band")
        assert "等待厨房确认" in "".join(hand.touch("meal-2").shown_lines())


async def test_visitors_do_not_see_it() -> None:
    """What somebody eats says what they have."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("visitors")
        await hand.tap("area-life")
        await hand.tap("entry-meals")

        assert hand.page == "HiddenScreen"
