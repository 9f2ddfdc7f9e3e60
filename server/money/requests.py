"""What the routes of money are sent and answer. Amounts are whole fen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy import Row

from server.money.accounts import categories
from server.money.daily import DayList, quantity, said
from server.money.policy import AgreementKind, ArrearsLevel, Ground
from server.money.prices import E4, Item
from server.money.standing import Standing
from wardlink.i18n import language
from wardlink.ids import Id
from wardlink.messages.base import Instant
from wardlink.money import PositiveFen, share

Reason = Annotated[str, Field(min_length=1, max_length=200)]
Quantity = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=4, allow_inf_nan=False)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CashIn(_Said):
    """Cash for a deposit. `key`: send the same one again after a lost answer; it is booked once."""

    key: Id
    amount_fen: PositiveFen
    note: Reason | None = None


class Second(_Said):
    """The second person, who stands there as well and signs with badge and PIN."""

    badge: Annotated[str, Field(min_length=1, max_length=40)]
    pin: SecretStr = Field(min_length=1, max_length=64)


class CashOut(_Said):
    """Cash given back of a deposit, why, and who agrees to it. `key` as above."""

    key: Id
    amount_fen: PositiveFen
    reason: Reason
    agreed_by: Second


class ChargeRequest(_Said):
    """Something that no record stands for, and why it is charged. `at`: when it happened; now, if nothing is said."""

    key: Id
    item: Annotated[str, Field(min_length=1, max_length=40)]
    quantity: Quantity = Decimal(1)
    reason: Reason
    at: Instant | None = None

    @property
    def quantity_e4(self) -> int:
        """The quantity in ten-thousandths."""
        return int(self.quantity * E4)


class ReverseRequest(_Said):
    """Why a line is taken back."""

    reason: Reason


class AgreeRequest(_Said):
    """What is agreed, on which ground, and why. `credit_fen`: how much more than the deposit may be used."""

    key: Id
    kind: AgreementKind
    ground: Ground
    credit_fen: PositiveFen | None = None
    reason: Reason


class AgreementView(BaseModel):
    """What was agreed about a stay."""

    id: str
    kind: str
    ground: str
    credit_fen: int | None
    reason: str
    at: datetime
    actor: str


class StandingView(BaseModel):
    """How a stay stands. `runway_days`: for how many days the rest will do; missing where nobody knows yet.

    `from_insurance_fen`: what of the charges an insurance is expected to pay (预估); it is not asked of the patient.
    """

    encounter: str
    deposit_fen: int
    unsettled_fen: int
    from_insurance_fen: int
    available_fen: int
    credit_fen: int
    per_day_fen: int | None
    runway_days: int | None
    level: ArrearsLevel
    agreements: list[AgreementView]

    @classmethod
    def of(cls, encounter: str, found: Standing) -> StandingView:
        """The same, for the wire."""
        agreements = [
            AgreementView(**{name: getattr(row, name) for name in AgreementView.model_fields})
            for row in found.agreements
        ]
        plain = {name: getattr(found, name) for name in cls.model_fields if name not in ("encounter", "agreements")}
        return cls(encounter=encounter, agreements=agreements, **plain)


class Booked(BaseModel):
    """How the stay stands afterwards. `outcome`: was it done only now?"""

    outcome: Literal["applied", "already-applied"]
    standing: StandingView


class LineView(BaseModel):
    """One line of what a stay costs. What takes another line back has a quantity and an amount below zero."""

    entry: str
    charged_on: date
    at: datetime
    booked_at: datetime
    source_kind: str
    source_id: str
    item: str
    national: str
    name: str
    spec: str
    unit: str
    quantity: str
    price_fen: int
    amount_fen: int
    category: str
    insurance_class: str
    self_pay_bp: int
    self_pay_fen: int
    doctor: str | None
    department: str
    by_hand: bool
    reason: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> LineView:
        """The same, for the wire, named in the language of this context."""
        made = {
            "name": row.name_zh if language() == "zh_CN" else row.name_en,
            "quantity": quantity(row.quantity_e4),
            "self_pay_fen": share(row.amount_fen, row.self_pay_bp),
            "reason": said(row.reason),
        }
        return cls(**made, **{name: getattr(row, name) for name in cls.model_fields if name not in made})


class Subtotal(BaseModel):
    """What one category of fees comes to."""

    category: str
    name: str
    amount_fen: int


class DayView(BaseModel):
    """The list of a day."""

    encounter: str
    day: date
    is_over: bool
    lines: list[LineView]
    subtotals: list[Subtotal]
    total_fen: int
    running_fen: int
    deposit_fen: int
    available_fen: int

    @classmethod
    def of(cls, found: DayList) -> DayView:
        """The same, for the wire."""
        chinese = language() == "zh_CN"
        subtotals = [
            Subtotal(
                category=code,
                name=categories()[code].name_zh if chinese else categories()[code].name_en,
                amount_fen=amount_fen,
            )
            for code, amount_fen in found.subtotals.items()
        ]
        made = {"lines": [LineView.of(row) for row in found.lines], "subtotals": subtotals}
        return cls(**made, **{name: getattr(found, name) for name in cls.model_fields if name not in made})


class DaySum(BaseModel):
    """A day on which something was charged, and what it came to."""

    day: date
    amount_fen: int


class UnchargedView(BaseModel):
    """Something that was done and cannot be charged: `why` says what a person must see to."""

    source_kind: str
    source_id: str
    item: str
    at: datetime
    why: str


class StayMoney(BaseModel):
    """A stay of a ward and how it stands."""

    bed: str
    name: str
    standing: StandingView


class StayFound(BaseModel):
    """A stay as a cashier finds it by its number."""

    encounter: str
    admission_no: str
    name: str
    ward: str
    bed: str
    status: str


class PriceView(BaseModel):
    """An item of the price list; `price_fen` is missing where it has no price on that day."""

    item: str
    national: str
    name: str
    spec: str
    unit: str
    category: str
    insurance_class: str
    self_pay_bp: int
    price_fen: int | None

    @classmethod
    def of(cls, item: Item, day: date) -> PriceView:
        """The same, for the wire."""
        made = {"item": item.code, "name": item.name(), "price_fen": item.fen_on(day)}
        return cls(**made, **{name: getattr(item, name) for name in cls.model_fields if name not in made})
