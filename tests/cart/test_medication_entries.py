"""A medication round beside other carts, and what else is entered in it: not given, infusions, mistakes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cart.medication import (
    OTHER,
    at_bed,
    begin,
    dose_of,
    go_to,
    in_time,
    pack,
    said,
)
from tests.cart.nurse import AT, SMALL, clock_of, sample_of
from wardlink.errors import StoreFailed
from wardlink.ids import new_id
from wardlink.messages.doses import LeaseView
from wardlink.record.leases import LEASE

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
