"""A deposit paid at the bed: what is offered, how a payment stands, and what is said about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from bedside.usecases.words import clock_text, when_text, word
from wardlink.i18n import N_, domain
from wardlink.money import fen, yuan

if TYPE_CHECKING:
    from datetime import datetime

    from wardlink.messages.payments import PaymentView

_ = domain("bedside").gettext

OFFERED_FEN = (200_00, 500_00, 1_000_00, 2_000_00)
"""Amounts that are one touch away. [D]"""

MOST_DIGITS = 5
"""Of an amount that is typed, in whole yuan: as many as a server takes of one deposit."""

IDLE_S = 60.0
"""A page of payments locks sooner than others. Source: UX.md, the patient's screen."""

LOOK_EVERY_S = 2.0
"""How often the server is asked while somebody waits; it asks the channel by a plan of its own."""

CHANNELS: Mapping[str, str] = {
    "wechat": N_("WeChat Pay"),
    "alipay": N_("Alipay"),
    "sandbox": N_("Sample payment"),
}


class Stage(Enum):
    """How a payment stands, for whoever waits before the screen."""

    CODE = "code"
    CONFIRMING = "confirming"
    PAID = "paid"
    GOES_BACK = "goes-back"
    CLOSED = "closed"


_DECIDED = {"paid": Stage.PAID, "part_refunded": Stage.PAID, "refunded": Stage.PAID, "closed": Stage.CLOSED}


def stage_of(view: PaymentView, now: datetime) -> Stage:
    """How it stands. What is neither paid nor closed nor to be scanned is being confirmed, whatever it is called."""
    found = _DECIDED.get(view.status)
    if found is not None:
        return Stage.GOES_BACK if view.late else found
    return Stage.CODE if view.qr and now < view.expires_at else Stage.CONFIRMING


def amount_text(amount_fen: int) -> str:
    """As it stands on a key: whole yuan without decimals."""
    text = yuan(amount_fen)
    return _("{amount} yuan").format(amount=text.removesuffix(".00"))


def channel_text(channel: str) -> str:
    """The name of a way to pay."""
    return word(CHANNELS, channel)


def next_way(ways: Sequence[str], now: str) -> str:
    """The way after this one, for a key that changes between them."""
    return ways[(ways.index(now) + 1) % len(ways)] if now in ways else ways[0]


def typed_fen(digits: str) -> int | None:
    """What was typed, in fen; None for nothing."""
    return fen(digits.lstrip("0")) if digits.strip("0") else None


def countdown_text(view: PaymentView, now: datetime) -> str:
    """For how long the code holds."""
    left_s = max(0, int((view.expires_at - now).total_seconds()))
    return _("The code holds for {minutes}:{seconds:02d}").format(minutes=left_s // 60, seconds=left_s % 60)


def number_text(number: str) -> str:
    """A number in groups of four, to be read aloud."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def last_text(payments: Sequence[PaymentView], now: datetime) -> str:
    """What is to be known of the newest payment before another one is made; empty: nothing."""
    for view in payments[:1]:
        amount = amount_text(view.amount_fen)
        match stage_of(view, now):
            case Stage.PAID if view.paid_at is not None:
                return _("Paid last: {amount}, {time}").format(amount=amount, time=when_text(view.paid_at, now))
            case Stage.CONFIRMING:
                return _("{amount}: the result is being confirmed. If you have paid it, do not pay again.").format(
                    amount=amount
                )
    return ""


def said(view: PaymentView, now: datetime) -> list[str]:
    """The sentences beside a payment, the most important first."""
    match stage_of(view, now):
        case Stage.CODE:
            scan = _("Scan the code with your telephone: {way}").format(way=channel_text(view.channel))
            return [scan, countdown_text(view, now), _("Waiting for your payment ...")]
        case Stage.CONFIRMING:
            more = _("If you have paid, do not pay again: nothing is lost. If you have not, wait a moment.")
            if view.fault == "amount":
                more = _("Another amount has come than was asked for. Please tell the cashier; nothing is lost.")
            return [_("The result of the payment is being confirmed"), more]
        case Stage.PAID:
            at = view.paid_at or now
            when = _("Paid at {time}").format(time=clock_text(at))
            return [_("✓ Paid"), when, _("Receipt number: {number}").format(number=number_text(view.number))]
        case Stage.GOES_BACK:
            return [
                _("Paid after the code was closed: the money goes back by itself"),
                _("Receipt number: {number}").format(number=number_text(view.number)),
            ]
        case Stage.CLOSED:
            return [_("This code no longer holds"), _("Nothing was paid with it. You can have a new one.")]
