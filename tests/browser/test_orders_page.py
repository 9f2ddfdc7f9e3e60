"""Orders at a desk, in a real browser: signed by a doctor, approved, taken over and checked, each by who may."""

from __future__ import annotations

import pytest

from tests.browser.servers import CHARGE_NURSE, DOCTOR, MANAGER, NURSE, PHARMACIST, StillServer
from tests.browser.visitor import DESK, PHONE, Browsing, Window
from wardlink.messages.base import Actor
from wardlink.messages.verbal import GiveVerbal
from workbench.ward import StaffPlan


def seen_by(still: StillServer, browsing: Browsing, who: StaffPlan, path: str, size: dict[str, int] = DESK) -> Window:
    """A window of this person, on this page."""
    window = browsing.window(still.url, size)
    window.sign_in(who, then=path)
    window.wait("the page is there", lambda: window.page.locator("h1").count() == 1)
    return window


def signs(window: Window, **fields: str) -> None:
    """Fill the form of a new order, and sign it."""
    for name, value in fields.items():
        field = window.page.locator(f"form.ask [name={name}]")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    window.page.click("form.ask button[type=submit]")
    window.wait("the answer is there", lambda: window.page.locator("[role=alert]").count() == 1)


def test_an_order_on_its_way(still: StillServer, browsing: Browsing) -> None:
    """Four people, four windows; in the end it is carried out, with its doses."""
    path = f"/board/orders/stay/{still.stays['3']}"
    doctor = seen_by(still, browsing, DOCTOR, path)
    signs(doctor, drug="aspirin-100mg", dose="1", unit="片", route="po", frequency="tid")
    assert "已完成" in doctor.text("[role=alert]")
    doctor.page.locator("tbody a").first.click()
    doctor.wait("the order is open", lambda: "阿司匹林" in doctor.text("h1"))
    order = doctor.page.url.split("?")[0].removeprefix(still.url)

    for who, button in ((PHARMACIST, "审方通过"), (NURSE, "转抄"), (CHARGE_NURSE, "核对无误")):
        window = seen_by(still, browsing, who, order)
        window.page.get_by_role("button", name=button).click()
        window.wait("it is done", lambda window=window: "已完成" in window.text("[role=alert]"))

    doctor.go(order)
    assert "执行中" in doctor.text("dl.facts")
    assert doctor.text("tbody").count("待执行") == 5
    assert doctor.page.get_by_role("button", name="立即停止").count() == 1


def test_what_cannot_be_is_said(still: StillServer, browsing: Browsing) -> None:
    """A tablet into the vein, a dose that is none; nothing is written."""
    path = f"/board/orders/stay/{still.stays['4']}"
    doctor = seen_by(still, browsing, DOCTOR, path)

    signs(doctor, drug="aspirin-100mg", dose="1", unit="片", route="iv", frequency="tid")
    assert "不能用于" in doctor.text("main")
    signs(doctor, drug="aspirin-100mg", dose="", unit="片", route="po", frequency="tid")
    assert "没有任何更改" in doctor.text("[role=alert]")
    assert "还没有医嘱" in doctor.text("main")


@pytest.mark.parametrize("who", [MANAGER, NURSE], ids=["manager", "nurse"])
def test_nobody_but_a_doctor_has_the_form(still: StillServer, browsing: Browsing, who: StaffPlan) -> None:
    """And whoever sends it all the same is refused."""
    path = f"/board/orders/stay/{still.stays['4']}"
    window = seen_by(still, browsing, who, path)

    assert window.page.locator("form.ask").count() == 0
    answer = window.page.request.post(f"{still.url}{path}/new", form={"start_at": "2026-11-25T10:00"})
    assert answer.status == 403


def test_the_list_fits_a_phone(still: StillServer, browsing: Browsing) -> None:
    """What waits for a pharmacist, and everything that is open."""
    path = f"/board/orders/stay/{still.stays['2']}"
    signs(
        seen_by(still, browsing, DOCTOR, path),
        drug="warfarin-2.5mg",
        dose="1",
        unit="片",
        route="po",
        frequency="qn",
    )
    window = seen_by(still, browsing, PHARMACIST, "/board/orders?ward=w3", PHONE)

    assert "华法林" in window.text("tbody")
    assert window.overflow_px() <= 0


def test_an_order_is_written_for_what_was_given_on_a_doctors_word(still: StillServer, browsing: Browsing) -> None:
    """A nurse sees that it waits; the doctor writes it as it was said, and nothing waits any more."""
    said = GiveVerbal(
        name="呋塞米注射液",
        drug="furosemide-20mg",
        dose=1,
        unit="支",
        route="iv",
        doctor=DOCTOR.id,
        doctor_name=DOCTOR.name,
        read_back=True,
        witness=CHARGE_NURSE.id,
    )
    actor, stay = Actor(kind="staff", id=NURSE.id), still.stays["2"]
    still.core.execute("verbal.give", said, ward="w3", actor=actor, encounter=stay, bed="2")
    path = f"/board/orders/stay/{stay}"
    nurse = seen_by(still, browsing, NURSE, path)
    assert "口头医嘱待补医嘱" in nurse.text("main")
    assert nurse.page.get_by_role("button", name="确认补录").count() == 0

    doctor = seen_by(still, browsing, DOCTOR, path)
    doctor.page.get_by_role("button", name="确认补录").click()
    doctor.wait("it is done", lambda: "已完成" in doctor.text("[role=alert]"))

    assert "口头医嘱待补医嘱" not in doctor.text("main")
    assert "呋塞米" in doctor.text("tbody")
