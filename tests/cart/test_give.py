"""Values of a monitor that stood at nobody are given to a patient by a nurse's word, and taken back by one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cart.usecases.attributions import time_typed
from tests.cart.nobodys import MONITOR, SETS, before, case, said, waiting
from tests.cart.nurse import AT, SIZES, Nurse, cart, sample_of
from wardlink.messages.commands import Command
from wardlink.messages.vitals import Assigned
from wardlink.record.attributions import ATTRIBUTION
from wardlink.record.occupancy import Stretch


def said_here(nurse: Nurse) -> list[Command]:
    """What this cart has recorded about monitors."""
    return [command for command in sample_of(nurse).recorded if command.kind.startswith("attribution.")]


async def test_who_lay_in_the_bed_is_offered_first_and_nobody_is_chosen() -> None:
    """The values and the patients stand there; nothing is said until a patient is chosen and a reason given."""
    async with cart() as nurse:
        await waiting(nurse)
        await nurse.press("g")
        shown = nurse.text()
        await nurse.press("enter")
        asked = nurse.text()
        nothing = said_here(nurse)
        await nurse.press("1")

        (command,) = said_here(nurse)
        offered = [line for line in shown.splitlines() if "不在 12 床" in line or "一直在 12 床" in line]
        assert "王秀英" in offered[0]
        assert ["一直在" in line for line in offered].count(True) == 1
        assert "10:02-10:38" in asked
        assert "13 组" in asked
        assert nothing == []
        assert command.encounter == sample_of(nurse).replica.in_bed("12").id
        assert command.body["monitor"] == MONITOR
        assert (command.measured_at, command.body["reason"]) == (before(40).replace(second=0), "先接监护仪，后扫腕带")
        assert nurse.page == "CasesScreen"


async def test_it_is_kept_also_without_a_network() -> None:
    """On this cart's disk at once, and on the page of what was given."""
    async with cart() as nurse:
        await waiting(nurse)
        sample_of(nurse).connect(online=False, server_alive=False)
        await nurse.press("g", "enter", "2", "l")

        assert len(said_here(nurse)) == 1
        assert "王秀英" in nurse.line(MONITOR, "10:02-10:38", "服务器未确认")


async def test_a_wristband_says_whose_they_were() -> None:
    """Of a patient who lies elsewhere too, with a warning in red: the nurse may know better than the list of beds."""
    async with cart() as nurse:
        await waiting(nurse)
        await nurse.press("g")
        await nurse.scan(sample_of(nurse).replica.in_bed("3").admission_no)
        asked = nurse.text()
        await nurse.press("1")

        (command,) = said_here(nurse)
        assert "并非一直在 12 床" in asked
        assert command.encounter == sample_of(nurse).replica.in_bed("3").id


async def test_a_part_of_the_time_may_be_meant() -> None:
    """Typed as people say it, the last minute included; the values of that time are counted."""
    async with cart() as nurse:
        await waiting(nurse)
        await nurse.press("g", "t")
        await nurse.typed("10:05-10:14", "enter")
        heading = nurse.line("m12", "10:05-10:14")
        await nurse.press("enter", "1")

        (command,) = said_here(nurse)
        assert "4 组" in heading
        begin = before(42).replace(second=0) + timedelta(minutes=5)
        assert command.body["from_at"].startswith(begin.isoformat()[:16])


async def test_a_monitor_without_a_bed_offers_everybody() -> None:
    """All are said not to have lain there: it must be known otherwise."""
    async with cart() as nurse:
        await waiting(nurse, bed=None)
        await nurse.press("g")

        assert "一直在" not in nurse.text()
        assert "王秀英" in nurse.text()


async def test_another_case_is_about_no_values() -> None:
    """The key says so and opens nothing."""
    async with cart() as nurse:
        await waiting(nurse)
        sample_of(nurse).replica.cases = [case().model_copy(update={"kind": "clock-off"})]
        await nurse.changed()
        await nurse.press("g")

        assert nurse.page == "CasesScreen"
        assert "无关" in nurse.notes()[-1]


async def test_when_a_colleague_was_quicker_there_is_nothing_left() -> None:
    """The page says so while it is open, and Enter does nothing."""
    async with cart() as nurse:
        await waiting(nurse)
        await nurse.press("g")
        sample_of(nurse).replica.sets = [s for s in sample_of(nurse).replica.sets if s.encounter is not None]
        await nurse.changed()
        await nurse.press("enter")

        assert nurse.page == "GiveScreen"
        assert "已没有无患者的数值" in nurse.text()


async def test_a_word_is_taken_back_with_a_reason() -> None:
    """From the page of what was given; struck out, it cannot be struck out again."""
    async with cart() as nurse:
        await waiting(nurse)
        view = said(nurse, "12")
        sample_of(nurse).change(ATTRIBUTION, view)
        await nurse.press("l", "x", "1", "x")

        (command,) = said_here(nurse)
        assert (command.kind, command.body) == (
            "attribution.strike",
            {"attribution": view.id, "reason": "病人错误"},
        )
        assert "已撤回" in nurse.line(MONITOR)


async def test_a_set_says_by_whom_it_was_given() -> None:
    """On the patient's page, among the sets."""
    async with cart() as nurse:
        await nurse.sign_in()
        view = said(nurse, "12")
        given = Assigned(attribution=view.id, at=view.entered_at, by=view.by, by_name="王芳", reason=view.reason)
        mine = SETS[-1].model_copy(update={"encounter": view.encounter, "assigned": given})
        sample_of(nurse).add_sets([mine])
        await nurse.open("12")
        await nurse.press("d")

        assert "王芳事后归属" in nurse.text()


@pytest.mark.parametrize("size", SIZES)
async def test_the_values_of_yesterday_say_the_day(size: tuple[int, int]) -> None:
    """Nothing of the day, the time or a reading is cut off, at either size."""
    async with cart(size) as nurse:
        await waiting(nurse)
        early = [
            found.model_copy(update={"measured_at": found.measured_at - timedelta(hours=20)})
            for found in sample_of(nurse).replica.nobodys(MONITOR)
        ]
        board = sample_of(nurse).replica
        board.sets = [found for found in board.sets if found.encounter is not None] + early
        board.cases = [case().model_copy(update={"measured_at": early[0].measured_at})]
        await nurse.changed()
        await nurse.press("g")

        assert "124/76" in nurse.line("11-22 14:02", "90")


TIMES = [
    ("10:02-10:41", (2, 42)),
    ("1002-1041", (2, 42)),
    ("10:02－10:02", (2, 3)),
    ("10:41-10:02", None),
    ("06:00-10:00", None),
    ("06:01-10:00", (-239, 1)),
    ("10:02", None),
    ("x-y", None),
    ("", None),
    ("11:00-11:30", None),
]


@pytest.mark.parametrize(("typed", "minutes"), TIMES)
def test_how_people_say_a_time(typed: str, minutes: tuple[int, int] | None) -> None:
    """Begin and last minute; not longer than four hours, not in the future; the end of a night is the next day's."""
    ten = AT.replace(minute=0, second=0)
    expected = minutes and Stretch(*(ten + timedelta(minutes=minute) for minute in minutes))

    assert expected == time_typed(typed, AT, day=SETS[0].measured_at)
