"""Nutrition on the bed's screen: the diet in plain words, today against its limits, wishes given up by the patient."""

from __future__ import annotations

from dataclasses import replace

from bedside.widgets.words import Words
from tests.bedside.meals import eats, mark_meal, meals
from tests.bedside.screens import Hand, bedside
from wardlink.clinical.meals.diets import advice_text, diets
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.menu_file import sample_menu
from wardlink.clinical.tables import load


async def opened(hand: Hand, eater: Eater | None = None) -> None:
    """On the page, as somebody who eats so."""
    await hand.login()
    if eater is not None:
        eats(hand, eater)
        await hand.changed()
    await hand.tap("area-health")
    await hand.tap("entry-nutrition")


async def order_suggested(hand: Hand) -> None:
    """The meal that is suggested, in the kitchen's hands; then on the page."""
    for field in ("area-life", "entry-meals", "suggest", "order"):
        await hand.tap(field)
    hand.terminal.deliver()
    await hand.press("escape", "escape")
    await hand.tap("area-health")
    await hand.tap("entry-nutrition")


def all_text(hand: Hand) -> str:
    """Every line of the page, also those below the edge."""
    return "".join(words.text for words in hand.app.screen.query("#rows Words").results(Words))


def test_every_diet_that_can_be_eaten_by_mouth_has_its_words() -> None:
    """Tests and feeding by tube are explained by the nurse, not by a screen; nothing is said of what is no diet."""
    without = {code for code in diets() if advice_text(code) is None}

    assert without == {
        code for code, diet in diets().items() if diet.kind in ("test", "none") or code in ("tube", "parenteral")
    }
    assert load("diet_advice")["diets"].keys() <= diets().keys()


async def test_today_is_what_was_ordered_until_somebody_has_seen_what_was_eaten() -> None:
    """Half of it eaten is half of everything; a meal that was cancelled counts for nothing."""
    async with bedside() as hand:
        await hand.login()
        await order_suggested(hand)
        ordered = all_text(hand)
        meal = meals(hand)[-1]
        whole = sum(item.nutrition.na_mg for item in meal.items)
        mark_meal(hand, meal, state="closed", eaten_pct=50)
        await hand.changed()
        half = all_text(hand)
        mark_meal(hand, meal, state="cancelled")
        await hand.changed()

        assert f"{whole:g}" in ordered
        assert "按全部吃完计算" in ordered
        assert f"{round(whole / 2, 1):g}" in half
        assert "吃了 50%" in half
        assert "按全部吃完计算" not in half
        assert "今天还没有订餐" in all_text(hand)


async def test_potassium_is_shown_to_whom_it_is_limited() -> None:
    """By the dishes that have its figure; where one has none, that is said."""
    async with bedside() as hand:
        await hand.login()
        eats(hand, Eater(diets=("low-potassium",)))
        await hand.changed()
        await order_suggested(hand)
        known = all_text(hand)
        item = meals(hand)[-1].items[0]
        held = sample_menu().by_code[item.code].nutrition
        unknown = item.model_copy(update={"nutrition": replace(held, k_mg=None)})
        mark_meal(hand, meals(hand)[-1], items=(unknown,))
        await hand.changed()

        assert f"钾 {held.k_mg:g} 毫克，全天最多 2000 毫克" in known
        assert "钾含量不明" in all_text(hand)


async def test_without_an_order_the_page_says_whom_to_ask() -> None:
    """No diet, and one in words that no table knows."""
    async with bedside() as hand:
        await opened(hand, Eater(unknown_diets=("某种膳食",)))

        assert "还没有给您开饮食医嘱" in all_text(hand)
        assert "某种膳食：具体怎么吃，请问护士" in all_text(hand)


async def test_a_wish_is_given_up_by_two_touches_once() -> None:
    """Only this wish; a third and a fourth touch say nothing more, and it waits until the ward has heard it."""
    async with bedside() as hand:
        await opened(hand, Eater(diets=("regular",), avoids=("halal", "no-beef")))
        await hand.tap("wish-halal")
        asked = [command.kind for command in hand.terminal.recorded]
        for _again in range(3):
            await hand.tap("wish-halal")
        said = [c for c in hand.terminal.recorded if c.kind == "diet-card.set"]

        assert "diet-card.set" not in asked
        assert [command.body["avoids"] for command in said] == [["no-beef"]]
        assert "等待病区确认" in hand.text()


async def test_the_first_touch_alone_gives_nothing_up() -> None:
    """Another wish takes its place."""
    async with bedside() as hand:
        await opened(hand, Eater(diets=("regular",), avoids=("halal", "no-beef")))
        await hand.tap("wish-halal")
        await hand.tap("wish-no-beef")

        assert not [c for c in hand.terminal.recorded if c.kind == "diet-card.set"]
        assert hand.text().count("再点一次") == 1


async def test_visitors_see_nothing_of_it() -> None:
    """What somebody may eat says what they have."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("visitors")
        await hand.tap("area-health")
        await hand.tap("entry-nutrition")

        assert hand.page == "HiddenScreen"
        assert "低盐" not in hand.text().split("\n", 3)[-1]
