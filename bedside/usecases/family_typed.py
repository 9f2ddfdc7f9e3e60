"""What family type on the pad to come in. Pure; held in memory only, and gone with the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from wardlink.clinical.family import is_weak_pin, signing_in
from wardlink.i18n import N_

_SHORT = N_("A PIN has 6 digits, a code has 8.")
_SHORT_PIN = N_("A PIN has 6 digits.")
_WEAK = N_("This PIN is too easy to guess. Please choose another.")
_DIFFERS = N_("These two were not the same. Please choose your PIN again.")


class Step(Enum):
    """What is asked, one after the other; after a PIN that is known nothing more is."""

    SECRET = "secret"
    NEW = "new"
    AGAIN = "again"


@dataclass(frozen=True)
class FamilyTyped:
    """The digits of this step, and what was typed before. `trouble`: message id of what was wrong with it."""

    step: Step = Step.SECRET
    digits: str = ""
    code: str = ""
    pin: str = ""
    trouble: str = ""
    is_whole: bool = False

    @property
    def opens(self) -> bool:
        """Whether the next touch would bring one in."""
        return self.step is Step.AGAIN or (self.step is Step.SECRET and len(self.digits) == signing_in().pin_digits)

    def add(self, digit: str) -> FamilyTyped:
        """With one more; what is too much, or no digit, changes nothing."""
        most = signing_in().code_digits if self.step is Step.SECRET else signing_in().pin_digits
        is_digit = len(digit) == 1 and digit.isascii() and digit.isdigit()
        longer = self.digits + digit if is_digit and len(self.digits) < most else self.digits
        return replace(self, digits=longer, trouble="")

    def back(self) -> FamilyTyped:
        """Without the last one."""
        return replace(self, digits=self.digits[:-1], trouble="")

    def cleared(self) -> FamilyTyped:
        """Without any."""
        return replace(self, digits="", trouble="")

    def anew(self) -> FamilyTyped:
        """Another PIN has to be chosen; the code still holds."""
        return FamilyTyped(Step.NEW, code=self.code) if self.code else FamilyTyped()

    def next(self) -> FamilyTyped:
        """After this step: the next one, everything whole, or what is wrong."""
        told, n = signing_in(), len(self.digits)
        match self.step:
            case Step.SECRET if n == told.code_digits:
                return FamilyTyped(Step.NEW, code=self.digits)
            case Step.SECRET:
                return replace(self, is_whole=True) if n == told.pin_digits else replace(self, trouble=_SHORT)
            case Step.NEW if n != told.pin_digits:
                return replace(self, trouble=_SHORT_PIN)
            case Step.NEW if is_weak_pin(self.digits):
                return replace(self, digits="", trouble=_WEAK)
            case Step.NEW:
                return FamilyTyped(Step.AGAIN, code=self.code, pin=self.digits)
            case _ if self.digits == self.pin:
                return replace(self, is_whole=True)
            case _:
                return replace(self.anew(), trouble=_DIFFERS)
