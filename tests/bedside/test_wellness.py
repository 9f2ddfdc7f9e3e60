"""Wellness at the bed: the season against the diet, what speaks against an exercise, and the exercise itself."""

from __future__ import annotations

import pytest

from bedside.sample.stay import sample_stay
from bedside.screens.exercise import FRAME_S
from bedside.usecases.pacing import moment
from bedside.usecases.today import Term
from bedside.usecases.wellness import food_texts
from bedside.widgets.figure import Figure
from tests.bedside.screens import AT, SIZES, Hand, bedside, process_language
from wardlink.clinical.season_food import ALLERGEN_WORDS, season_foods
from wardlink.clinical.wellness import breath_s, movements
from wardlink.terminal.figure import paint


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


def foods(term: int, **changed: object) -> str:
    """What is said of food in this term, in Chinese."""
    with process_language("zh_CN"):
        return "\n".join(food_texts(Term(term, 1), sample_stay(AT, **changed)))


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


def test_food_is_never_against_the_diet() -> None:
    """No term offers anything to who may not eat, or may not chew, or is on an unfit diet, or allergic."""
    keep = "请按医嘱的饮食来吃。"
    terms = season_foods()
    assert len(terms) == 24
    for index, row in enumerate(terms):
        assert all(keep in foods(index, diet=diet) for diet in ("nil-by-mouth", "tube", "liquid"))
        assert (keep in foods(index, diet="soft")) is not row.is_soft
        assert all(keep in foods(index, diet=diet) for diet in row.unfit_diets)
        assert keep not in foods(index, diet="regular")
        for allergen in row.allergens:
            assert keep in foods(index, diet="regular", allergies=(ALLERGEN_WORDS[allergen][0],))


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
