"""A patient answers the survey: one question a page, back and change, skip, with or without a name, sent once."""

from __future__ import annotations

import pytest

from tests.bedside.screens import SIZES, SMALL, Hand, bedside
from wardlink.clinical.survey import RECOMMEND, allowed, items, questions
from wardlink.errors import Collision


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

        assert hand.terminal.voice.given[0].points == {RECOMMEND: number}


async def test_all_skipped_is_not_sent() -> None:
    """It says how to go on."""
    async with bedside() as hand:
        await opened(hand)
        for _ in questions():
            await hand.tap("survey-next")

        assert "全部跳过" in hand.words("survey-said")
        assert not hand.touch("survey-next").display


async def test_without_a_connection_nothing_is_called_sent() -> None:
    """The answers stay on the page; touched again with the connection, they go."""
    async with bedside() as hand:
        await opened(hand)
        await answer_all(hand)
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()
        await hand.tap("survey-next")
        assert "没有送出" in hand.words("survey-said")
        hand.terminal.connect(online=True, server_alive=True)
        await hand.changed()
        await hand.tap("survey-next")

        assert len(hand.terminal.voice.given) == 1
        assert "已经收到您的回答" in hand.text()


async def test_an_answer_whose_receipt_was_lost_is_not_called_lost() -> None:
    """The server says that it has one of this stay."""
    async with bedside() as hand:
        await opened(hand)
        await answer_all(hand)
        hand.terminal.voice.fails_with = Collision()
        await hand.tap("survey-next")

        assert "已经收到您的回答" in hand.text()


async def test_a_stay_is_asked_once() -> None:
    """Opened again, it thanks."""
    async with bedside() as hand:
        await opened(hand)
        await answer_all(hand)
        await hand.tap("survey-next")
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
