"""A patient answers the survey: one question a page, back and change, skip, with or without a name, sent once."""

from __future__ import annotations

import pytest

from tests.bedside.screens import SIZES, SMALL, Hand, bedside
from wardlink.clinical.survey import RECOMMEND, allowed, items, questions
from wardlink.errors import StoreFailed


async def opened(hand: Hand) -> None:
    """The first question."""
    await hand.login()
    await hand.tap("area-special")
    await hand.tap("entry-survey")


async def answer_all(hand: Hand, points: int = 4, recommend: int = 9) -> None:
    """Every question the same."""
    for _ in items():
        await hand.tap(f"answer-{points}")
    await hand.tap(f"answer-{recommend}")


@pytest.mark.parametrize("size", SIZES)
async def test_every_question_has_a_page_of_large_fields(size: tuple[int, int]) -> None:
    """At most six; at the end it is sent without the name, once."""
    async with bedside(size) as hand:
        await opened(hand)
        for number, item in enumerate(questions(), start=1):
            fields = list(hand.app.screen.query("#survey-fields Touch"))
            assert f"第 {number} 题，共 11 题" in hand.words("survey-progress")
            assert len(fields) <= 6
            assert all(field.region.height >= 3 and field.region.width >= 14 for field in fields)
            await hand.tap("answer-9" if item == RECOMMEND else "answer-4")
        await hand.tap("survey-next")

        hand.terminal.deliver()
        await hand.pass_time(1)
        (given,) = hand.terminal.voice.given
        assert given.anonymous
        assert given.points == dict.fromkeys(items(), 4) | {RECOMMEND: 9}
        assert "已经收到您的回答" in hand.text()
        assert not hand.touch("survey-next").display


async def test_back_shows_what_was_answered_and_it_can_be_changed() -> None:
    """Also to no answer at all."""
    async with bedside() as hand:
        await opened(hand)
        await hand.tap("answer-2")
        await hand.tap("answer-5")
        await hand.tap("back")
        await hand.tap("back")
        assert "✓" in " ".join(hand.touch("answer-2").shown_lines())
        await hand.tap("answer-1")
        await hand.tap("survey-next")
        for _ in questions()[2:]:
            await hand.tap("survey-next")
        assert "已答 2 题" in hand.words("survey-question")
        await hand.tap("name-yes")
        assert "署名" in hand.words("survey-said")
        await hand.tap("survey-next")
        hand.terminal.deliver()

        (given,) = hand.terminal.voice.given
        assert (given.points, given.anonymous) == ({"environment": 1, "respect": 5}, False)


@pytest.mark.parametrize("number", allowed(RECOMMEND))
async def test_every_number_can_be_given(number: int) -> None:
    """Eleven of them on two pages of six fields."""
    async with bedside(SMALL) as hand:
        await opened(hand)
        for _ in items():
            await hand.tap("survey-next")
        if number <= 5:
            await hand.tap("answer-low")
        await hand.tap(f"answer-{number}")
        await hand.tap("back")
        assert "✓" in " ".join(hand.touch(f"answer-{number}" if number > 5 else "answer-low").shown_lines())
        await hand.tap("survey-next")
        await hand.tap("survey-next")
        hand.terminal.deliver()

        assert hand.terminal.voice.given[0].points == {RECOMMEND: number}


async def test_all_skipped_is_not_sent() -> None:
    """It says how to go on."""
    async with bedside() as hand:
        await opened(hand)
        for _ in questions():
            await hand.tap("survey-next")

        assert "全部跳过" in hand.words("survey-said")
        assert not hand.touch("survey-next").display


async def test_without_a_connection_it_is_kept_and_said_to_wait() -> None:
    """Opened and answered offline; sent once, however often it is touched, and called arrived when it has."""
    async with bedside() as hand:
        hand.terminal.connect(online=True, server_alive=True)
        await hand.login()
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()
        await hand.tap("area-special")
        await hand.tap("entry-survey")
        await answer_all(hand)
        hand.trembles = True
        await hand.tap("survey-next")
        assert "有网络后" in hand.words("survey-said")
        await hand.tap("back")
        await hand.tap("entry-survey")
        assert "有网络后" in hand.words("survey-said")
        assert not hand.app.screen.query("#survey-fields Touch")

        hand.terminal.connect(online=True, server_alive=True)
        hand.terminal.deliver()
        await hand.pass_time(6)
        assert "已经收到您的回答" in hand.text()
        assert [c.kind for c in hand.terminal.recorded].count("survey.answer") == 1
        assert len(hand.terminal.voice.given) == 1


async def test_a_disk_that_fails_is_said_and_the_answers_stay() -> None:
    """Nothing is called sent."""
    async with bedside() as hand:
        await opened(hand)
        await answer_all(hand)
        hand.terminal.fails_with = StoreFailed()
        await hand.tap("survey-next")
        assert hand.touch("survey-next").display
        assert "收到" not in hand.words("survey-said")
        hand.terminal.fails_with = None
        await hand.tap("survey-next")
        hand.terminal.deliver()
        await hand.pass_time(1)

        assert len(hand.terminal.voice.given) == 1


async def test_a_refusal_is_said_in_its_words() -> None:
    """A guardian has answered meanwhile, on this screen before it was changed."""
    async with bedside() as hand:
        await opened(hand)
        await answer_all(hand)
        hand.terminal.connect(online=True, server_alive=False)
        await hand.tap("survey-next")
        hand.terminal.refuse_surveys("本次住院已填写过满意度调查，谢谢您。", "Answered already.")
        await hand.pass_time(1)

        assert "已填写过" in hand.words("survey-said")


async def test_a_stay_is_asked_once() -> None:
    """Opened again, it thanks."""
    async with bedside() as hand:
        await opened(hand)
        await answer_all(hand)
        await hand.tap("survey-next")
        hand.terminal.deliver()
        await hand.tap("back")
        await hand.tap("entry-survey")

        assert "每次住院只填一次" in hand.text()
        assert not hand.app.screen.query("#survey-fields Touch")


async def test_it_works_by_keyboard() -> None:
    """The first field has the focus: Enter answers the best."""
    async with bedside() as hand:
        await opened(hand)
        for _ in questions():
            await hand.press("enter")

        assert "已答 11 题" in hand.words("survey-question")
        await hand.press("escape")
        assert "第 11 题" in hand.words("survey-progress")
