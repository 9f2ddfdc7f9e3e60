"""Ward, patient, unsent, calls, cases and scans on the sample ward: found, read and done by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cart.sample import SampleWard
from tests.cart.nurse import DESIGN, SIZES, SMALL, Nurse, cart, clock_of, sample_of
from tests.waiting import wait_for
from wardlink.errors import NotAllowed
from wardlink.messages.base import Actor
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.vitals import StrikeVitals

CASE = "00000000-0000-7000-8000-00000000aaaa"


def kinds(ward: SampleWard) -> list[str]:
    """What was recorded, without who looked."""
    return [command.kind for command in ward.recorded if command.kind != "audit.event"]


# -- the ward


@pytest.mark.parametrize("size", SIZES)
async def test_the_ward_shows_every_bed_and_what_is_wrong(size: tuple[int, int]) -> None:
    """Empty beds, stale values as such, leads that are off in words, scores with band, what is late."""
    async with cart(size) as nurse:
        await nurse.sign_in()

        assert nurse.text().count("空床") == 2
        assert "过期" in nurse.line("周小燕")
        assert "逾期14h" in nurse.line("周小燕")
        assert "脱落" in nurse.line("钱玉珍")
        assert "▲高" in nurse.line("赵强", "38.6")
        assert "0 过期" in nurse.line("欧阳文静")
        assert "36分" in nurse.line("陈建国")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("12", ["王秀英"]), ("1", ["陈建国", "赵强", "钱玉珍", "王秀英"]), ("1110", ["王秀英"]), ("99", [])],
)
async def test_somebody_is_found_by_bed_or_number(typed: str, found: list[str]) -> None:
    """Just by typing; where nobody is found, the page says so and how to go on."""
    async with cart(SMALL) as nurse:
        await nurse.sign_in()
        await nurse.typed(typed[0])
        await nurse.settle()
        await nurse.typed(typed[1:])
        await nurse.settle()

        shown = nurse.text()
        assert [name for name in ("陈建国", "赵强", "钱玉珍", "王秀英", "林桂芳") if name in shown] == found
        assert ("没有" in shown) is not bool(found)
        await nurse.press("escape")
        assert "林桂芳" in nurse.text()


async def test_the_ward_can_be_ordered_by_what_presses() -> None:
    """A call stands before the highest score, that before the rest; then what is due first; then the beds again."""
    async with cart() as nurse:
        await nurse.sign_in()
        sample_of(nurse).ring("3", "P2")
        await nurse.changed()
        await nurse.press("s")
        rows = [line.key for line in nurse.grid("beds")._lines]
        beds = sample_of(nurse).replica.in_bed
        assert rows[:2] == [beds("3").id, beds("10").id]
        await nurse.press("s")
        assert "下次▾" in nurse.text()
        due = [line.key for line in nurse.grid("beds")._lines]
        assert due[0] == beds("8").id
        assert due[-2:] == ["bed:4", "bed:7"]
        await nurse.press("s")

        assert nurse.grid("beds")._lines[0].key == beds("1").id


async def test_an_empty_bed_opens_nothing() -> None:
    """And says why."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.press("down", "down", "down", "enter")

        assert nurse.page == "WardScreen"
        assert nurse.notes() == ["这张床是空床。"]


# -- the patient


@pytest.mark.parametrize("size", SIZES)
async def test_a_patients_page_shows_ages_and_what_is_old(size: tuple[int, int]) -> None:
    """The clip is off since 20 minutes: in words, beside it and under the curve; old readings say so."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        await nurse.open("11")
        assert "导联脱落" in nurse.line("血氧", "20分")
        assert "过期" in nurse.line("腋温", "36.2")
        assert "116/62 mmHg" in nurse.text()
        assert "有创压 监护仪" in nurse.text()
        await nurse.press("5")

        assert "导联脱落" in nurse.text().split("下次")[-1]
        assert "（过期）" in nurse.text()


async def test_a_set_is_struck_out_with_a_reason_and_stays_readable() -> None:
    """By two keys; twice is refused with a word; the ward no longer shows its values."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("2")
        await nurse.press("x")
        assert nurse.page == "Question"
        await nurse.press("2")
        await nurse.changed()
        assert kinds(sample_of(nurse)) == ["vitals.strike"]
        assert "已划除" in nurse.line("148/90")
        await nurse.press("x")
        assert nurse.page == "PatientScreen"
        await nurse.press("escape")

        assert "148/90" not in nurse.text()


async def test_another_reason_is_typed() -> None:
    """Tab goes to the words; digits belong to them there."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("2")
        await nurse.press("x", "tab")
        await nurse.typed("bed 2 was 3", "enter")

        (command,) = [c for c in sample_of(nurse).recorded if c.kind == "vitals.strike"]
        assert StrikeVitals.model_validate(command.body).reason == "bed 2 was 3"


async def test_curves_change_by_digit_arrow_and_period() -> None:
    """Every group has its key; an empty one says that nothing was recorded."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("10")
        assert "● 体温" in nurse.text()
        await nurse.press("4")
        assert "● 收缩压" in nurse.text()
        await nurse.press("p")
        assert "3 天" in nurse.text()
        await nurse.press("left")
        assert "● 呼吸" in nurse.text()
        await nurse.press("8")
        assert "这段时间没有记录" in nurse.text()


# -- unsent


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_unsent_is_listed_until_the_server_has_it(size: tuple[int, int]) -> None:
    """With kind, patient and age; then the page says that everything is delivered."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        await nurse.press("u")
        assert "全部" in nurse.text()
        await nurse.press("escape")
        await nurse.open("12")
        await nurse.press("escape", "u")
        await wait_for(lambda: "访问记录" in nurse.text(), "the entry is listed")
        assert "王秀英" in nurse.line("访问记录")
        sample_of(nurse).deliver()
        await nurse.changed()

        assert "访问记录" not in nurse.text()


@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
async def test_a_refused_entry_stays_until_somebody_says_what_was_done(speaks: str) -> None:
    """In the language of the screen, on top of the list; Escape leaves it where it is."""
    async with cart(SMALL, speaks=speaks) as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        ward = sample_of(nurse)
        ward.refuse(ward.entries()[0].id, "不在本病区", "not in this ward")
        await nurse.press("escape", "u")
        why = "不在本病区" if speaks == "zh_CN" else "not in this ward"
        await wait_for(lambda: why in nurse.text(), "the reason is shown")
        await nurse.press("enter", "escape")
        assert ward.status().refused == 1
        await nurse.press("enter", "1")
        await nurse.changed()

        assert ward.status().refused == 0
        assert why not in nurse.text()


# -- calls


@pytest.mark.parametrize("size", SIZES)
async def test_a_call_is_taken_reached_and_ended(size: tuple[int, int]) -> None:
    """The banner rings over every page; a P1 cannot be ended from afar."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        await nurse.open("1")
        ward = sample_of(nurse)
        ward.ring("12", "P1", "CHEST")
        await nurse.changed()
        assert "胸痛" in nurse.line("P1", "12 床")
        await nurse.press("f9")
        await wait_for(lambda: "王秀英" in nurse.text(), "the calls are listed")
        await nurse.press("r")
        assert kinds(ward) == []
        await nurse.press("5")
        await nurse.changed()
        assert "5" in nurse.line("王秀英", "李静")
        assert "F9 处理" not in nurse.text()
        await nurse.press("a")
        await nurse.changed()
        await nurse.press("r")
        await wait_for(lambda: nurse.page == "Question", "it is asked what was done")
        await nurse.press("1")
        await nurse.changed()

        assert kinds(ward) == ["call.acknowledge", "call.arrive", "call.resolve"]
        assert [c.body.get("eta_min") for c in ward.recorded if c.kind == "call.acknowledge"] == [5]
        assert "王秀英" not in nurse.text()


async def test_a_call_that_nobody_takes_keeps_ringing() -> None:
    """In the rhythm of its class, until somebody takes it (DOMAIN 10.1)."""
    async with cart() as nurse:
        await nurse.sign_in()
        rung: list[str] = []
        nurse.app.bell = lambda: rung.append("x")  # type: ignore[method-assign]
        sample_of(nurse).ring("12", "P1")
        await nurse.changed()
        assert len(rung) == 1
        for _ in range(3):
            await nurse.pass_time(clock_of(nurse), 3)
        assert len(rung) == 4
        await nurse.press("f9", "3")
        await nurse.changed()
        await nurse.pass_time(clock_of(nurse), 30)

        assert len(rung) == 4


# -- cases


async def test_a_case_tells_its_story_and_is_closed_with_a_reason() -> None:
    """Counted at the key of the ward; in order, by which clock; known details in words."""
    async with cart() as nurse:
        ward, now = sample_of(nurse), clock_of(nurse).now()
        await nurse.sign_in()
        ward.open_case(
            ExceptionView(
                id=CASE,
                kind="clock-off",
                encounter=ward.replica.in_bed("3").id,
                bed="3",
                device="c1",
                measured_at=now + timedelta(minutes=20),
                entered_at=now + timedelta(minutes=20),
                received_at=now,
                opened_at=now,
                detail={"ahead_s": "1200", "vitals": "0000"},
            )
        )
        await nurse.changed()
        assert "待处理(1)" in nurse.text()
        await nurse.press("w")
        await wait_for(lambda: "王秀兰" in nurse.text(), "the case is listed")
        await nurse.press("enter")
        story = nurse.text()
        assert story.index("收到") < story.index("测量  (")
        assert "1200 秒" in story
        assert "0000" not in story
        await nurse.press("3")
        await nurse.changed()

        assert kinds(ward) == ["exception.close"]
        assert "待处理(" not in nurse.text()


# -- scans


@pytest.mark.parametrize("size", SIZES)
async def test_a_scan_that_does_not_fit_stops_everything(size: tuple[int, int]) -> None:
    """With a cross and the reason, until a key; nothing but the trace of it was recorded."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        await nurse.scan("20269999")
        assert nurse.page == "ScanRefused"
        shown = nurse.text()
        assert all(text in shown for text in ("██▄", "停", "20269999"))
        assert kinds(sample_of(nurse)) == ["scan.refused"]
        await nurse.press("v", "enter")

        assert nurse.page == "WardScreen"


@pytest.mark.parametrize("where", ["f1", "f9", "u", "w"])
async def test_a_wristband_opens_its_patient_from_any_page(where: str) -> None:
    """Also over the help and over lists."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.press(where)
        await nurse.scan("20261110")

        assert nurse.page == "PatientScreen"
        assert "王秀英" in nurse.text()


# -- everything together


async def test_a_failure_behind_the_screen_is_said() -> None:
    """In words; the page goes on."""
    async with cart() as nurse:
        await nurse.sign_in()
        sample_of(nurse).ring("12", "P2")
        await nurse.changed()
        await nurse.press("f9")
        sample_of(nurse).fails_with = NotAllowed()
        await nurse.press("3")
        await nurse.settle()

        assert NotAllowed().text() in nurse.notes()
        assert nurse.page == "CallsScreen"


async def shown(nurse: Nurse) -> str:
    """All pages, one after the other."""
    seen = [nurse.text()]
    await nurse.open("12")
    seen.append(nurse.text())
    await nurse.press("v")
    seen.append(nurse.text())
    await nurse.press("f5")
    seen.append(nurse.text())
    await nurse.press("f1")
    seen.append(nurse.text())
    for key in ("escape", "escape", "escape", "u"):
        await nurse.press(key)
    seen.append(nurse.text())
    await nurse.press("escape", "w")
    seen.append(nurse.text())
    await nurse.press("escape", "f9")
    return "\n".join([*seen, nurse.text()])


CJK = range(0x4E00, 0x9FFF)


async def test_no_chinese_is_left_in_english() -> None:
    """But names and what people wrote."""
    async with cart(DESIGN, speaks="en") as nurse:
        await nurse.sign_in()
        board = sample_of(nurse).replica
        said = {char for stay in board.stays for text in (stay.name, *stay.allergies) for char in text}
        text = await shown(nurse)

        left = {char for char in text if ord(char) in CJK} - said - set("李静病区中文")
        assert left == set()


async def test_a_page_names_its_keys() -> None:
    """In the bar of the form at 80 columns, in both languages, the most needed first."""
    async with cart(SMALL, speaks="en") as nurse:
        await nurse.begin_vitals()
        bar = "\n".join(nurse.text().splitlines()[-2:])

        assert all(word in bar for word in ("F2", "Save", "F3", "F4", "Esc"))


async def test_actor_of_everything_is_the_nurse() -> None:
    """Never the cart."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("2")
        await nurse.press("x", "1")

        actors = {command.actor for command in sample_of(nurse).recorded}
        assert actors == {Actor(kind="staff", id="n-lijing")}
