"""Why a settlement does not go on: a code for the page, and a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wardlink.errors import WardlinkError
from wardlink.i18n import N_, gettext_of_any
from wardlink.money import yuan

AUDIT = N_("A cashier must check the bill: {total} yuan in {lines} lines. After that it is closed.")
DECIDE = N_(
    "The insurance platform was not asked: what it would pay ({fund} yuan) is an estimate. A cashier decides whether to"
    " settle by it, or to let the patient pay all of it and claim it later."
)
CONFIRM = N_("The patient must agree: {cash} yuan of {total} yuan are their own part.")
COLLECT = N_("{missing} yuan are missing. Please let the patient pay them by code, or take cash.")
PAYOUT = N_("{amount} yuan go back in cash. Please hand them out and confirm it here.")
PAYOUT_REFUSED = N_(
    "The payment channel will not give back {amount} yuan. Please hand them out in cash or by bank transfer, and"
    " confirm it here."
)
REFUND_UNDER_WAY = N_(
    "A refund of {amount} yuan is on its way; the payment channel is being asked. Nothing is to be done."
)
REFUND_KEPT = N_("The deposit is needed for what was charged meanwhile.")
ORDERS = N_("{count} orders are still running. Please have the doctor stop them.")
DOSES = N_("{count} doses are not given, refused or stopped. Please have the nurse deal with them.")
OTHERS = N_("{count} tasks of the ward are still open. Please have the nurse finish them.")
EXCEPTIONS = N_("{count} exceptions of this stay are not cleared up. Please have the ward clear them up.")
UNCHARGED = N_(
    "{count} things were done and cannot be charged: {items}. Please complete the price list, or charge them."
)
BELOW_ZERO = N_(
    "More was taken back than charged since the last settlement. Please give {amount} yuan back by hand, and ask"
    " finance."
)


@dataclass(frozen=True)
class Wait:
    """One reason. `values` are those of the sentence, ready to be shown."""

    code: str
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """In the language of this context."""
        return gettext_of_any(self.sentence).format_map(dict(self.values))

    def as_json(self) -> dict[str, Any]:
        """The same, for a column."""
        return {"code": self.code, "sentence": self.sentence, "values": dict(self.values)}


def wait_in(kept: Mapping[str, Any]) -> Wait:
    """The opposite of `as_json`."""
    return Wait(kept["code"], kept["sentence"], kept["values"])


def because(fault: WardlinkError) -> Wait:
    """It waits because of this error, in its own words."""
    return Wait(fault.code, fault.message or fault.sentence, {name: str(value) for name, value in fault.params.items()})


def money(code: str, sentence: str, **fen: int) -> Wait:
    """A reason whose values are amounts in fen."""
    return Wait(code, sentence, {name: yuan(amount) for name, amount in fen.items()})
