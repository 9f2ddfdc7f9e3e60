"""The words of orders on the cart: what they ask of a nurse, and the whole of one before something is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.words import time_text
from wardlink.i18n import N_, domain
from wardlink.messages import order_words
from wardlink.messages.order_words import alert_text, kind_text, state_text, step_text
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.orders import OrderView

__all__ = ["ASKED", "alert_text", "how_text", "kind_text", "state_text", "story", "what_text"]

_ = domain("cart").gettext

ASKED: Mapping[str, str] = {
    "transcribed": N_("take over"),
    "checked": N_("check"),
    "stop-seen": N_("notice the stop"),
}


def what_text(order: OrderView) -> str:
    """What is to be given or done, in a line that keeps to its cells."""
    return plain(order_words.what_text(order))


def how_text(order: OrderView) -> str:
    """By which way and how often, in a line that keeps to its cells."""
    return plain(order_words.how_text(order))


def story(order: OrderView, stay: EncounterView, now: datetime) -> str:
    """Everything about an order, for the moment before something is done about it; the allergies first."""
    allergies = plain(", ".join(stay.allergies))
    lines = [
        _("bed {bed} {name}").format(bed=stay.bed, name=plain(stay.name)),
        _("allergy: {what}").format(what=allergies) if allergies else _("no allergy known"),
        what_text(order),
        f"{kind_text(order.kind)} · {how_text(order)}",
    ]
    if alert_text(order):
        lines.append("⚠ " + alert_text(order))
    begun = _("from {at}").format(at=time_text(order.start_at, now))
    ends = _("until {at}").format(at=time_text(order.stop_at, now)) if order.stop_at else ""
    lines.append(f"{begun} {ends}".rstrip())
    if order.indication:
        said = _("for {indication}; at least {min} min apart, at most {most} a day")
        lines.append(
            said.format(indication=plain(order.indication), min=order.min_interval_min, most=order.max_per_day)
        )
    if order.note:
        lines.append(plain(order.note))
    signed = _("{who} signed it at {at}")
    lines.append(signed.format(who=order.doctor_name or order.doctor, at=time_text(order.issued_at, now)))
    for step in order.steps:
        reason = f" ({plain(step.reason)})" if step.reason else ""
        lines.append(f"{time_text(step.at, now)}  {step_text(step.what)}  {step.by_name or step.by}{reason}")
    return "\n".join(lines)
