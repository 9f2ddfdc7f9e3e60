"""What the insurance is asked about: the lines of a bill, and what the person has left of their year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.insurance.codes import Grade
from wardlink.errors import InvalidInput
from wardlink.i18n import N_
from wardlink.money import MONEY_MAX, WHOLE_BP

_NEGATIVE = N_("An amount of the claim is below zero or too large: {name}.")
_SHARE = N_("A share of the claim is not between 0 and 100 %.")

OTHER_FUNDS = ("cvlserv_pay", "hifes_pay", "maf_pay")
"""Who else may pay, as the platform names them: civil servants' and enterprise subsidy, medical assistance."""


@dataclass(frozen=True)
class Line:
    """One line of the bill, in fen.

    `share_bp`: what somebody bears first of an item of class B (先行自付). `ceiling_fen`: the most that the catalogue
    allows for this line; the excess is the patient's. `covered` False: used outside what the item is limited to.
    """

    amount_fen: int
    grade: Grade
    share_bp: int = 0
    ceiling_fen: int | None = None
    covered: bool = True

    def __post_init__(self) -> None:
        """Check the line.

        Raises:
            InvalidInput: an amount below zero or too large, a share that is none.
        """
        _check_amount("amount", self.amount_fen)
        if self.ceiling_fen is not None:
            _check_amount("ceiling", self.ceiling_fen)
        if not 0 <= self.share_bp <= WHOLE_BP:
            raise InvalidInput(_SHARE)


@dataclass(frozen=True)
class Claim:
    """A bill and the person's year so far, in fen. A bill that was corrected is claimed net: no line is negative.

    `deductible_used_fen`: of the yearly one of outpatients. `cap_used_fen`: what the pooled fund has paid this year.
    `critical_before_fen`: what the person has borne of covered costs this year. `other_funds`: what others have
    promised, by their name of `OTHER_FUNDS`. `account_allowed_fen`: how much of the personal account may be used;
    all of it where nothing is said.
    """

    lines: tuple[Line, ...]
    deductible_used_fen: int = 0
    cap_used_fen: int = 0
    critical_before_fen: int = 0
    account_balance_fen: int = 0
    account_allowed_fen: int | None = None
    hospital_part_fen: int = 0
    other_funds: Mapping[str, int] = field(default_factory=dict)
    deposits_fen: int = 0

    def __post_init__(self) -> None:
        """Check the claim.

        Raises:
            InvalidInput: an amount below zero or too large, or a fund that is none.
        """
        for name, amount in (
            ("deductible_used", self.deductible_used_fen),
            ("cap_used", self.cap_used_fen),
            ("critical_before", self.critical_before_fen),
            ("account_balance", self.account_balance_fen),
            ("account_allowed", self.account_allowed_fen or 0),
            ("hospital_part", self.hospital_part_fen),
            ("deposits", self.deposits_fen),
            ("total", sum(line.amount_fen for line in self.lines)),
            *self.other_funds.items(),
        ):
            _check_amount(name, amount)
        if unknown := sorted(set(self.other_funds) - set(OTHER_FUNDS)):
            raise InvalidInput(detail=f"other_funds: {unknown[0][:40]}")


def _check_amount(name: str, amount: object) -> None:
    # A bool is an int, and a float may look like one: neither is money.
    if type(amount) is not int or not 0 <= amount <= MONEY_MAX:
        raise InvalidInput(_NEGATIVE, name=name)
