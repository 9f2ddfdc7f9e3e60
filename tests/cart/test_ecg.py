"""A patient's ECG on the cart: found by a key, read offline, measured with two marks, noted as read, struck out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cart.usecases.ecg import listed, opened
from tests.cart.nurse import AT, SIZES, SMALL, Nurse, cart, sample_of
from wardlink.messages.ecg import EcgReport, EcgView, SeeEcg, StrikeEcg
from wardlink.record.ecg import ECG, ECG_PART
from wardlink.terminal.ecg_trace import EcgTrace


async def strips(nurse: Nurse, bed: str = "12") -> None:
    """The list of the patient in `bed`."""
    await nurse.sign_in()
    await nurse.open(bed)
    await nurse.press("e")


async def whole(nurse: Nurse) -> None:
    """The older of two strips: twelve leads for ten seconds."""
    await strips(nurse)
    await nurse.press("down", "enter")


def view_of(nurse: Nurse, number: int) -> EcgView:
    """A strip of the sample, by its number there."""
    found = sample_of(nurse).replica.record(ECG, f"00000000-0000-7000-b000-{number:012d}")
    assert found is not None
    return found


def trace(nurse: Nurse) -> EcgTrace:
    """The paper."""
    return nurse.app.screen.query_one(EcgTrace)


def marks(nurse: Nurse) -> str:
    """What stands below the paper."""
    return str(nurse.app.screen.query_one("#ecg-marks").render())


def shift_of(nurse: Nurse) -> int:
    """Where the left edge is, in millimetres."""
    look = trace(nurse)._look
    assert look is not None
    return look.left_mm


# -- the list


@pytest.mark.parametrize("size", SIZES)
async def test_the_newest_strip_comes_first(size: tuple[int, int]) -> None:
    """With its age, where from, how fast, whether a report says something and whether somebody has read it."""
    async with cart(size) as nurse:
        await strips(nurse)

        rows = [line.key[-1] for line in nurse.grid("strips")._lines]
        assert rows == ["2", "1"]
        assert "35分" in nurse.line("监护仪", "88 次/分", "暂无报告", "未阅")
        assert "2h" in nurse.line("心电图室", "76 次/分", "窦性")


async def test_a_patient_without_a_strip_is_told_so() -> None:
    """And where strips come from."""
    async with cart(SMALL) as nurse:
        await strips(nurse, "3")

        assert "暂无心电图" in nurse.text()
        await nurse.press("enter")
        assert nurse.page == "EcgListScreen"


async def test_a_critical_report_stands_out_until_it_is_read() -> None:
    """On the patient's page, in the list and on the strip, in words; read, the list still calls it critical."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("10")
        assert "‼ 心电危急值未阅：按 E" in nurse.text()
        await nurse.press("e")
        assert "‼ 危急值" in nurse.line("112 次/分")
        await nurse.press("enter")
        assert "‼ 危急值：立即通知医生" in nurse.text()
        await nurse.press("s")

        (command,) = [c for c in sample_of(nurse).recorded if c.kind == "ecg.see"]
        assert SeeEcg.model_validate(command.body) == SeeEcg(strip=view_of(nurse, 3).id, reports=1)
        await nurse.press("escape")
        assert "危急值·已阅" in nurse.line("112 次/分")
        await nurse.press("escape")
        assert "危急值" not in nurse.text()


async def test_a_report_that_comes_while_it_is_open_is_shown() -> None:
    """The curve stays; what was read is unread again."""
    async with cart() as nurse:
        await whole(nurse)
        await nurse.press("s", "shift+right")
        assert "李静 已阅" in nurse.text()
        said = EcgReport(text="一度房室传导阻滞", at=AT, command="00000000-0000-7000-b000-0000000000aa", by_name="周涛")
        view = view_of(nurse, 1)
        sample_of(nurse).change(ECG, view.model_copy(update={"reports": (*view.reports, said)}))
        await nurse.changed()

        assert "一度房室传导阻滞" in nurse.text()
        assert "有新报告未阅" in nurse.text()
        assert shift_of(nurse) == 25


async def test_reading_twice_says_so_and_records_nothing() -> None:
    """Nothing is new."""
    async with cart() as nurse:
        await whole(nurse)
        await nurse.press("s", "s")

        assert [c.kind for c in sample_of(nurse).recorded].count("ecg.see") == 1
        assert nurse.notes()[-1] == "没有未阅的内容。"


# -- along the strip


@pytest.mark.parametrize("size", SIZES)
async def test_paper_lead_and_rate_stand_on_the_page(size: tuple[int, int]) -> None:
    """At 25 mm/s and 10 mm/mV, with what a big square is, every RR interval that has room, and who counted."""
    async with cart(size) as nurse:
        await whole(nurse)

        assert "25 mm/s  10 mm/mV  大格 200 ms、0.5 mV" in nurse.text()
        assert "772" in nurse.line("RR ms")
        assert "心率 76 次/分（74–78）" in nurse.text()
        assert "13 个心搏" in nurse.text()
        assert "窦性心律" in nurse.text()


async def test_arrows_move_by_squares_seconds_and_pages() -> None:
    """Never beyond an end; a millimetre is a column."""
    async with cart(SMALL) as nurse:
        await whole(nurse)
        moved = []
        keys = ("left", "right", "right", "shift+right", "pagedown", "end", "right", "home")
        for key in keys:
            await nurse.press(key)
            moved.append(shift_of(nurse))

        page = trace(nurse).columns
        last = 250 - page
        assert moved == [0, 5, 10, 35, 35 + page - 5, last, last, 0]


async def test_speed_keeps_the_instant_at_the_left_edge() -> None:
    """12.5, 25 and 50 mm/s go round; gains as well."""
    async with cart() as nurse:
        await whole(nurse)
        await nurse.press("shift+right", "p")
        assert "50 mm/s" in nurse.text()
        assert shift_of(nurse) == 50
        await nurse.press("p", "g")
        assert "12.5 mm/s  20 mm/mV  大格 400 ms、0.25 mV" in nurse.text()
        await nurse.press("p", "g")

        assert "25 mm/s  5 mm/mV" in nurse.text()


async def test_leads_are_chosen_by_arrow_and_by_finger() -> None:
    """One or three at a time; after the last comes the first."""
    async with cart(SMALL) as nurse:
        await whole(nurse)
        leads = []
        for key in ("down", "up", "up", "up", "l"):
            await nurse.press(key)
            look = trace(nurse)._look
            assert look is not None
            leads.append(look.leads)
        await nurse.tap("#ecg-leads", (2, 0))
        look = trace(nurse)._look

        assert leads == [("III",), ("II",), ("I",), ("V6",), ("V4", "V5", "V6")]
        assert look is not None
        assert look.leads == ("I", "II", "III")


# -- measuring


async def test_two_marks_say_milliseconds_rate_and_millivolts() -> None:
    """They begin on the first two beats; each is moved by half a square, a square, a sample and a beat."""
    async with cart() as nurse:
        await whole(nurse)
        await nurse.press("c")
        assert "A 0.400 s" in marks(nurse)
        assert "772 ms  合 78 次/分" in marks(nurse)
        first = []
        for key in ("right", "comma", "shift+left", "b", "n"):
            await nurse.press(key)
            first.append(marks(nurse).split()[1])
        assert first == ["0.420", "0.418", "0.218", "0.218", "0.400"]
        await nurse.press("c", "n", "full_stop", "n", "b")
        assert "B 1.978 s" in marks(nurse)
        assert "1578 ms" in marks(nurse)
        await nurse.press("c")

        assert "ms  合" not in marks(nurse)


async def test_a_mark_takes_the_paper_along_and_stays_on_it() -> None:
    """To the last sample and no further."""
    async with cart(SMALL) as nurse:
        await whole(nurse)
        await nurse.press("c", *["shift+right"] * 60)

        assert "A 9.998 s" in marks(nurse)
        assert shift_of(nurse) == 250 - trace(nurse).columns


async def test_a_finger_puts_the_mark() -> None:
    """On the column that it touches; without a mark in hand it does nothing."""
    async with cart() as nurse:
        await whole(nurse)
        await nurse.tap("#ecg-trace", (7 + 25, 4))
        assert "A" not in marks(nurse)
        await nurse.press("c")
        await nurse.tap("#ecg-trace", (7 + 25, 4))

        assert "A 1.020 s" in marks(nurse)


# -- what is wrong with a strip


async def test_a_lead_that_was_off_is_said_and_no_interval_spans_it() -> None:
    """In the gap itself, beside the strip, and by leaving out the interval across it."""
    async with cart() as nurse:
        await strips(nurse)
        await nurse.press("enter", *["shift+right"] * 5)
        assert "导联脱落：II 6.0–9.0 s" in nurse.text()
        assert "╌导联脱落╌" in nurse.text()

        beats = [int(word) for word in nurse.line("RR ms").split() if word.isdigit()]
        assert all(600 < ms < 800 for ms in beats)


async def test_a_strip_whose_curve_is_not_here_says_so() -> None:
    """Its report is read all the same; nothing can be measured."""
    async with cart() as nurse:
        await nurse.sign_in()
        held = sample_of(nurse).replica.held
        for key in [key for key, view in held.items() if key[0] == "ecg-part" and view.strip.endswith("1")]:
            del held[key]
        await nurse.open("12")
        await nurse.press("e", "down", "enter", "c", "down", "g", "p", "end")

        assert "没有这份心电图的波形" in nurse.text()
        assert "大致正常心电图" in nurse.text()
        assert "未检测心搏" in nurse.text()


@pytest.mark.parametrize("size", SIZES)
async def test_a_damaged_strip_is_never_drawn(size: tuple[int, int]) -> None:
    """One sample that is not what was taken is enough: it is said in words, in the list as well."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        held = sample_of(nurse).replica.held
        of_ii = [v for k, v in held.items() if k[0] == "ecg-part" and v.strip.endswith("1") and v.lead == "II"]
        held["ecg-part", of_ii[0].id] = of_ii[0].model_copy(update={"samples": "AAAA"})
        await nurse.open("12")
        await nurse.press("e")
        assert "无法读取" in nurse.line("心电图室")
        await nurse.press("down", "enter")

        assert "数据损坏" in nurse.text()
        assert "▼" not in nurse.text()


async def test_a_strip_of_another_patient_is_struck_out_and_stays_readable() -> None:
    """By two keys, with the reason on it; twice is refused with a word."""
    async with cart() as nurse:
        await whole(nurse)
        await nurse.press("x")
        assert nurse.page == "Question"
        await nurse.press("1")
        await nurse.changed()

        (command,) = [c for c in sample_of(nurse).recorded if c.kind == "ecg.strike"]
        assert StrikeEcg.model_validate(command.body).reason == "病人错误"
        assert "划除：病人错误" in nurse.text()
        assert "RR ms" in nurse.text()
        await nurse.press("x")
        assert nurse.page == "EcgStripScreen"
        await nurse.press("escape")
        assert "已划除" in nurse.line("心电图室")


async def test_a_strip_that_goes_away_closes_its_page() -> None:
    """With a word."""
    async with cart() as nurse:
        await whole(nurse)
        del sample_of(nurse).replica.held["ecg", view_of(nurse, 1).id]
        await nurse.changed()

        assert nurse.page == "EcgListScreen"
        assert nurse.notes()[-1] == "这份心电图已不在本推车上。"


# -- without a screen


async def test_a_strip_is_opened_only_for_its_own_patient() -> None:
    """Whoever asks with another stay gets nothing."""
    async with cart() as nurse:
        await nurse.sign_in()
        board = sample_of(nurse).replica

        assert opened(board, board.in_bed("3").id, view_of(nurse, 1).id) is None
        assert listed(board, "00000000-0000-7000-8000-0000000000ff") is None


async def test_the_list_counts_as_the_page_does() -> None:
    """From the one lead with the beats, and from the whole strip."""
    async with cart() as nurse:
        await nurse.sign_in()
        board = sample_of(nurse).replica
        found = listed(board, board.in_bed("12").id)
        assert found is not None

        for strip in found.strips:
            page = opened(board, strip.view.encounter or "", strip.view.id)
            assert page is not None
            assert page.counted == strip.counted


async def test_who_looked_is_written_down_once() -> None:
    """For the list, and for each strip."""
    async with cart() as nurse:
        await whole(nurse)
        await nurse.changed()
        await nurse.pass_time(sample_of(nurse).clock, timedelta(minutes=1).total_seconds())  # type: ignore[arg-type]

        looked = [c.body.get("what") for c in sample_of(nurse).recorded if c.kind == "audit.event"]
        assert looked.count("ecg") == 1
        assert looked.count(f"ecg {view_of(nurse, 1).id}") == 1
        assert len(sample_of(nurse).replica.records(ECG_PART)) == 26
