"""A card is shown to the scanner at the bed: it opens for its own patient, and nothing of it stays on the screen."""

from __future__ import annotations

from textual import events

from bedside.sample.stay import VOUCHER
from tests.bedside.screens import Hand, bedside
from tests.waiting import wait_for

_NAMES = {":": "colon"}


async def scan(hand: Hand, text: str) -> None:
    """A scanner types by its own clock, and ends the code."""
    typed = [events.Key(_NAMES.get(char, char), char) for char in text] + [events.Key("enter", "\r")]
    begun_s = typed[0].time + 1
    for index, event in enumerate(typed):
        event.time = begun_s + index * 0.002
        hand.app.post_message(event)
    await hand.settle()


async def test_the_patients_own_voucher_opens_the_screen() -> None:
    """Without a number typed."""
    async with bedside() as hand:
        await hand.tap("identify")
        await scan(hand, VOUCHER)

        await wait_for(lambda: hand.page == "HomeScreen", "it opens")


async def test_anothers_card_is_answered_like_a_wrong_number() -> None:
    """In the same words; what was typed before stands there again, and nothing of the code."""
    async with bedside() as hand:
        await hand.tap("identify")
        before = hand.words("typed")
        await scan(hand, "7" * 28)
        await wait_for(lambda: "不符" in hand.words("said"), "it says so")

        assert hand.words("typed") == before
        assert "7777" not in hand.text()


async def test_offline_a_card_needs_the_server() -> None:
    """Said plainly."""
    async with bedside() as hand:
        await hand.tap("identify")
        hand.terminal.connect(online=False, server_alive=False)
        await scan(hand, VOUCHER)

        await wait_for(lambda: "医保凭证" in hand.words("said"), "it says what is missing")
        assert hand.page == "IdentifyScreen"


async def test_typing_is_no_card_however_long() -> None:
    """Characters at a finger's speed are typed as ever; after a slow one a card begins anew."""
    async with bedside() as hand:
        await hand.tap("identify")
        await hand.press("1")
        await scan(hand, "ABC1234567:1")
        assert hand.page == "IdentifyScreen"
        assert hand.words("said") == ""
        await scan(hand, VOUCHER)

        await wait_for(lambda: hand.page == "HomeScreen", "it opens")
