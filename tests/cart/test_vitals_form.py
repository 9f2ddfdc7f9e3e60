"""The form for vital signs under the hands of a nurse, on the sample ward."""

from __future__ import annotations

import re

import pytest

from cart.widgets.buttons import Buttons
from cart.widgets.number_pad import NumberPad
from tests.cart.nurse import DESIGN, SIZES, SMALL, cart, clock_of
from tests.cart.vitals_round import MOST_KEYS, USUAL_ROUND, sets, usual_round
from tests.waiting import wait_for


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
async def test_a_usual_set_is_typed_in_twenty_seconds(size: tuple[int, int], speaks: str) -> None:
    """By keyboard alone, from the open form to the disk; the page that follows shows it as not yet delivered."""
    async with cart(size, speaks=speaks) as nurse:
        await nurse.begin_vitals()
        before = nurse.keys
        await usual_round(nurse)
        await nurse.press("f2")

        assert nurse.keys - before <= MOST_KEYS
        assert nurse.page == "PatientScreen"
        (saved,) = sets(nurse)
        assert saved.body["readings"] == {
            "temp_c": 36.8,
            "temp_method": "axillary",
            "pulse_per_min": 72.0,
            "rr_per_min": 16.0,
            "sbp_mmhg": 122.0,
            "dbp_mmhg": 78.0,
            "spo2_pct": 98.0,
            "o2_on": False,
            "o2_mode": "air",
            "acvpu": "A",
            "pain_nrs": 0.0,
        }
        assert saved.body["seen"] == {"total": 0, "band": "low", "red": False, "scale": 1, "missing": []}
        assert ("待发" if speaks == "zh_CN" else "unsent") in nurse.line("10:42", "122/78")


async def test_the_walk_goes_through_every_field_and_back() -> None:
    """Enter, Tab and the arrows; the site is passed over once it is filled in, and reached by the arrow."""
    async with cart(SMALL) as nurse:
        await nurse.begin_vitals()
        assert nurse.field == "temp_c"
        await nurse.typed("36.8", "enter")
        assert nurse.field == "pulse_per_min"
        await nurse.press("up")
        assert nurse.field == "temp_method"
        await nurse.press("2")
        assert (nurse.draft.texts["temp_method"], nurse.field) == ("oral", "pulse_per_min")
        await nurse.press("tab")
        assert nurse.field == "rr_per_min"
        await nurse.press("shift+tab", "down", "down")
        assert nurse.field == "sbp_mmhg"


@pytest.mark.parametrize(
    ("bed", "values", "choices", "head", "lines"),
    [
        ("12", ("36.8", "72", "16", "122", "78", "98"), "1a", "NEWS2  0  低", ("12 小时",)),
        ("12", ("38.6", "112", "25", "100", "62", "91"), "1a", "NEWS2  11  高", ("持续监测", "立即报告")),
        ("12", ("36.5", "84", "18", "88", "60", "97"), "1a", "NEWS2  3  低中", ("每小时",)),
        ("6", ("37.0", "88", "20", "130", "76", "97"), "2a", "NEWS2  5  中", ("88–92%", "每小时")),
        ("6", ("37.0", "88", "20", "130", "76", "97"), "1a", "NEWS2  0  低", ("88–92%",)),
    ],
)
async def test_the_score_stands_there_before_saving(
    bed: str, values: tuple[str, ...], choices: str, head: str, lines: tuple[str, ...]
) -> None:
    """Total, band, its seven parts and what it asks for; both scales (DOMAIN 2.4: 1, 3, 4, 8, 9)."""
    async with cart() as nurse:
        await nurse.begin_vitals(bed)
        await nurse.fill(*values)
        await nurse.press(*choices)

        shown = nurse.score()
        assert head in shown
        assert [text for text in lines if text not in shown] == []
        for part in ("呼吸", "血氧饱和度", "空气或吸氧", "收缩压", "脉搏", "意识", "体温"):
            assert part in shown
        assert sets(nurse) == []


async def test_an_incomplete_set_has_no_total_and_says_what_is_missing() -> None:
    """And fires all the same when what is known asks for help."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("38.6", "112", "25")
        shown = nurse.score()
        assert "无总分" in shown
        assert "至少 6 分" in shown
        await nurse.press("f2", "1")

        assert "total" not in sets(nurse)[0].body["seen"]
        assert sets(nurse)[0].body["seen"]["partial"] == 6


async def test_a_round_that_is_not_whole_says_why() -> None:
    """F2 asks; taken back, nothing is saved, and a digit answers. The reason stands beside the set."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("36.8", "72", "16", "122", "78", "98")
        await nurse.press("1")
        await nurse.press("f2", "escape")
        assert (nurse.page, sets(nurse)) == ("VitalsScreen", [])
        await nurse.press("f2", "2")

        assert sets(nurse)[0].body["partial_reason"] == "其余几分钟内补测"
        assert "其余几分钟内补测" in nurse.line("10:42", "122/78")


async def test_what_was_entered_minutes_before_completes_the_set() -> None:
    """Within the window it is one set, with its score; the patient's page says the same."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("36.8", "72", "16", "122", "78", "98")
        await nurse.press("1")
        await nurse.press("f2", "2")
        await nurse.pass_time(clock_of(nurse), 60)
        await nurse.press("v")
        nurse.row("acvpu").field.focus()
        await nurse.press("c")
        assert "合并前 15 分钟" in nurse.score()
        assert "NEWS2  3" in nurse.score()
        await nurse.press("f2")
        assert nurse.page == "PatientScreen"
        assert "NEWS2" in nurse.line("3 低中")


async def test_an_impossible_value_cannot_be_saved() -> None:
    """F2 goes to the field and says why; F4 changes nothing about it."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("46")
        await nurse.press("f4", "f2")

        assert (nurse.page, nurse.field) == ("VitalsScreen", "temp_c")
        assert "✖" in nurse.findings()
        assert sets(nurse) == []


async def test_an_unusual_value_is_saved_after_a_word() -> None:
    """F2 asks, F4 confirms, and the confirmation is kept; a changed value is asked about again."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("41.5")
        await nurse.press("f2")
        assert nurse.page == "VitalsScreen"
        assert "F4" in nurse.findings()
        await nurse.press("f4")
        assert "✓" in nurse.findings()
        await nurse.press("up", "up")
        await nurse.fill("41.6")
        assert "✓" not in nurse.findings()
        await nurse.press("f4", "f2", "1")

        assert nurse.page == "PatientScreen"
        assert sets(nurse)[0].body["confirmed"] == ["temp-c-unusual"]


async def test_a_pulse_deficit_waits_for_two_nurses() -> None:
    """F7 says that they counted."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.press("down", "down")
        await nurse.fill("80")
        await nurse.press("f5")
        await nurse.fill("110")
        await nurse.press("f2")
        assert nurse.page == "VitalsScreen"
        assert "F7" in nurse.text()
        await nurse.press("f7", "f2", "1")

        assert sets(nurse)[0].body["confirmed"] == ["pulse-deficit"]


async def test_a_palpated_pressure_has_a_reason_instead_of_a_second_number() -> None:
    """F3, and a digit answers at once (DOMAIN 1.2 rule 2)."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.press("down", "down", "down", "down")
        assert nurse.field == "sbp_mmhg"
        await nurse.fill("70")
        assert nurse.field == "dbp_mmhg"
        await nurse.press("f3")
        await wait_for(lambda: "仅触及收缩压" in nurse.text(), "the reasons are shown")
        asked = nurse.text()
        found = re.search(r"(\d) +仅触及收缩压", asked)
        assert found is not None
        await nurse.press(found[1])
        assert nurse.page == "VitalsScreen"
        assert "仅触及收缩压" in nurse.text()
        await nurse.press("f4", "f2", "1")

        body = sets(nurse)[0].body
        assert body["not_measured"] == {"dbp_mmhg": "systolic-only"}
        assert "dbp_mmhg" not in body["readings"]


async def test_a_patient_who_refuses_is_a_set_of_its_own() -> None:
    """No value, a reason: it closes the round and draws nothing (rule 11)."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.press("f3", "1", "f2")

        body = sets(nurse)[0].body
        assert body["not_measured"] == {"temp_c": "refused"}
        assert body["readings"] == {}


async def test_yesterdays_round_is_entered_with_its_reason() -> None:
    """More than a day late: a field for the reason appears, and F2 goes there (rule 7)."""
    async with cart() as nurse:
        await nurse.begin_vitals()
        await nurse.fill("36.8")
        nurse.row("measured_at").field.focus()
        await nurse.typed("11-21 14:00", "enter")
        await nurse.press("f2")
        assert nurse.field == "late_reason"
        await nurse.typed("offline", "f2", "1")

        saved = sets(nurse)[0]
        assert saved.body["late_reason"] == "offline"
        assert saved.measured_at.isoformat() == "2026-11-21T06:00:00+00:00"
        assert saved.entered_at == clock_of(nurse).now()


async def test_the_pad_is_enough_for_a_set() -> None:
    """Fingers on the pad and on the answers; the score is brief meanwhile, and whole again at the end of the walk."""
    async with cart(DESIGN) as nurse:
        await nurse.begin_vitals()
        await nurse.press("f6")
        for value in USUAL_ROUND:
            for char in value + "⏎":
                line, column = divmod("123456789.0⌫↑↓⏎".index(char), 3)
                await nurse.tap(NumberPad, (column * 8 + 3, line * 3 + 1))
        choices = nurse.form.query_one("#choices", Buttons)
        assert nurse.field == "o2_mode"
        await nurse.tap(choices, (1, 1))
        assert nurse.draft.texts["o2_mode"] == "air"
        assert nurse.field == "acvpu"
        await nurse.tap(choices, (1, 1))
        assert "NEWS2  0" in nurse.score()
        assert "呼吸" not in nurse.score()
        for char in "0⏎⏎⏎":
            line, column = divmod("123456789.0⌫↑↓⏎".index(char), 3)
            await nurse.tap(NumberPad, (column * 8 + 3, line * 3 + 1))

        assert not nurse.form.query_one(NumberPad).display
        assert "呼吸" in nurse.score()


async def test_a_tap_on_a_row_is_meant_for_its_field() -> None:
    """Not only on the few cells of the field."""
    async with cart(DESIGN) as nurse:
        await nurse.begin_vitals()
        await nurse.tap("#row-sbp_mmhg", (3, 1))

        assert nurse.field == "sbp_mmhg"
