"""Wellness at the bed: the season against the diet, what speaks against an exercise, and the exercise itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bedside.sample.stay import sample_stay
from bedside.screens.exercise import FRAME_S
from bedside.usecases.pacing import moment
from bedside.usecases.today import Term
from bedside.usecases.wellness import eater_of, food_texts, state_of
from bedside.widgets.figure import Figure
from tests.bedside.meals import mark_meal, meals
from tests.bedside.screens import AT, SIZES, Hand, bedside, process_language, sample_app
from tests.bedside.walks import signed_in
from wardlink.clinical.meals.eater import Eater, Fasting
from wardlink.clinical.season_food import ALLERGEN_WORDS, season_foods
from wardlink.clinical.wellness import breath_s, movements
from wardlink.messages.meals import MealStep
from wardlink.terminal.figure import paint

HOUR = timedelta(hours=1)


async def begin(hand: Hand, kind: str = "baduanjin") -> None:
    """As far as the first movement, on a patient whose clip is on."""
    board = hand.terminal.replica
    board.sets = [found.model_copy(update={"lead_off": ()}) for found in board.sets]
    await hand.login()
    await hand.tap("area-health")
    await hand.tap("entry-wellness")
    await hand.tap(f"begin-{kind}")
    while hand.touch("on").display:
        await hand.tap("on")
    await hand.tap("begin")


def foods(term: int, eater: Eater | None = None, **changed: object) -> str:
    """What is said of food in this term, in Chinese; without `eater` by the diet of the stay alone."""
    with process_language("zh_CN"):
        stay = sample_stay(AT, **changed)
        board = sample_app()[1].replica
        board.kept.clear()
        return "\n".join(food_texts(Term(term, 1), stay, eater or eater_of(board, stay), AT))


@pytest.mark.parametrize("size", SIZES)
async def test_eight_movements_to_the_end(size: tuple[int, int]) -> None:
    """Every one can be reached, one is left out by age, and the last leads back."""
    async with bedside(size) as hand:
        await begin(hand)
        said = []
        for _ in range(8):
            said.append(hand.text())
            await hand.tap("next")
        assert hand.page == "WellnessScreen"
    assert ["跳过" in text for text in said] == [False, False, False, False, True, False, False, False]
    assert all("有任何不舒服" in text and "”。" in text for text in said)


async def test_the_figure_moves_and_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the breath; a pause keeps the place."""
    async with bedside() as hand:
        await begin(hand)
        figure = hand.app.screen.query_one(Figure)

        async def pose_after(seconds: float) -> object:
            hand.clock.advance(seconds)
            hand.app.screen._draw()  # type: ignore[attr-defined]
            await hand.settle()
            return figure._pose

        first = await pose_after(0)
        raised = await pose_after(breath_s("in"))
        await hand.tap("pause")
        stood = await pose_after(5)
        await hand.tap("pause")
        assert first != raised
        assert await pose_after(0) == stood
        assert FRAME_S < 0.2


async def test_nothing_is_offered_while_a_clip_is_off() -> None:
    """The sample's oxygen is not known: the page says so and has no way on."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("area-health")
        await hand.tap("entry-wellness")
        await hand.tap("begin-breathing")
        assert "近期没有测" in hand.text()
        assert not hand.app.screen.query("#begin")


KEEP = "请按医嘱的饮食来吃。"


def test_food_is_never_against_the_diet() -> None:
    """No term offers anything to who may not eat, or may not chew, or is on an unfit diet, or allergic."""
    terms = season_foods()
    assert len(terms) == 24
    for index, row in enumerate(terms):
        assert all(KEEP in foods(index, diet=diet) for diet in ("nil-by-mouth", "tube", "liquid", "管饲", "生酮"))
        assert (KEEP in foods(index, diet="soft")) is not row.is_soft
        assert all(KEEP in foods(index, diet=diet) for diet in row.unfit_diets)
        assert KEEP not in foods(index, diet="regular")
        for allergen in row.allergens:
            assert KEEP in foods(index, diet="regular", allergies=(ALLERGEN_WORDS[allergen][0],))
            assert KEEP in foods(index, Eater(diets=("regular",), allergens=(allergen,)))


MINOR_SNOW, MINOR_COLD, WINTER = 22, 1, 0
"""Black fungus with lean meat; yam porridge, for which nothing is chewed; dumplings."""


@pytest.mark.parametrize(
    ("term", "eater", "said"),
    [
        (MINOR_SNOW, Eater(diets=("regular",)), None),
        (MINOR_SNOW, Eater(diets=("regular", "low-protein")), "低蛋白"),
        (MINOR_SNOW, Eater(diets=("regular",), food_drugs=("warfarin",)), "药物"),
        (MINOR_SNOW, Eater(diets=("regular",), iddsi=7), None),
        (MINOR_SNOW, Eater(diets=("regular",), iddsi=6), "软"),
        (MINOR_COLD, Eater(diets=("regular",), iddsi=5), None),
        (MINOR_COLD, Eater(diets=("regular",), iddsi=4), "软"),
        (MINOR_COLD, Eater(diets=("regular",), drink=2), "软"),
        (MINOR_COLD, Eater(diets=("regular",), unmapped=("野菜",)), "过敏"),
        (MINOR_COLD, Eater(diets=("occult-blood",)), "隐血"),
        (MINOR_COLD, Eater(), "还没有"),
        (MINOR_COLD, Eater(unknown_diets=("生酮",)), "生酮"),
        (WINTER, Eater(diets=("no-salt",)), "无盐"),
        (MINOR_COLD, Eater(diets=("regular",), fasting=(Fasting(),)), "禁食"),
        (MINOR_COLD, Eater(diets=("regular",), fasting=(Fasting(AT, AT + HOUR),)), "禁食"),
        (MINOR_COLD, Eater(diets=("regular",), fasting=(Fasting(AT - HOUR, AT),)), None),
        (MINOR_COLD, Eater(diets=("regular",), fasting=(Fasting(AT + HOUR),)), None),
    ],
)
def test_food_follows_what_the_ward_knows_of_how_one_eats(term: int, eater: Eater, said: str | None) -> None:
    """Every diet at once, texture, fasting, medicines and allergies that nobody has explained yet."""
    found = foods(term, eater, diet="regular")

    assert (KEEP in found) is (said is not None)
    assert said is None or said in found


@pytest.mark.parametrize("number", range(8))
def test_a_movement_runs_from_pose_to_pose(number: int) -> None:
    """At the end of each breath the body is where the table says, and its cells hold it wholly."""
    poses = movements()[number].poses
    seconds = 0.0
    for way in [*range(1, len(poses)), 0]:
        seconds += breath_s(poses[way].breath)
        found = moment(poses, seconds - 1e-9)
        assert (found.step, found.breath) == (way, poses[way].breath)
        assert found.pose.left == pytest.approx(poses[way].left)
        cells = "".join(char for row in range(14) for char, _owner in paint(found.pose, 30, 14).row(row))
        assert len(cells.replace("\u2800", "")) > 60
    assert moment(poses, seconds).round == 1


@pytest.mark.parametrize(
    ("minutes", "struck", "is_refused"), [(0, False, True), (59, False, True), (60, False, False), (5, True, False)]
)
async def test_who_has_just_eaten_waits(minutes: int, struck: bool, is_refused: bool) -> None:
    """An hour after the tray was scanned at the bed; one that was scanned here by mistake does not count."""
    async with bedside() as hand:
        await signed_in("area-life", "entry-meals", "suggest", "order")(hand)
        hand.terminal.deliver()
        meal = meals(hand)[-1]
        step = MealStep(
            command=meal.id, what="deliver", at=hand.clock.now() - timedelta(minutes=minutes), by=meal.steps[-1].by
        )
        state = "dispatched" if struck else "delivered"
        mark_meal(hand, meal, state=state, steps=(*meal.steps, step))
        stay = hand.terminal.replica.stay
        assert stay is not None

        assert state_of(hand.terminal.replica, stay, hand.clock.now()).ate is is_refused
