"""The way of a calculation, kept so that a patient can be shown it: what went in, how, and what came out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from server.insurance.ruleset import Reason
from wardlink.i18n import N_, domain
from wardlink.money import yuan

_ = domain("server").gettext

Unit = Literal["fen", "bp"]

NAMES: Mapping[str, str] = {
    "T": N_("total of all items"),
    "A": N_("items outside the catalogue, wholly self-paid"),
    "B": N_("above the price limit, self-paid"),
    "C": N_("first share of class B items, self-paid"),
    "S": N_("amount within the policy scope"),
    "D0": N_("deductible that applies"),
    "D": N_("deductible borne by the patient"),
    "base": N_("amount that the pooled fund shares"),
    "ratio": N_("share of the pooled fund"),
    "cap": N_("left of the yearly limit"),
    "H": N_("paid by the pooled fund"),
    "P": N_("covered costs borne by the patient"),
    "over": N_("of it above the threshold of critical-illness insurance"),
    "critical": N_("paid by critical-illness insurance"),
    "other": N_("paid by subsidies and assistance"),
    "fund": N_("paid by funds in all"),
    "hosp": N_("borne by the hospital"),
    "psn": N_("borne by the patient in all"),
    "acct": N_("paid from the personal account"),
    "cash": N_("paid by the patient in cash"),
    "deposits": N_("deposits paid"),
    "diff": N_("deposits less cash: to be refunded, or collected where it is negative"),
    "balance": N_("balance of the personal account"),
    "allowed": N_("of it allowed to be used"),
    "used": N_("used up this year"),
    "limit": N_("yearly limit"),
    "before": N_("borne in this year before"),
    "threshold": N_("threshold of critical-illness insurance"),
}
"""What each letter of a formula means, and each step."""

REASONS: Mapping[str, str] = {
    "base": N_("by scheme and hospital level"),
    "bonus": N_("added for this member"),
    "filing": N_("taken off for how the patient came here"),
    "further-admission": N_("less for a further admission in the year"),
    "waived": N_("paid before the referral"),
}

_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True)
class Value:
    """A number of a formula: fen, or basis points."""

    symbol: str
    amount: int
    unit: Unit = "fen"

    def text(self) -> str:
        """As it stands in a formula: yuan with two decimals, or per cent."""
        return yuan(self.amount) if self.unit == "fen" else percent(self.amount)


@dataclass(frozen=True)
class Step:
    """One step. `code` is its name in `NAMES`; `formula` is written in the letters of its inputs.

    `no` tells steps of one code apart, from 1, where there can be several. `reasons`: rules that gave its numbers.
    """

    code: str
    formula: str
    inputs: tuple[Value, ...]
    result: Value
    no: int | None = None
    reasons: tuple[Reason, ...] = ()

    def filled(self) -> str:
        """The formula with its numbers, as far as it has any."""
        values = {value.symbol: value.text() for value in self.inputs}
        shown = _SYMBOL.sub(lambda found: values.get(found[0], found[0]), self.formula)
        return f"{shown} = {self.result.text()}" if shown else self.result.text()


def percent(bp: int) -> str:
    """Basis points as per cent: 8500 is "85%", 8550 "85.5%"."""
    whole, part = divmod(bp, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%" if part else f"{whole}%"


def name_of(code: str) -> str:
    """What a letter or a step is, in words."""
    return _(NAMES[code])


def reason_text(reason: Reason) -> str:
    """Why a rule gave this number, in words."""
    return _(REASONS[reason.code])


class Way:
    """Collects the steps of one calculation and the amounts they came to."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(
        self,
        code: str,
        result: int,
        formula: str = "",
        *,
        unit: Unit = "fen",
        no: int | None = None,
        reasons: Sequence[Reason] = (),
        **inputs: int,
    ) -> int:
        """Note a step and return its result. Inputs called `ratio` are basis points, all others fen."""
        values = tuple(Value(name, amount, "bp" if name == "ratio" else "fen") for name, amount in inputs.items())
        self.steps.append(Step(code, formula, values, Value(code, result, unit), no, tuple(reasons)))
        return result
