"""What becomes of the requests of the sample bed."""

from __future__ import annotations

from typing import Any

from tests.bedside.screens import Hand
from wardlink.messages.requests import RequestView


def requests(hand: Hand) -> list[RequestView]:
    """The requests that this bed holds, the first one first."""
    return [view for view in hand.terminal.replica.kept.values() if isinstance(view, RequestView)]


def sent(hand: Hand) -> list[Any]:
    """What was sent to the ward."""
    return [(command.kind, command.body) for command in hand.terminal.recorded if command.kind.startswith("request.")]


async def said_of_all(hand: Hand, *acts: str, **words: str) -> None:
    """The server has everything, and 李静 says this of every request."""
    hand.terminal.deliver()
    for act in acts:
        hand.clock.advance(5)
        hand.terminal.handle_requests(act, **words)
    await hand.changed()
