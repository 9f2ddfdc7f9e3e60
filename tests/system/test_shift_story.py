"""A shift as two nurses live it: the real pages on two carts, a real server and broker, an hour without them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cart.screens.cases import CasesScreen
from tests.cart.nurse import DESIGN, Nurse, cart
from tests.system.test_orders_journey import at_the_desk
from tests.system.wards import BED, DOCTOR, PHARMACIST, RunningWard, running
from tests.waiting import wait_for
from wardlink.clinical.drugs import sample_drugs
from wardlink.clock import SystemClock
from wardlink.codes.kinds import Badge, Wristband
from wardlink.device import Device
from wardlink.record.doses import DOSE
from wardlink.record.handovers import HANDOVER
from wardlink.record.orders import ORDER

pytestmark = pytest.mark.slow

LI, WANG = ("N1001", "2580"), ("N1002", "1470")
ASPIRIN, AMLODIPINE = "aspirin-100mg", "amlodipine-5mg"


@asynccontextmanager
async def at_cart(ward: RunningWard, name: str, who: tuple[str, str]) -> AsyncIterator[tuple[Nurse, Device]]:
    """A nurse at a cart, signed in by her badge under the scanner; the cart's disk outlives her."""
    device = Device(ward.folder / "devices" / name, ward.built.credentials[name])
    async with cart(DESIGN, ward=lambda: device) as nurse:
        await nurse.settle()
        await wait_for(lambda: device.replica.ward_name is not None, "the cart has its first copy", timeout_s=20)
        await nurse.scan(Badge(who[0]).text())
        await nurse.typed(who[1], "enter")
        await wait_for(lambda: nurse.page == "WardScreen", f"{who[0]} is signed in on {name}", timeout_s=20)
        yield nurse, device


async def in_step(ward: RunningWard, nurse: Nurse, device: Device) -> None:
    """Everything is sent and heard, and the screen shows it."""
    await wait_for(lambda: device.outbox.depth() == 0, "everything was answered", timeout_s=60)
    head = ward.changes()[-1].seq
    await wait_for(lambda: device.replica.seq >= head, "everything was heard", timeout_s=60)
    await nurse.changed()


async def take_over(nurse: Nurse, device: Device, words: str) -> None:
    """Say of an order what is asked of a nurse about it."""
    await nurse.press("o")
    grid = nurse.grid("orders")
    index = next(i for i, line in enumerate(grid._lines) if any(words in cell.text for cell in line.cells))
    await nurse.press(*["down"] * index, "enter", "1", "escape")


async def give(nurse: Nurse, ward: RunningWard, device: Device, drug: str) -> None:
    """Wristband, page, pack, key; in some minutes of the hour the next dose is early and is given with a reason."""
    await nurse.scan(Wristband(ward.stay).text())
    await wait_for(lambda: nurse.page == "PatientScreen", "the patient is open")
    await nurse.press("m")
    await wait_for(lambda: nurse.page == "MedicationScreen", "the doses are open")
    before = given(device)
    await nurse.scan(sample_drugs()[drug].gtins[0])
    await nurse.press("g")
    if nurse.page == "Question":
        await nurse.press("1", "g")
    await wait_for(lambda: given(device) == before + 1, "the dose is saved on the cart")
    # On a slow machine the server may seem away for a moment; saved it is either way.
    said = {"已给药并保存。", "已保存在本车，会自动发送。"}
    await wait_for(lambda: said & set(nurse.notes()), "it says that the dose is saved")
    await nurse.press("escape", "escape")


def given(device: Device) -> int:
    """How many times somebody gave a dose, as the cart knows it."""
    return sum(len(dose.givings()) for dose in device.replica.records(DOSE))


def ordered(ward: RunningWard, drug: str) -> str:
    """A doctor orders it every hour from now on, a pharmacist agrees."""
    signed = {
        "kind": "standing",
        "category": "drug",
        "items": [{"drug": drug, "dose": 1, "unit": "片"}],
        "route": "po",
        "frequency": "q1h",
        "start_at": SystemClock().now().isoformat(),
    }
    order: str = at_the_desk(ward, DOCTOR, f"/encounters/{ward.stay}/orders", signed)["id"]
    at_the_desk(ward, PHARMACIST, f"/orders/{order}/review", {"accepted": True})
    return order


async def test_a_whole_shift(tmp_path: Path) -> None:
    """Orders, a sick patient, a round, a dead network, the same dose twice, the case closed, the shift handed over."""
    with running(tmp_path) as ward:
        orders = [ordered(ward, drug) for drug in (ASPIRIN, AMLODIPINE)]

        async with at_cart(ward, "c1", LI) as (li, c1):
            await in_step(ward, li, c1)
            for words in ("阿司匹林", "氨氯地平"):
                await take_over(li, c1, words)
            await in_step(ward, li, c1)
        async with at_cart(ward, "c2", WANG) as (wang, c2):
            await in_step(ward, wang, c2)
            for words in ("阿司匹林", "氨氯地平"):
                await take_over(wang, c2, words)
            await in_step(ward, wang, c2)
            states = [found.state for order in orders if (found := c2.replica.record(ORDER, order))]
            assert states == ["active", "active"]

        async with at_cart(ward, "c1", LI) as (li, c1):
            await in_step(ward, li, c1)
            await li.open(BED)
            await li.press("v")
            await wait_for(lambda: li.page == "VitalsScreen" and li.form.exam() is not None, "the form is open")
            await li.fill("38.6", "112", "25", "100", "62", "91")
            await li.press("1", "a")
            assert "NEWS2  11  高" in li.score()
            await li.press("f2")
            await wait_for(lambda: li.page == "PatientScreen", "the set is saved")
            await give(li, ward, c1, AMLODIPINE)
            await in_step(ward, li, c1)

            ward.server.kill()
            await wait_for(lambda: not c1.status().server_alive, "the cart has lost the server", timeout_s=30)
            await give(li, ward, c1, ASPIRIN)
            assert c1.outbox.depth() > 0
        async with at_cart(ward, "c2", WANG) as (wang, c2):
            assert "离线" in wang.text().splitlines()[0]
            await give(wang, ward, c2, ASPIRIN)

        ward.start_server()
        async with at_cart(ward, "c1", LI) as (li, c1):
            await in_step(ward, li, c1)
        async with at_cart(ward, "c2", WANG) as (wang, c2):
            await in_step(ward, wang, c2)
            (case,) = c2.replica.exceptions()
            assert case.kind == "given-twice"
            await wang.typed("!")
            assert isinstance(wang.app.page, CasesScreen)
            await wang.press("enter")
            assert ("李静" in wang.text(), "王芳" in wang.text()) == (True, True)
            await wang.press("1")
            await in_step(ward, wang, c2)
            assert c2.replica.exceptions() == []

            await wang.press("escape", "h")
            await wang.press("g", "1")
            await wang.typed(LI[0], "enter")
            await wang.typed(LI[1], "enter")
            await in_step(ward, wang, c2)

            twice = [dose for dose in c2.replica.records(DOSE) if len(dose.givings()) == 2]
            taken = {view.bed: view.state for view in c2.replica.records(HANDOVER)}
            assert [{e.by_name for e in dose.givings()} for dose in twice] == [{"李静", "王芳"}]
            assert taken[BED] == "taken"

        measured = list(ward.changes("vitals.recorded"))
        assert len(measured) == 1
        assert [change.body["closed_by"]["id"] for change in ward.changes("exception.closed")] == ["n-wangfang"]
