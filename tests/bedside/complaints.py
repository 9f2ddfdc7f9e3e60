"""What becomes of the complaints of the sample bed."""

from __future__ import annotations

from typing import Any

from tests.bedside.screens import Hand

REPLY = "对不起，我们已经谈过了，她下午来向您道歉。"


async def opened(hand: Hand) -> None:
    """The page of complaints."""
    await hand.login()
    await hand.tap("area-special")
    await hand.tap("entry-complaint")


async def put_together(hand: Hand, kind: str = "complaint", topic: str = "manner", *fields: str) -> None:
    """Everything up to the page before it is sent."""
    await hand.tap("write")
    await hand.tap(f"kind-{kind}")
    await hand.tap(f"topic-{topic}")
    for field in fields or ("sentence-manner-1",):
        await hand.tap(field)
    await hand.tap("next")


async def sent(hand: Hand) -> str:
    """One was sent; its id."""
    await put_together(hand)
    await hand.tap("send")
    return said(hand)[-1][0]


async def arrived(hand: Hand) -> str:
    """One that the hospital has; its page is open."""
    complaint = await sent(hand)
    hand.terminal.deliver()
    await hand.changed()
    await hand.tap(f"complaint-{complaint}")
    return complaint


async def replied(hand: Hand) -> str:
    """One that was answered; its page is open."""
    complaint = await arrived(hand)
    hand.terminal.voice.reply(complaint, REPLY)
    await hand.pass_time(31)
    return complaint


def said(hand: Hand) -> list[tuple[str, str, Any]]:
    """What this terminal has told the hospital: id, kind and body."""
    return [(c.id, c.kind, c.body) for c in hand.terminal.recorded if c.kind.startswith("complaint.")]
