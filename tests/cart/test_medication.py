"""A medication round on the sample ward: scanned, checked, given, and everything that keeps a dose from being given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from cart.sample import SECOND_BADGE, SECOND_PIN, SampleWard
from cart.widgets.grid import Grid
from tests.cart.nurse import AT, DESIGN, SMALL, Nurse, cart, clock_of, sample, sample_of
from wardlink.clinical.drugs import sample_drugs
from wardlink.errors import StoreFailed
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.doses import DoseView, LeaseView
from wardlink.messages.orders import OrderView
from wardlink.record.doses import DOSE
from wardlink.record.leases import LEASE
from wardlink.record.orders import ORDER

BANDS = {"12": "20261110", "10": "20261108", "2": "20261102", "6": "20261105"}
OTHER = Actor(kind="staff", id="n-wangfang")


def pack(drug: str) -> str:
    """The number on a pack of this drug."""
    return sample_drugs()[drug].gtins[0]


def in_time() -> SampleWard:
    """The invented ward; what was due an hour and a half ago may be given until 11:12."""
    ward = sample()
    for dose in ward.replica.records(DOSE):
        if dose.due_at is not None and dose.due_at < AT:
            ward.replica.held["dose", dose.id] = dose.model_copy(update={"closes_at": AT + timedelta(minutes=30)})
    return ward


def dose_of(ward: SampleWard, drug: str, index: int = 0) -> DoseView:
    """A dose of this drug, the earliest first."""
    return [dose for dose in ward.replica.records(DOSE) if any(item.drug == drug for item in dose.items)][index]


def order_of(ward: SampleWard, drug: str) -> OrderView:
    """The order of this drug."""
    return next(order for order in ward.replica.records(ORDER) if any(item.drug == drug for item in order.items))


@asynccontextmanager
async def at_bed(
    bed: str = "12", *, ward: SampleWard | None = None, size: tuple[int, int] = DESIGN, scanned: bool = True
) -> AsyncIterator[Nurse]:
    """A nurse on the page of this bed, its wristband scanned unless told otherwise."""
    ready = ward or in_time()
    async with cart(size, ward=lambda: ready) as nurse:
        await nurse.sign_in()
        await begin(nurse, bed, scanned=scanned)
        yield nurse


async def begin(nurse: Nurse, bed: str, *, scanned: bool = True) -> None:
    """Open the round at this bed."""
    if scanned:
        await nurse.scan(BANDS[bed])
    else:
        await nurse.open(bed)
    await nurse.press("m")
    assert nurse.page == "MedicationScreen"


def said(nurse: Nurse) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded about doses."""
    return [(c.kind, c.body) for c in sample_of(nurse).recorded if c.kind.startswith("dose.")]


async def go_to(nurse: Nurse, drug: str, index: int = 0) -> None:
    """Put the cursor on a dose of this drug."""
    nurse.app.page.query_one(Grid).go_to(dose_of(sample_of(nurse), drug, index).id)
    await nurse.settle()


async def sign_as_second(nurse: Nurse) -> None:
    """The second nurse holds her badge under the scanner and types her PIN."""
    await nurse.scan(SECOND_BADGE)
    await nurse.typed(SECOND_PIN, "enter")


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


# -- other carts


async def test_another_carts_round_is_told_before_giving() -> None:
    """Who has it; the nurse asks and says that she did."""
    ward = in_time()
    dose = dose_of(ward, "amlodipine-5mg")
    lease = LeaseView(
        id=new_id(),
        encounter=dose.encounter,
        doses=(dose.id,),
        device="c9",
        by=OTHER,
        by_name="王芳",
        taken_at=AT,
        until_at=AT + timedelta(minutes=5),
    )
    ward.change(LEASE, lease)
    async with at_bed(ward=ward) as nurse:
        assert "他车执行中" in nurse.line("氨氯地平片", "09:12")
        await nurse.scan(pack("amlodipine-5mg"))
        assert "王芳 正在另一辆车上" in nurse.text()
        await nurse.press("g", "1", "g")

        assert [kind for kind, _ in said(nurse)] == ["dose.give"]


async def test_a_round_is_told_to_other_carts_and_ends_with_the_page() -> None:
    """Only what may be given now: the doses of the afternoon are free."""
    async with at_bed() as nurse:
        (lease,) = sample_of(nurse).replica.records(LEASE)
        held = {dose_of(sample_of(nurse), drug).id for drug in ("amlodipine-5mg", "budesonide-1mg")}
        assert held < set(lease.doses)
        assert dose_of(sample_of(nurse), "amlodipine-5mg", 1).id not in lease.doses
        await nurse.press("escape")
        (lease,) = sample_of(nurse).replica.records(LEASE)

        assert lease.released_at is not None
        assert nurse.page == "PatientScreen"


async def test_what_stood_on_the_screen_goes_with_an_entry() -> None:
    """So that the server knows what the nurse could not know."""
    async with at_bed() as nurse:
        await go_to(nurse, "amlodipine-5mg")
        await nurse.press("h", "1")
        (held,) = dose_of(sample_of(nurse), "amlodipine-5mg").events
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("g", "1", "g")

        assert said(nurse)[-1][1]["seen"] == [held.command]


# -- not given, infusions, mistakes


@pytest.mark.parametrize(("key", "why"), [("h", "held"), ("r", "refused"), ("n", "missed")])
async def test_not_given_has_a_reason(key: str, why: str) -> None:
    """Picked with a number; Escape records nothing."""
    async with at_bed(size=SMALL) as nurse:
        await go_to(nurse, "amlodipine-5mg")
        await nurse.press(key, "escape")
        assert said(nurse) == []
        await nurse.press(key, "1")

        ((kind, body),) = said(nurse)
        assert (kind, body["why"]) == ("dose.withhold", why)
        assert body["reason"]
        assert dose_of(sample_of(nurse), "amlodipine-5mg").state == why


async def test_an_infusion_is_started_patrolled_paused_and_ended() -> None:
    """As ordered unless typed otherwise; what is left is reckoned by the rate; both bags' codes are scanned."""
    async with at_bed("10") as nurse:
        await nurse.scan(pack("ceftriaxone-1g"))
        await nurse.press("g")
        assert said(nurse) == []
        await nurse.scan(pack("nacl-0.9-250"))
        assert nurse.page == "MedicationScreen"
        await nurse.press("g")
        assert [nurse.value("amount-volume"), nurse.value("amount-rate")] == ["250", "125"]
        await nurse.press("enter")
        await nurse.typed("1200", "enter")
        await nurse.pass_time(clock_of(nurse), 150)
        assert "约剩 200 mL" in nurse.text()
        await nurse.press("p")
        await nurse.typed("130", "enter", "enter", "3")
        assert said(nurse)[-1][1] | {"remaining_ml": 130, "site": "red"} == said(nurse)[-1][1]
        await nurse.press("z", "1")
        await nurse.pass_time(clock_of(nurse), 150)
        assert "约剩 130 mL" in nurse.text()
        await nurse.press("z", "enter")
        await nurse.press("e")
        await nurse.typed("240", "enter", "3")

        kinds = [kind for kind, _ in said(nurse)]
        assert kinds == ["dose.start", "dose.patrol", "dose.pause", "dose.resume", "dose.end"]
        assert said(nurse)[-1][1]["infused_ml"] == 240
        assert dose_of(sample_of(nurse), "ceftriaxone-1g").state == "done"


async def test_numbers_out_of_bounds_are_not_taken() -> None:
    """The field keeps the focus and its bounds are said."""
    async with at_bed("10") as nurse:
        await nurse.scan(pack("ceftriaxone-1g"))
        await nurse.scan(pack("nacl-0.9-250"))
        await nurse.press("g")
        await nurse.typed("9999", "enter")

        assert nurse.page == "Amounts"
        assert "请输入 1 到 5000 mL 的数" in nurse.text()
        assert said(nurse) == []


async def test_a_wrong_entry_is_struck_out_and_the_dose_waits_again() -> None:
    """It stays readable."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        await nurse.press("g")
        await go_to(nurse, "amlodipine-5mg")
        await nurse.press("x", "4")
        await go_to(nurse, "amlodipine-5mg")

        assert dose_of(sample_of(nurse), "amlodipine-5mg").state == "planned"
        assert "已划除：" in nurse.text()


async def test_given_is_never_said_of_what_is_not_on_the_disk() -> None:
    """The disk fails: what was scanned is kept, and the page says what happened."""
    async with at_bed() as nurse:
        await nurse.scan(pack("amlodipine-5mg"))
        fail = StoreFailed(detail="gone")
        sample_of(nurse).fails_with = fail
        await nurse.press("g")
        assert fail.text() in nurse.notes()
        assert "已给药并保存。" not in nurse.notes()
        sample_of(nurse).fails_with = None
        await nurse.press("g")

        assert [kind for kind, _ in said(nurse)] == ["dose.give"]


async def test_signed_out_the_wristband_is_forgotten() -> None:
    """The next nurse identifies the patient herself."""
    async with at_bed() as nurse:
        await nurse.press("f12")
        await nurse.sign_in()
        await begin(nurse, "12", scanned=False)

        assert "请扫腕带" in nurse.text()
