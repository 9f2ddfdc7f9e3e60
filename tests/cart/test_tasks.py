"""What is due, as a nurse sees it and does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cart.app import CartApp
from cart.usecases.tasks import at_from
from tests.cart.nurse import AT, SIZES, Nurse, cart, process_language, sample, sample_of
from wardlink.messages.rounds import RoundView
from wardlink.record.assignments import ASSIGNMENT
from wardlink.record.reminders import REMINDER
from wardlink.record.rounds import ROUND

Compare = Callable[..., bool]


async def open_tasks(nurse: Nurse) -> None:
    """Sign in, and open the tasks of the ward."""
    await nurse.sign_in()
    await nurse.press("t")


def kinds(nurse: Nurse) -> list[str]:
    """What this cart has recorded, without the looks."""
    return [command.kind for command in sample_of(nurse).recorded if command.kind != "audit.event"]


def rounds_at(nurse: Nurse, bed: str) -> list[RoundView]:
    """The rounds at a bed, oldest first."""
    return [found for found in sample_of(nurse).replica.records(ROUND) if found.bed == bed]


async def go_to(nurse: Nurse, code: str, bed: str) -> None:
    """Put the cursor on a kind of thing at a bed."""
    stay = sample_of(nurse).replica.in_bed(bed).id
    page: Any = nurse.app.page
    key = next(task.key for task in page._tasks if task.key.startswith(f"{code}:{stay}:"))
    nurse.grid("tasks").go_to(key)
    await nurse.settle()


async def test_a_round_by_key_takes_it_off_the_list() -> None:
    """Recorded, it is due again later; Z strikes it out with a reason and it is due as before."""
    async with cart() as nurse:
        await open_tasks(nurse)
        await go_to(nurse, "round", "12")
        before = nurse.line("12", "王秀英", "巡视")
        await nurse.press("enter")
        done = rounds_at(nurse, "12")[-1]
        assert before not in nurse.text()

        await nurse.press("z", "1")

        struck = rounds_at(nurse, "12")[-1]
        assert (done.evidence, done.bed) == ("ticked", "12")
        assert struck.struck_reason == "病人错误"
        assert before in nurse.text()


@pytest.mark.parametrize(
    ("code", "bed", "page"),
    [
        ("vitals", "8", "VitalsScreen"),
        ("dose", "12", "MedicationScreen"),
        ("assessment", "6", "AssessScreen"),
    ],
)
async def test_enter_leads_to_where_it_is_done(code: str, bed: str, page: str) -> None:
    """And Escape leads back to the list."""
    async with cart() as nurse:
        await open_tasks(nurse)
        await go_to(nurse, code, bed)
        await nurse.press("enter")
        assert nurse.page == page
        await nurse.press("escape")
        assert nurse.page == "TasksScreen"


async def test_a_reminder_from_beginning_to_end() -> None:
    """Added with a word and a time, on the list before it is due, done with two keys."""
    async with cart() as nurse:
        await open_tasks(nurse)
        await go_to(nurse, "round", "12")
        await nurse.press("n", "2", "1")
        (added,) = sample_of(nurse).replica.records(REMINDER)
        assert (added.text, added.due_at) == ("翻身", AT + timedelta(minutes=30))
        await go_to(nurse, "reminder", "12")
        await nurse.press("enter", "1")

        (done,) = sample_of(nurse).replica.records(REMINDER)

        assert done.state == "done"
        assert "提醒：翻身" not in nurse.text()


async def test_a_reminder_is_struck_out_with_a_reason() -> None:
    """A time that is none is asked for again."""
    async with cart() as nurse:
        await open_tasks(nurse)
        await go_to(nurse, "round", "12")
        await nurse.press("n", "1", "tab")
        await nurse.typed("25:00", "enter")
        assert any("25:00" in note for note in nurse.notes())
        await nurse.press("1")
        await go_to(nurse, "reminder", "12")
        await nurse.press("enter", "2", "1")

        (struck,) = sample_of(nurse).replica.records(REMINDER)

        assert (struck.state, struck.struck_reason) == ("struck", "不再需要")


async def test_a_nurse_takes_her_beds() -> None:
    """Marked in the ward list, shown with a dot and by name; B again leaves it."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.press("b")
        assert "•1" in nurse.line("陈建国")
        await nurse.press("t", "b")
        lines = [line for line in nurse.text().splitlines() if "李静" in line and "C2" not in line]
        assert lines
        assert all("陈建国" in line for line in lines)
        assert "王秀英" not in nurse.text()
        await nurse.press("escape", "b")
        assert "•1" not in nurse.text()

        (view,) = [view for view in sample_of(nurse).replica.records(ASSIGNMENT) if view.bed == "1"]

        assert [step.takes for step in view.steps] == [True, False]


async def test_without_beds_it_says_how_to_take_one() -> None:
    """An empty list tells why it is empty."""
    async with cart() as nurse:
        await open_tasks(nurse)
        await nurse.press("b")

        assert "按 B 选床" in nurse.text()


async def test_a_patients_tasks_are_hers_alone() -> None:
    """From the patient's page only her own."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        await nurse.press("t")

        page: Any = nurse.app.page
        assert {task.stay.bed for task in page._tasks} == {"12"}


async def test_the_ward_list_says_what_waits() -> None:
    """Overdue at bed 8, whose last set is a day old; short words in the column of what is to be done."""
    async with cart() as nurse:
        await nurse.sign_in()

        assert "逾期" in nurse.line("周小燕")
        assert "体征" in nurse.line("周小燕")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("30", AT + timedelta(minutes=30)),
        ("14:30", datetime.fromisoformat("2026-11-23T14:30:00+08:00")),
        ("14：30", datetime.fromisoformat("2026-11-23T14:30:00+08:00")),
        ("10:42", datetime.fromisoformat("2026-11-24T10:42:00+08:00")),
        ("10:43", datetime.fromisoformat("2026-11-23T10:43:00+08:00")),
        ("0", None),
        ("1441", None),
        ("24:00", None),
        ("12:60", None),
        ("soon", None),
        ("²", None),
        ("", None),
    ],
)
def test_a_time_is_minutes_or_the_clock_on_the_wall(words: str, expected: datetime | None) -> None:
    """The next time that the clock shows it; what is neither is asked for again."""
    assert at_from(words, AT) == expected


async def tasks(nurse: Nurse) -> None:
    """All that is due."""
    await open_tasks(nurse)


async def tasks_of_one(nurse: Nurse) -> None:
    """By patient, of one."""
    await nurse.sign_in()
    await nurse.open("12")
    await nurse.press("t")


VIEWS = [(page, size, speaks) for page in (tasks, tasks_of_one) for size in SIZES for speaks in ("zh_CN", "en")]


@pytest.mark.parametrize(
    ("page", "size", "speaks"), VIEWS, ids=[f"{page.__name__}-{size[0]}-{speaks}" for page, size, speaks in VIEWS]
)
def test_the_page_looks_as_it_did(
    page: Callable[[Nurse], Awaitable[None]], size: tuple[int, int], speaks: str, snap_compare: Compare
) -> None:
    """At both sizes and in both languages, with a clock that stands still."""
    app = CartApp(sample, named="C2")

    async def act(pilot: Pilot[Any]) -> None:
        nurse = Nurse(app, pilot)
        await page(nurse)
        await nurse.changed()
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause()

    with process_language(speaks):
        assert snap_compare(app, terminal_size=size, run_before=act)
