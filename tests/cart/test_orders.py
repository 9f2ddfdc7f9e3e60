"""Orders on the cart: what is new is said, taken over by one nurse and checked by another, also offline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cart.sample_orders import OTHER
from cart.usecases.orders import asked_of, orders_of
from tests.cart.nurse import AT, DESIGN, SIZES, Nurse, cart, sample_of
from wardlink.clinical.order_states import OrderState
from wardlink.messages.orders import CheckOrder, OrderView
from wardlink.record.orders import ORDER


def order_of(nurse: Nurse, drug: str) -> OrderView:
    """The order of this drug."""
    return next(o for o in sample_of(nurse).replica.records(ORDER) if any(i.drug == drug for i in o.items))


async def opened(nurse: Nurse, words: str) -> None:
    """The ward's orders, with the one under the cursor whose line holds these words."""
    await nurse.press("o")
    grid = nurse.grid("orders")
    index = next(i for i, line in enumerate(grid._lines) if any(words in cell.text for cell in line.cells))
    await nurse.press(*["down"] * index, "enter")


def recorded(nurse: Nurse) -> list[object]:
    """What was said of orders."""
    return [command.body for command in sample_of(nurse).recorded if command.kind.startswith("order.")]


@pytest.mark.parametrize("size", SIZES)
async def test_the_ward_lists_what_waits_for_a_nurse(size: tuple[int, int]) -> None:
    """To take over, to check, to notice; and nothing that is on its way."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        await nurse.press("o")

        shown = nurse.text()
        assert [word in shown for word in ("待转抄", "待核对", "停嘱待阅", "执行中")] == [True, True, True, False]
        assert "⚠ 盐酸吗啡" in nurse.line("赵强")


async def test_the_patient_has_all_orders_with_allergies_above() -> None:
    """What is carried out, with when it is due next."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        await nurse.press("o")

        assert "头孢类" in nurse.text()
        assert "09:12" in nurse.line("氨氯地平")
        assert "高警示 B" in nurse.line("华法林")


async def test_an_order_is_taken_over() -> None:
    """Read whole, then with one key; it waits for another nurse from then on."""
    async with cart() as nurse:
        await nurse.sign_in()
        await opened(nurse, "呋塞米")
        assert "周涛 于" in nurse.text()
        assert "过敏：头孢类" in nurse.text()
        await nurse.press("1")

        order = order_of(nurse, "furosemide-20mg")
        assert recorded(nurse) == [{"order": order.id, "step": "transcribed"}]
        assert (order.state, asked_of(order)) == ("transcribed", "checked")
        assert "待核对" in nurse.line("呋塞米")


async def test_what_she_took_over_herself_she_cannot_check() -> None:
    """She is told why, and may still send it back."""
    async with cart() as nurse:
        await nurse.sign_in()
        await opened(nurse, "吗啡")

        assert "须由另一名护士核对" in nurse.text()
        assert "核对无误" not in nurse.text()
        await nurse.press("escape")
        assert recorded(nurse) == []


async def test_what_another_took_over_she_checks() -> None:
    """Then it is carried out."""
    async with cart() as nurse:
        await nurse.sign_in()
        await opened(nurse, "华法林")
        await nurse.press("1")

        assert order_of(nurse, "warfarin-2.5mg").state == "active"


async def test_an_order_is_sent_back_with_a_reason() -> None:
    """Asked for before anything is said."""
    async with cart() as nurse:
        await nurse.sign_in()
        await opened(nurse, "呋塞米")
        await nurse.press("2")
        assert "为什么退回" in nurse.text()
        await nurse.press("1")

        order = order_of(nurse, "furosemide-20mg")
        assert (order.state, order.steps[-1].reason) == ("rejected", "剂量或单位不清")


async def test_a_stop_is_noticed() -> None:
    """And does not ask again."""
    async with cart() as nurse:
        await nurse.sign_in()
        await opened(nurse, "阿司匹林")
        await nurse.press("1")

        assert asked_of(order_of(nurse, "aspirin-100mg")) is None


async def test_a_new_order_is_said_aloud() -> None:
    """With bed, name and what is ordered, on whatever page; what is old is not said again."""
    async with cart() as nurse:
        await nurse.sign_in()
        assert "医嘱(4)" in nurse.text()
        ward = sample_of(nurse)
        old = order_of(nurse, "furosemide-20mg")
        new = old.model_copy(update={"id": "00000000-0000-7000-a000-000000000099", "text": None})
        await nurse.open("3")
        ward.change(ORDER, new)
        await nurse.changed()

        said = [str(notification.message) for notification in nurse.app._notifications]
        assert said == ["12 床 王秀英：呋塞米注射液 1 支，待转抄"]
        await nurse.press("escape")
        assert "医嘱(5)" in nurse.text()


async def test_in_english() -> None:
    """Names of drugs as well."""
    async with cart(DESIGN, speaks="en") as nurse:
        await nurse.sign_in()
        await nurse.press("o")

        assert "morphine 0.5" in nurse.line("赵强")


ASKED: list[tuple[OrderState, str, str | None]] = [
    ("issued", "drug", None),  # the pharmacist comes first
    ("issued", "nursing", "transcribed"),
    ("reviewed", "drug", "transcribed"),
    ("transcribed", "drug", "checked"),
    ("active", "drug", None),
    ("on-hold", "drug", None),
    ("rejected", "drug", None),
    ("stopped", "drug", None),  # it was never carried out
]


@pytest.mark.parametrize(("state", "category", "expected"), ASKED)
async def test_what_an_order_asks(state: OrderState, category: str, expected: str | None) -> None:
    """By its state, and by whether drugs are in it."""
    async with cart() as nurse:
        await nurse.sign_in()
        order = order_of(nurse, "furosemide-20mg")
        changed = order.model_copy(update={"state": state, "category": category, "steps": ()})

        assert asked_of(changed) == expected


async def test_what_ended_long_ago_is_not_listed() -> None:
    """But what nobody has noticed yet is, however old."""
    async with cart() as nurse:
        await nurse.sign_in()
        ward = sample_of(nurse)
        stay = ward.replica.in_bed("12")
        stopped = order_of(nurse, "aspirin-100mg")
        later = AT + timedelta(days=2)

        listed = [shown.order.id for shown in orders_of(ward.replica, later, encounter=stay.id)]
        actor = ward.replica.staff()["n-lijing"].id
        body = CheckOrder(order=stopped.id, step="stop-seen")
        ward.record("order.check", body, actor=OTHER.model_copy(update={"id": actor}), encounter=stay.id)
        seen = [shown.order.id for shown in orders_of(ward.replica, later, encounter=stay.id)]

        assert (stopped.id in listed, stopped.id in seen) == (True, False)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("label", "expected"), [("每\u202e5小时", "q5h 每5小时"), (None, "q5h")])
async def test_a_frequency_of_the_hospital_s_own_is_said_as_it_was_signed(
    size: tuple[int, int], label: str | None, expected: str
) -> None:
    """With the words that came with the order; without them the code stands as it was written."""
    async with cart(size) as nurse:
        await nurse.sign_in()
        known = order_of(nurse, "amlodipine-5mg")
        own = known.model_copy(update={"frequency": "q5h", "frequency_label": label})
        sample_of(nurse).change(ORDER, own)
        await nurse.open("12")
        await nurse.press("o")
        in_list = nurse.line("氨氯地平")
        await nurse.press("escape", "m", "down")

        assert f"口服 · {expected} " in in_list
        assert f" 口服 · {expected}" in [line.rstrip() for line in nurse.text().splitlines()]
