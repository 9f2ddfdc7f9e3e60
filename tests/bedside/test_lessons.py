"""Health lessons on the bed's screen: read, answered, and known to the ward, also where the network is away."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.screens.lesson import LessonScreen
from tests.bedside.screens import Hand, bedside
from tests.bedside.ways import WAYS
from wardlink.clinical.lessons import UNDERSTOOD_PCT, Lessons, LessonState, our_lessons, state_after
from wardlink.clinical.written import Both
from wardlink.messages.lessons import LessonsView
from wardlink.record.lesson_texts import LESSONS, lessons_id


def told(hand: Hand) -> list[tuple[str, dict[str, Any]]]:
    """What was said about lessons."""
    return [(c.kind, c.body) for c in hand.terminal.recorded if c.kind.startswith("lesson.")]


@pytest.mark.parametrize(
    ("right", "asked", "state"),
    [(0, 0, "read"), (0, 3, "repeat"), (2, 3, "repeat"), (3, 3, "understood"), (3, 4, "repeat"), (4, 5, "understood"),
     (7, 10, "repeat"), (8, 10, "understood")],
)  # fmt: skip
def test_eighty_of_a_hundred_are_understood(right: int, asked: int, state: LessonState) -> None:
    """The bound itself counts."""
    assert (state_after(right, asked), UNDERSTOOD_PCT) == (state, 80)


def test_every_lesson_is_whole_in_both_languages() -> None:
    """As many points, at least three questions, one right choice each, and codes that are there once."""
    lessons = our_lessons().lessons

    assert len({lesson.code for lesson in lessons}) == len(lessons) >= 8
    for lesson in lessons:
        assert len(lesson.zh_CN) == len(lesson.en)
        assert len(lesson.questions) >= 3
        assert len({question.right for question in lesson.questions}) > 1, f"{lesson.code}: always the same place"


async def test_what_the_diet_asks_for_comes_first() -> None:
    """The sample's patient eats with little salt."""
    async with bedside() as hand:
        await WAYS["lessons"].walk(hand)

        assert hand.text().index("低盐饮食", hand.text().index("健康")) < hand.text().index("预防跌倒")
        assert "8 课中已掌握 0 课" in hand.text()


async def test_reading_to_the_end_counts_and_opening_does_not() -> None:
    """In a window so low that there is more than one page."""
    operation = our_lessons().called("operation")
    assert operation is not None
    async with bedside((60, 20), speaks="en") as hand:
        await hand.login()
        await hand.pilot.resize_terminal(60, 13)
        hand.app.push_screen(LessonScreen(operation))
        await hand.settle()
        assert told(hand) == []
        while hand.touch("on").display:
            await hand.tap("on")

        assert told(hand) == [("lesson.read", {"lesson": "operation"})]
        assert hand.touch("ask").display


@pytest.mark.parametrize(("way", "right"), [("lesson-understood", 3), ("lesson-repeat", 2)])
async def test_the_answers_are_told_once(way: str, right: int) -> None:
    """With how many were right; what came of it is said in friendly words."""
    async with bedside() as hand:
        await WAYS[way].walk(hand)

        assert told(hand)[-1] == ("lesson.answer", {"lesson": "low-salt", "right": right, "asked": 3})
        assert ("已经掌握" in hand.text()) == (right == 3)


async def test_a_wrong_answer_is_put_right() -> None:
    """And cannot be taken back by a second touch."""
    async with bedside() as hand:
        await WAYS["lesson-question"].walk(hand)

        assert "正确答案是：咸菜" in hand.text()
        assert not hand.app.screen.query("#choice-0")


async def test_offline_it_waits_and_is_told_later() -> None:
    """Never that the ward knows it before it does."""
    async with bedside() as hand:
        await WAYS["lessons-unsent"].walk(hand)
        assert "等待网络" in hand.text()
        hand.terminal.deliver()
        await hand.changed()

        assert "等待网络" not in hand.text()
        assert "✓ 已掌握" in hand.text()


async def test_the_hospitals_own_lessons_take_the_place_of_ours() -> None:
    """Those that are told are listed and read; what was read of another one is no obstacle."""
    ours = our_lessons()
    theirs = ours.lessons[0].model_copy(update={"code": "our-own", "title": Both(zh_CN="本院入院须知", en="Our house")})
    async with bedside() as hand:
        await hand.login()
        view = LessonsView(
            id=lessons_id("w3"),
            lessons=Lessons(lessons=(theirs,)),
            told_at=hand.clock.now(),
            command="00000000-0000-7000-8000-000000000777",
        )
        hand.terminal.tell_record(LESSONS, view)
        await hand.changed()
        await hand.tap("area-medical")
        await hand.tap("entry-lessons")
        assert [touch.id for touch in hand.app.screen.query("#lessons > *")] == ["lesson-our-own"]
        await hand.tap("lesson-our-own")

        assert "本院入院须知" in hand.text()
        assert {body["lesson"] for _kind, body in told(hand)} <= {"our-own"}
