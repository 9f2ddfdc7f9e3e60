"""Nobody is signed in: badge, PIN, pad, scanner; with the server and without; and being gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cart.sample import BADGE, PIN
from cart.usecases.session import IDLE_S
from cart.widgets.number_pad import NumberPad
from tests.cart.nurse import DESIGN, SIZES, cart, clock_of, sample_of
from wardlink.codes.kinds import Badge
from wardlink.device import SignedIn
from wardlink.errors import SignInFailed, WardlinkError


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
async def test_badge_and_pin_open_the_ward(size: tuple[int, int], speaks: str) -> None:
    """And the status line says who is there."""
    async with cart(size, speaks=speaks) as nurse:
        assert "李静" not in nurse.text()
        await nurse.sign_in()

        assert nurse.page == "WardScreen"
        assert "李静" in nurse.text().splitlines()[0]


async def test_the_pin_is_never_shown() -> None:
    """Neither while it is typed nor after."""
    async with cart() as nurse:
        await nurse.typed(BADGE, "enter")
        await nurse.typed(PIN)

        assert nurse.value("pin") == PIN
        assert PIN not in nurse.text()


async def test_a_wrong_pin_is_said_and_asked_again() -> None:
    """The badge stays, the PIN is empty, the cursor is in it."""
    async with cart() as nurse:
        await nurse.sign_in(pin="1111")

        assert nurse.page == "SignInScreen"
        assert SignInFailed().text() in nurse.text().replace("\n", "")
        assert (nurse.value("badge"), nurse.value("pin")) == (BADGE, "")
        assert nurse.app.focused is not None
        assert nurse.app.focused.id == "pin"


async def test_after_a_fault_of_our_own_the_next_try_may_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and the page does not stay deaf."""

    def broken(badge: str, pin: str) -> SignedIn:
        raise RuntimeError("planted")

    async with cart() as nurse:
        with monkeypatch.context() as planted:
            planted.setattr(sample_of(nurse), "sign_in", broken)
            await nurse.sign_in()
        assert nurse.page == "SignInScreen"
        assert WardlinkError().text() in nurse.text().replace("\n", "")
        await nurse.press("enter")

        assert nurse.page == "WardScreen"


async def test_a_scanned_badge_asks_for_its_pin() -> None:
    """The letters of the code act as no keys."""
    async with cart() as nurse:
        await nurse.scan(BADGE)

        assert nurse.value("badge") == BADGE
        await nurse.typed(PIN, "enter")
        assert nurse.page == "WardScreen"


async def test_the_pad_is_enough_for_the_pin() -> None:
    """For a finger."""
    async with cart(DESIGN) as nurse:
        await nurse.scan(BADGE)
        for digit in PIN + "⏎":
            line, column = divmod("123456789⌫0⏎".index(digit), 3)
            await nurse.tap(NumberPad, (column * 8 + 3, line * 4 + 1))

        assert nurse.page == "WardScreen"


@pytest.mark.parametrize("size", SIZES)
async def test_without_the_server_the_page_says_who_can_sign_in(size: tuple[int, int]) -> None:
    """And who was checked here lately gets in, marked as offline."""
    async with cart(size) as nurse:
        sample_of(nurse).connect(online=False, server_alive=False)
        await nurse.changed()
        assert "12小时内" in nurse.text()
        await nurse.sign_in()

        assert nurse.page == "WardScreen"
        assert "·离线）" in nurse.text().splitlines()[0]


async def test_without_the_server_an_unknown_badge_is_told_why() -> None:
    """And nothing is claimed to be saved."""
    async with cart() as nurse:
        sample_of(nurse).connect(online=False, server_alive=False)
        await nurse.changed()
        await nurse.sign_in(badge="N9999")

        assert nurse.page == "SignInScreen"
        assert "未能登录" in nurse.text()
        assert "保存" not in nurse.text()


async def test_three_minutes_without_a_touch_sign_out() -> None:
    """Not a second earlier; the page says why."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.pass_time(clock_of(nurse), IDLE_S - 1)
        assert nurse.page == "WardScreen"
        await nurse.press("down")
        await nurse.pass_time(clock_of(nurse), IDLE_S - 1)
        assert nurse.page == "WardScreen"
        await nurse.pass_time(clock_of(nurse), 1)

        assert nurse.page == "SignInScreen"
        assert "三分钟" in nurse.text()
        assert "李静" not in nurse.text()


async def test_signing_out_is_written_down_and_names_nobody_any_more() -> None:
    """F12, from a page on top of others."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        await nurse.press("f12")

        assert nurse.page == "SignInScreen"
        assert "王秀英" not in nurse.text()
        assert [c.body["action"] for c in sample_of(nurse).recorded if c.kind == "audit.event"] == ["view", "sign-out"]


async def test_another_badge_changes_the_nurse_when_she_says_so() -> None:
    """On a page that waits for none it asks; then the former one is signed out, and the PIN of the other asked for."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan("N2002")
        assert nurse.page == "Question"
        await nurse.press("escape")
        assert nurse.page == "WardScreen"
        await nurse.scan(Badge("N2002").text())
        await nurse.press("1")

        assert nurse.page == "SignInScreen"
        assert nurse.value("badge") == "N2002"


async def test_the_language_changes_while_a_badge_is_typed() -> None:
    """What was typed stays; the other language is one key away."""
    async with cart() as nurse:
        await nurse.typed("N10")
        assert "工号" in nurse.text()
        await nurse.press("f10")

        assert "Badge" in nurse.text()
        assert "工号" not in nurse.text()
        assert nurse.value("badge") == "N10"


async def test_nobody_signed_in_cannot_answer_a_call() -> None:
    """But sees bed and class, and no name."""
    async with cart() as nurse:
        sample_of(nurse).ring("12", "P1", "CHEST")
        await nurse.changed()
        assert "12 床" in nurse.text()
        assert "王秀英" not in nurse.text()
        await nurse.press("f9")

        assert nurse.page == "SignInScreen"


async def test_a_cart_that_the_server_does_not_know_says_so() -> None:
    """In the status line, before anybody signs in."""
    async with cart() as nurse:
        ward = sample_of(nurse)
        known = ward.status()
        ward.status = lambda: replace(known, credential_refused=True)  # type: ignore[method-assign]
        await nurse.changed()

        assert "✕" in nurse.text().splitlines()[0]
