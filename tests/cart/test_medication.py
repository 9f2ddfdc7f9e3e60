"""A medication round on the sample ward: scanned, checked, given, and everything that keeps a dose from being given."""

from __future__ import annotations

import pytest

from cart.sample import SECOND_BADGE
from cart.widgets.grid import Grid
from tests.cart.medication import (
    BANDS,
    at_bed,
    dose_of,
    go_to,
    in_time,
    order_of,
    pack,
    said,
    sign_as_second,
)
from tests.cart.nurse import AT, cart, clock_of, sample, sample_of
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER

# -- the usual way


async def test_two_drugs_and_one_when_needed_take_no_more_than_ten_actions() -> None:
    """Wristband, page, and for each drug a scan and a key."""
    async with cart(ward=in_time) as nurse:
        await nurse.sign_in()
        before = nurse.keys
        await nurse.scan(BANDS["12"])
        await nurse.press("m")
        for drug in ("amlodipine-5mg", "budesonide-1mg", "ibuprofen-300mg"):
            await nurse.scan(pack(drug))
            await nurse.press("g")

        assert [kind for kind, _ in said(nurse)] == ["dose.give"] * 3
        assert nurse.keys - before <= 10


async def test_what_was_given_says_what_was_scanned_and_when() -> None:
    """The wristband that opened the page counts; the dose stands as given at once."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("g")
        ((kind, body),) = said(nurse)
        dose = dose_of(sample_of(nurse), "amlodipine-5mg")

        assert kind == "dose.give"
        assert [(scan["what"], scan["code"]) for scan in body["scans"]] == [
            ("wristband", BANDS["12"]),
            ("drug", pack("amlodipine-5mg")),
        ]
        assert body["dose"] == dose.id
        assert dose.state == "done"
        assert "已给" in nurse.line("氨氯地平片", "09:12")


async def test_a_dose_when_needed_is_a_new_one_each_time() -> None:
    """It has no due time, and the next one comes too soon."""
    async with at_bed() as nurse:
        await nurse.scan(pack("ibuprofen-300mg"))
        await nurse.press("g")
        ((_kind, body),) = said(nurse)
        order = order_of(sample_of(nurse), "ibuprofen-300mg")
        nurse.app.page.query_one(Grid).go_to(order.id)
        await nurse.settle()

        assert body["order"] == order.id
        assert body.get("due_at") is None
        assert body["dose"] != order.id
        assert "间隔不足：两次至少隔 360 分钟" in nurse.text()
        assert "用镇痛药后复评疼痛：11:42" in nurse.text()


async def test_a_part_of_a_dose_says_how_much_and_why() -> None:
    """Half of it was spat out; all of it needs no reason."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("a")
        await nurse.typed("50", "enter")
        await nurse.press("1")
        assert "只给一部分：50 % 吐出或呕吐" in nurse.text()
        await nurse.press("g")
        await go_to(nurse, "amlodipine-5mg")

        body = said(nurse)[0][1]
        assert (body["amount_pct"], body["part_reason"]) == (50, "吐出或呕吐")
        assert "50 % 吐出或呕吐" in nurse.text()
        await nurse.scan(pack("budesonide-1mg"))
        await nurse.press("a")
        await nurse.typed("100", "enter")
        await nurse.press("g")
        assert "part_reason" not in said(nurse)[1][1]


# -- what stands in the way


async def test_without_scans_nothing_is_given() -> None:
    """Neither by key nor by Enter; the page says what is missing."""
    async with at_bed(scanned=False) as nurse:
        await go_to(nurse, "amlodipine-5mg")
        assert "请扫腕带" in nurse.text()
        await nurse.press("g", "enter")

        assert said(nurse) == []


async def test_a_wristband_is_good_for_five_minutes() -> None:
    """Then it is asked for again."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.pass_time(clock_of(nurse), 150)
        await nurse.press("down", "up")
        await nurse.pass_time(clock_of(nurse), 151)
        assert "请扫腕带" in nurse.text()
        await nurse.press("g")
        assert said(nurse) == []
        await nurse.scan(BANDS["12"])
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("g")

        assert [kind for kind, _ in said(nurse)] == ["dose.give"]


async def test_another_patients_drug_turns_the_screen_red() -> None:
    """With the reason, and a key to go on."""
    async with at_bed() as nurse:
        await nurse.scan(pack("metformin-500mg"))
        assert nurse.page == "DoseRefused"
        assert "王秀英 现在没有这种药的医嘱" in nurse.text()
        await nurse.press("enter")

        assert nurse.page == "MedicationScreen"
        assert said(nurse) == []


async def test_another_patients_wristband_amid_a_dose_turns_the_screen_red() -> None:
    """Before anything was scanned it simply opens the other one."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.scan(BANDS["10"])
        assert nurse.page == "DoseRefused"
        assert "这是 赵强" in nurse.text()
        # Until somebody has seen it: the right wristband does not take it away.
        await nurse.scan(BANDS["12"])
        assert nurse.page == "DoseRefused"
    async with at_bed() as nurse:
        await nurse.scan(BANDS["10"])

        assert nurse.page == "PatientScreen"


async def test_a_dose_is_not_given_twice_here() -> None:
    """The pack of a dose that was given is refused when no other waits."""
    async with at_bed() as nurse:
        for index in (1, 2):
            dose = dose_of(sample_of(nurse), "amlodipine-5mg", index)
            sample_of(nurse).change(DOSE, dose.model_copy(update={"state": "cancelled"}))
        await nurse.changed()
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("g")
        await nurse.scan(pack("amlodipine-5mg"))

        assert nurse.page == "DoseRefused"
        assert len(said(nurse)) == 1


@pytest.mark.parametrize(
    ("state", "words"), [("stopped", "医嘱已停"), ("on-hold", "医嘱已暂停"), ("cancelled", "医嘱已作废")]
)
async def test_an_order_that_ended_meanwhile_is_refused_at_the_scan(state: str, words: str) -> None:
    """And at the key, should it have been stopped after the scan."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        order = order_of(sample_of(nurse), "amlodipine-5mg")
        sample_of(nurse).change(ORDER, order.model_copy(update={"state": state, "stop_at": AT}))
        await nurse.changed()
        await nurse.press("g")
        assert nurse.page == "DoseRefused"
        assert words in nurse.text()
        await nurse.press("enter")
        await nurse.scan(pack("amlodipine-5mg"))

        assert nurse.page == "DoseRefused"
        assert said(nurse) == []


async def test_an_expired_pack_is_refused_and_a_good_one_takes_its_place() -> None:
    """The day is in the code."""
    async with at_bed() as nurse:
        await nurse.scan("01" + pack("amlodipine-5mg") + "17261122" + "10A1")
        assert nurse.page == "DoseRefused"
        assert "已过期" in nurse.text()
        await nurse.press("enter", "g")
        assert said(nurse) == []
        await nurse.press("enter")
        await nurse.scan("01" + pack("amlodipine-5mg") + "17261123" + "10A2")
        await nurse.press("g")

        ((_kind, body),) = said(nurse)
        assert body["scans"][-1]["lot"] == "A2"


async def test_late_asks_why() -> None:
    """The reason goes with the dose."""
    async with at_bed(ward=sample()) as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("g", "1")
        assert said(nurse) == []
        await nurse.press("g")

        assert said(nurse)[0][1]["reason"] == "患者外出"


async def test_an_allergy_needs_a_reason_and_a_second_nurse() -> None:
    """So does a skin test that nobody knows of here; both are counted as passed over."""
    async with at_bed("2") as nurse:
        await nurse.scan(pack("penicillin-800k"))
        assert "过敏：青霉素" in nurse.text()
        await nurse.press("g", "3")
        assert nurse.page == "WitnessScreen"
        await sign_as_second(nurse)
        await nurse.press("4")
        assert nurse.page == "MedicationScreen"
        await nurse.press("g")

        ((_kind, body),) = said(nurse)
        assert [passed["check"] for passed in body["overrides"]] == ["allergy", "skin-test"]
        assert body["witness"] == "n-wangfang"


async def test_a_code_that_cannot_be_read_is_passed_over_by_two() -> None:
    """With a reason; nothing is given before the second nurse has signed."""
    async with at_bed() as nurse:
        await go_to(nurse, "amlodipine-5mg")
        await nurse.press("o", "1")
        assert nurse.page == "WitnessScreen"
        await nurse.press("escape", "g", "escape")
        assert said(nurse) == []
        await nurse.press("g")
        await sign_as_second(nurse)
        await nurse.press("g")

        assert said(nurse)[0][1]["overrides"] == [{"check": "drug-unscanned", "reason": "条码无法识读"}]


# -- two people


async def test_a_high_alert_drug_needs_a_second_nurse() -> None:
    """Her badge, scanned on the page, asks for her PIN; then it is given with her name."""
    async with at_bed("2") as nurse:
        await nurse.scan(pack("insulin-aspart"))
        assert "高警示药品（A 级）" in nurse.text()
        await nurse.press("g")
        assert nurse.page == "WitnessScreen"
        await nurse.press("escape")
        assert said(nurse) == []
        await sign_as_second(nurse)
        await nurse.press("g")
        await go_to(nurse, "insulin-aspart")

        assert said(nurse)[0][1]["witness"] == "n-wangfang"
        assert "双核 王芳" in nurse.text()


@pytest.mark.parametrize(
    ("badge", "pin", "words"), [("N1001", "2580", "须由另一名护士"), (SECOND_BADGE, "0000", "密码")]
)
async def test_who_gives_is_not_the_second_one_and_a_wrong_pin_is_nobody(badge: str, pin: str, words: str) -> None:
    """The page stays and says so."""
    async with at_bed("2") as nurse:
        await nurse.scan(pack("insulin-aspart"))
        await nurse.press("g")
        await nurse.scan(badge)
        await nurse.typed(pin, "enter")

        assert nurse.page == "WitnessScreen"
        assert words in nurse.text()
        assert said(nurse) == []
