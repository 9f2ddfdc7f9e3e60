"""Today's plan: what it is made of, what is ticked, what comes next, and that visitors see nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.sample import SampleTerminal, sample_stay
from bedside.usecases.plan import Facts, Plan, Planned, mark, plan, short_texts, state_words, time_text
from bedside.widgets.words import Words
from tests.bedside.meals import eats
from tests.bedside.screens import AT, Hand, bedside, process_language
from wardlink.clinical.meals.eater import Eater, Fasting
from wardlink.clinical.meals.states import state_text
from wardlink.clinical.meals.times import Slot
from wardlink.clock import FixedClock, ward_date
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.meals import MealView
from wardlink.record.meals import MEAL

STAY = sample_stay(AT)
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with process_language("zh_CN"):
        yield


def of_sample(now: datetime = AT) -> Plan:
    """The sample bed's plan at an instant of its day."""
    clock = FixedClock(AT)
    return plan(SampleTerminal(clock).replica, STAY, now)


def at(hours: float) -> datetime:
    """So many hours after the ward's midnight."""
    return MIDNIGHT + timedelta(hours=hours)


@given(st.integers(0, 24 * 60 - 1), st.integers(0, 24 * 60 - 1))
def test_every_minute_of_the_day_has_a_plan(now: int, admitted: int) -> None:
    """Also for who comes so late that nothing is measured any more today."""
    clock = FixedClock(AT)
    board = SampleTerminal(clock).replica
    board.sets = []
    stay = STAY.model_copy(update={"admitted_at": at(min(now, admitted) / 60)})

    assert plan(board, stay, at(now / 60)) is not None


@pytest.mark.parametrize(
    ("start", "end", "zh", "en"),
    [
        (9, 10, "上午 9–10 点", "9–10 in the morning"),
        (11, 12, "上午 11–12 点", "11–12 in the morning"),
        (11, 13, "11:00–13:00", "11:00–13:00"),
        (12, 13, "下午 12–1 点", "12–1 in the afternoon"),
        (15, 16, "下午 3–4 点", "3–4 in the afternoon"),
        (17, 18, "下午 5–6 点", "5–6 in the afternoon"),
        (18, 19, "晚上 6–7 点", "6–7 in the evening"),
        (4, 5, "凌晨 4–5 点", "4–5 at night"),
        (0, 1, "00:00–01:00", "00:00–01:00"),
        (9.5, 10.5, "09:30–10:30", "09:30–10:30"),
        (23, 24, "23:00–00:00", "23:00–00:00"),
        (9, None, "09:00", "09:00"),
        (9, 9, "09:00", "09:00"),
    ],
)
def test_windows_are_said_as_people_say_them(start: float, end: float | None, zh: str, en: str) -> None:
    """Whole hours of one part of the day in words, everything else by the clock."""
    item = Planned(at(start), "", None if end is None else at(end))
    with process_language("zh_CN"):
        assert time_text(item) == zh
    with process_language("en"):
        assert time_text(item) == en


def test_the_day_holds_medicine_meals_and_measurements() -> None:
    """In order; what is over is ticked, the first that is to come is marked."""
    found = of_sample()
    texts = [f"{mark(found, item)}{item.starts_at.astimezone(UTC):%H:%M} {item.text}" for item in found.items]

    assert texts == [
        " 22:00 量体温、脉搏",
        "✓23:30 用药",
        "✓02:00 量体温、脉搏",
        "▸03:30 午餐",
        " 06:00 量体温、脉搏",
        " 06:30 用药",
        " 09:30 晚餐",
        " 10:00 量体温、脉搏",
        " 11:30 用药",
    ]


def test_who_comes_late_is_not_measured_any_more_today() -> None:
    """The plan of their first evening is there all the same."""
    late = at(23.6)
    found = plan(SampleTerminal(FixedClock(late)).replica, sample_stay(late, admitted_at=late), late)

    assert "体温和脉搏" not in " ".join(item.text for item in found.items)


def test_doses_of_one_window_are_one_line() -> None:
    """With the names of all of it in the detail, and none in the words of the home page."""
    morning = of_sample().items[1]

    assert morning.detail == "阿司匹林肠溶片、布地奈德混悬液"
    assert not any("阿司匹林" in text for text in short_texts(of_sample()))


def test_a_source_of_somebody_else_is_one_line() -> None:
    """It yields what it plans; the plan puts it in its place."""

    def exercise(facts: Facts) -> Iterator[Planned]:
        yield Planned(facts.start_at + timedelta(hours=11), "康复训练", facts.start_at + timedelta(hours=12))

    found = plan(SampleTerminal(FixedClock(AT)).replica, STAY, AT, sources=(exercise,))

    assert short_texts(found) == ("上午 11–12 点 康复训练",)


@given(
    st.lists(
        st.builds(
            Planned,
            st.integers(0, 24 * 60 - 1).map(lambda n: MIDNIGHT + timedelta(minutes=n)),
            st.sampled_from(("a", "b")),
            st.none(),
            st.just(""),
            st.sampled_from(("done", "off", "open")),
        )
    ),
    st.integers(0, 24 * 60 - 1),
)
def test_next_is_the_first_open_thing_that_is_not_over(items: list[Planned], minute: int) -> None:
    """Whatever is planned, in whatever order it is told."""
    now = MIDNIGHT + timedelta(minutes=minute)
    found = plan(SampleTerminal(FixedClock(AT)).replica, STAY, now, sources=(lambda _facts: items,))
    waiting = [item for item in items if item.state == "open" and item.starts_at >= now]

    assert all(one.starts_at <= other.starts_at for one, other in pairwise(found.items))
    assert (found.next is None) == (not waiting)
    assert found.next is None or found.next.starts_at == min(item.starts_at for item in waiting)


def test_what_has_begun_is_said_to_go_on() -> None:
    """While lunch is served, it is what is now, and not what comes next."""
    found = of_sample(AT + timedelta(hours=1))
    lunch = next(item for item in found.items if item.text == "午餐")

    assert state_words(found, lunch, AT + timedelta(hours=1)) == "正在进行"


def test_an_empty_day_says_so() -> None:
    """And a day that is over says that nothing is to come."""
    board = SampleTerminal(FixedClock(AT)).replica
    assert short_texts(plan(board, STAY, AT, sources=())) == ("今天没有安排。",)
    over = (lambda _facts: [Planned(at(1), "x")],)
    assert short_texts(plan(board, STAY, AT, sources=over)) == ("今天后面没有安排了。",)


async def test_fasting_stands_at_the_meal() -> None:
    """Not as a meal that one might order."""
    async with bedside() as hand:
        eats(hand, Eater(fasting=(Fasting(),)))
        await hand.login()
        await hand.tap("plan")

        assert "午餐 · 暂时不能吃东西，等医生护士通知 · 不进行" in said(hand)


async def test_an_ordered_meal_says_how_far_it_is() -> None:
    """As the kitchen has it; ticked when the tray stands at the bed."""
    async with bedside() as hand:
        await hand.login()
        meal = MealView(
            id=new_id(),
            encounter=STAY.id,
            bed=STAY.bed,
            on=ward_date(AT),
            slot="dinner",
            state="placed",
            items=(),
            served_at=Slot(ward_date(AT), "dinner").served_at,
            placed_at=AT,
            by=Actor(kind="patient", id=STAY.id),
        )
        hand.terminal.tell_record(MEAL, meal)
        await hand.changed()
        await hand.tap("plan")
        assert f"晚餐 · {state_text('placed')}" in said(hand)
        hand.terminal.tell_record(MEAL, meal.model_copy(update={"state": "delivered"}))
        await hand.changed()

        assert f"晚餐 · {state_text('delivered')} · 已完成" in said(hand)


async def test_the_page_ticks_what_is_over_and_marks_what_is_next() -> None:
    """In words too; that it was looked at is written down."""
    async with bedside() as hand:
        await hand.login()
        assert "11:30–12:00 午餐" in hand.text()
        await hand.tap("plan")
        assert "午餐 · 还没点餐 · 下一项" in said(hand)

        assert ("view", "plan") in [(c.body.get("action"), c.body.get("what")) for c in hand.terminal.recorded]


async def test_visitors_see_nothing_of_the_plan() -> None:
    """Neither on the home page nor behind it."""
    async with bedside() as hand:
        await hand.login()
        await hand.tap("visitors")
        assert "用药" not in hand.text()
        assert "午餐" not in hand.text()
        await hand.tap("plan")

        assert hand.page == "HiddenScreen"


def said(hand: Hand) -> list[str]:
    """The lines of the page."""
    return [words.text for words in hand.app.screen.query("#rows Words").results(Words)]
