"""A scan that does not fit: why, in big words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cart.screens.stop import Stop
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from cart.usecases.scan import Scan

_ = domain("cart").gettext

REASONS = {
    "elsewhere": N_("Nobody with the number {text} lies in this ward."),
    "unknown": N_("This code is not understood: {text}"),
    "discharged": N_("This patient was discharged: {name}"),
    "moved": N_("This patient lies in another ward now: {name}"),
    "other-ward": N_("This tag belongs to another ward."),
    "empty-bed": N_("Nobody lies in this bed."),
    "two-in-bed": N_("Two patients are booked into this bed. Scan the wristband."),
    "expired": N_("This pack is too old. Do not use it."),
    "unchecked": N_("This cart cannot check codes of bedside screens. Scan the wristband."),
    "stale": N_("This code was shown at another time or bed. Let the screen show a new one, or scan the wristband."),
    "no-patient": N_("Whose drug is it? Scan the wristband first."),
    "wrong-patient": N_("Wrong patient: this bag is for {name}."),
    "bag-unknown": N_("This cart does not know what this bag was made for."),
    "bag-superseded": N_("This bag was made for an order that another has replaced. Do not hang it."),
    "bag-stopped": N_("The order of this bag was stopped. Do not hang it."),
    "bag-returned": N_("The order of this bag was taken back. It goes back to the pharmacy."),
    "bag-expired": N_("This bag was prepared too long ago. Do not hang it."),
    "bag-mismatch": N_("This bag is labelled for another time than its order has. Print a new label."),
    "bag-given": N_("This bag was hung already. Is the label on the right bag?"),
    "no-wristband": N_("Whose monitor is it? Scan the wristband, then the monitor within a minute."),
    "tray-no-wristband": N_("Whose tray is it? Scan the wristband of the patient at this bed first, then the tray."),
    "tray-wrong-patient": N_("Wrong bed: this tray is for {name}."),
    "tray-not-wanted": N_("This meal was cancelled, sent back, or is at the bed already. Do not serve it."),
    "tray-unknown": N_("This cart knows no meal of this label. Ask the kitchen before you serve it."),
    "card-unsure": N_("It is not certain whose card this is. Scan the wristband."),
    "card-other-ward": N_("The person of this card lies in another ward."),
    "card-not-here": N_("The person of this card does not lie here, or was admitted under another name."),
    "card-unknown": N_("This card is not known, or its code is too old. Let the telephone show a new one."),
    "card-no-platform": N_("No insurance platform is connected, so vouchers cannot be read. Scan the wristband."),
    "card-offline": N_("A voucher or health card needs the server, and it does not answer. Scan the wristband."),
    "card-slowed": N_("Too many cards were not known. Wait a moment, or scan the wristband."),
    "no-page": N_("This device has nothing to do here."),
}
"""What is wrong, by the word that is counted; what is wrong with a code itself is said by its error."""


def card_reason(outcome: str) -> str:
    """The word of `REASONS` for what the server has said of a card; what it does not know is not known here."""
    return word if (word := f"card-{outcome}") in REASONS else "card-unknown"


class ScanRefused(Stop):
    """`reason` is a word of `REASONS`; `name`: of the patient whom the code names."""

    def __init__(self, scan: Scan, reason: str, name: str = "") -> None:
        super().__init__()
        self._scan = scan
        self._reason = reason
        self._patient = name

    def why(self) -> str:
        """What the code's own error says, or the reason."""
        if self._scan.why is not None:
            return self._scan.why.text()
        shown = clip(plain(self._scan.text), 40)
        return _(REASONS[self._reason]).format(text=shown, name=plain(self._patient))
