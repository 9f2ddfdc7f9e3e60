"""What a bed's terminal is told of its patient's bill. Amounts in fen; names in the language that was asked for."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from wardlink.ids import Id
from wardlink.messages.base import Instant


class BillDay(BaseModel):
    """A day on which something was charged, and what it came to."""

    day: date
    amount_fen: int


class BillView(BaseModel):
    """How a stay stands. `available_fen`: of the deposit, after what was charged. `runway_days`: for so many days it
    will do at the rate of these days; None where nobody knows yet."""

    encounter: Id
    days: tuple[BillDay, ...]
    total_fen: int
    deposit_fen: int
    available_fen: int
    runway_days: int | None


class BillLine(BaseModel):
    """One line, by the id of its entry in the ledger. `by`: who did it, where the record tells, else who ordered it.
    What takes a line back is below zero."""

    id: Id
    at: Instant
    name: str
    spec: str
    quantity: str
    unit: str
    amount_fen: int
    insurance_class: str
    by: str | None


class BillGroup(BaseModel):
    """The lines of one category of fees, with their sum."""

    name: str
    amount_fen: int
    lines: tuple[BillLine, ...]


class BillOfDay(BaseModel):
    """A day's list. `is_over`: the day is; until then more may come."""

    day: date
    is_over: bool
    total_fen: int
    groups: tuple[BillGroup, ...]


class EstimateStep(BaseModel):
    """A step of the calculation: its name, its formula with the numbers in it, and the result: fen, or 1/10000."""

    name: str
    filled: str
    result: int
    unit: str


class BillCover(BaseModel):
    """How somebody is insured, as the rules have it for this stay. `scheme`: in words.

    `deductible_left_fen`: what of it this stay has not used up; `cap_left_fen`: what the fund may still pay this year.
    """

    scheme: str
    deductible_left_fen: int
    ratio_bp: int
    cap_left_fen: int


class BillEstimate(BaseModel):
    """What the insurance is expected to pay of the stay so far; the platform's answer decides, not this."""

    total_fen: int
    fund_fen: int
    person_fen: int
    cash_fen: int
    note: str | None
    steps: tuple[EstimateStep, ...]
    cover: BillCover | None = None
