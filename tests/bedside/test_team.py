"""The care team at the bed: roles and who is here now, turned by the clock; unknown is said and never invented."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bedside.sample.stay import sample_stay
from bedside.usecases.team import MyTeam, carers, here_text, read
from bedside.widgets.words import Words
from tests.bedside.screens import AT, Hand, bedside, process_language
from tests.bedside.walks import TEAM, signed_in
from wardlink.clinical.shifts import shift_at
from wardlink.messages.care_team import CareMember, CareTeamView
from wardlink.record.care_team import CARE_TEAM, care_team_id

SHIFT = shift_at(AT)
DOCTOR = CareMember(role="doctor", staff="d1", name="周涛")
NURSE = CareMember(role="nurse", staff="n1", name="李静")
HERE = CareMember(role="shift-nurse", staff="n1", name="李静", shift_at=SHIFT.begins_at)
NEXT = CareMember(role="shift-nurse", staff="n2", name="王敏", shift_at=SHIFT.ends_at)
LEADS = CareMember(role="head-nurse", staff="h1", name="陈红")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with process_language("zh_CN"):
        yield


def lines(*members: CareMember) -> list[tuple[str, str, bool]]:
    """What is said of these."""
    return [(found.role, found.text, found.is_here) for found in carers(MyTeam(sample_stay(AT), members), AT)]


def shown(hand: Hand) -> str:
    """Everything on the page."""
    return "\n".join(words.text for words in hand.app.screen.query("#rows Words").results(Words))


def test_who_answers_and_is_here_has_one_line() -> None:
    """With the mark of the shift; whoever comes next has the hour from which."""
    found = lines(DOCTOR, NURSE, HERE, NEXT, LEADS)

    assert found == [
        ("主管医生", "周涛 · 值班时间未登记", False),
        ("责任护士", "李静 · 现在当班，到 16:00", True),
        ("当班护士", "王敏 · 下一班，16:00 起", False),
        ("护士长", "陈红 · 值班时间未登记", False),
    ]


def test_a_shift_that_nobody_has_taken_is_said() -> None:
    """Before whoever comes next; and with nobody at all that is the only line."""
    assert [role for role, _text, _here in lines(NURSE, NEXT)] == ["责任护士", "当班护士", "当班护士"]
    assert lines() == [("当班护士", "还没有登记谁负责您的床位", False)]


def test_another_nurse_of_the_shift_has_her_own_line() -> None:
    """Also a second one who has taken the same bed; of somebody with both shifts the running one is said."""
    other = HERE.model_copy(update={"staff": "n3", "name": "赵妍"})
    again = NEXT.model_copy(update={"staff": "n3", "name": "赵妍"})
    found = lines(NURSE, other, again)

    assert found[0] == ("责任护士", "李静 · 值班时间未登记", False)
    assert found[1] == ("当班护士", "赵妍 · 现在当班，到 16:00", True)
    assert here_text(MyTeam(sample_stay(AT), (NURSE, other, again)), AT) == "现在当班：赵妍"
    assert here_text(MyTeam(sample_stay(AT), (NURSE, NEXT)), AT) == ""


async def test_before_the_server_has_told_it_the_stay_is_what_is_known() -> None:
    """Doctor and nurse, and when they are here is not known."""
    async with bedside() as hand:
        board = hand.terminal.replica
        assert board.stay is not None
        board.kept.pop(("care-team", care_team_id(board.stay.id)))

        assert [member.role for member in read(board, board.stay).members] == ["doctor", "nurse"]


async def test_a_change_comes_while_the_page_is_open() -> None:
    """Another nurse takes the bed; at the end of the shift the next one is here, by the clock alone."""
    async with bedside() as hand:
        await signed_in(*TEAM)(hand)
        assert "● 责任护士" in shown(hand)
        stay = hand.terminal.replica.stay
        assert stay is not None
        members = (DOCTOR, NURSE, HERE.model_copy(update={"staff": "n3", "name": "赵妍"}), NEXT)
        hand.terminal.tell_record(
            CARE_TEAM,
            CareTeamView(id=care_team_id(stay.id), encounter=stay.id, bed=stay.bed, members=members, told_at=AT),
        )
        await hand.changed()
        assert "赵妍 · 现在当班" in shown(hand)


def test_at_the_end_of_a_shift_the_next_one_is_here() -> None:
    """By the clock alone; whoever went is not said to be here any more."""
    mine = MyTeam(sample_stay(AT), (HERE, NEXT))

    assert [(found.text, found.is_here) for found in carers(mine, SHIFT.ends_at)] == [
        ("王敏 · 现在当班，到 00:00", True)
    ]


def test_a_doctor_has_the_hours_of_the_roster() -> None:
    """Here, next, or in a shift that is over; the therapist likewise."""
    therapist = CareMember(role="therapist", staff="r1", name="林悦", shift_at=SHIFT.ends_at)
    doctor = DOCTOR.model_copy(update={"staff": sample_stay(AT).doctor, "shift_at": SHIFT.begins_at})
    found = lines(doctor, NURSE, HERE, therapist)

    assert found[0] == ("主管医生", "周涛 · 现在当班，到 16:00", True)
    assert found[-1] == ("康复治疗师", "林悦 · 下一班，16:00 起", False)
    mine = MyTeam(sample_stay(AT), (doctor, NURSE))
    assert here_text(mine, AT) == "现在当班：周涛"
    assert carers(mine, SHIFT.ends_at)[0].text == "周涛 · 值班时间未登记"


def test_another_doctor_is_named_for_the_shift_alone() -> None:
    """Not as the patient's own, and no more once the shift has ended."""
    other = CareMember(role="doctor", staff="d9", name="何敏", shift_at=SHIFT.begins_at)
    mine = MyTeam(sample_stay(AT), (DOCTOR, other, NURSE))

    assert [(found.role, found.text) for found in carers(mine, AT)][:2] == [
        ("主管医生", "周涛 · 值班时间未登记"),
        ("值班医生", "何敏 · 现在当班，到 16:00"),
    ]
    assert "值班医生" not in [found.role for found in carers(mine, SHIFT.ends_at)]
