"""What the routes of settlements are sent and answer. Amounts are whole fen."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.insurance.port import Card, CardKind
from server.settlement.insurer import Cover
from server.settlement.rows import Payout, Saga
from server.settlement.service import Settlements
from server.settlement.steps import name_of, steps
from server.settlement.waits import wait_in
from wardlink.ids import Id
from wardlink.money import Fen

Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Beginning(_Said):
    """`key`: the same again is the same settlement. `cover`: how the stay is insured, where that is not known yet.

    `alone`: the patient pays alone, whatever is known of an insurance.
    """

    key: Id
    cover: Cover | None = None
    alone: bool = False


class Going(_Said):
    """`card`: what the patient has just shown, and its `kind`, the token of an e-voucher if none is said.

    It is never on disk.
    """

    card: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(default=None, repr=False)
    kind: CardKind = CardKind.VOUCHER

    def shown(self) -> Card | None:
        """What was shown."""
        return None if self.card is None else Card(self.kind, self.card)


class Audited(_Said):
    """What the bill came to that was checked."""

    total_fen: Fen


class Decided(_Said):
    """Settle by the estimate, or let the patient pay all of it; and why."""

    by_estimate: bool
    reason: Reason


class Confirmed(_Said):
    """The own part that the patient agrees to."""

    cash_fen: Fen


class Paying(_Said):
    """How the patient pays what is missing. `key`: the same again is the same payment."""

    key: Id
    channel: Annotated[str, Field(min_length=1, max_length=20)]


class HandedOut(_Said):
    """How a part of the rest was handed out."""

    way: Literal["cash", "bank"]


class Why(_Said):
    """Why this settlement is ended, taken back, or goes on without the insurance platform."""

    reason: Reason


class StepView(BaseModel):
    """One step: `done`, `now` or `ahead`."""

    name: str
    text: str
    state: Literal["done", "now", "ahead"]


class WaitView(BaseModel):
    """Why it does not go on, and what to do."""

    code: str
    text: str


class DivisionView(BaseModel):
    """Who pays what. `is_estimate`: the insurance was not asked (预估). `expected_…`: what our rules had made of it."""

    source: str
    is_estimate: bool
    total_fen: Fen
    fund_fen: Fen
    account_fen: Fen
    hospital_fen: Fen
    cash_fen: Fen
    reference: str
    expected_fund_fen: int | None
    expected_cash_fen: int | None


class PayoutView(BaseModel):
    """One part of the rest of the deposits. `by_hand`: a person hands it out."""

    no: int
    channel: str
    amount_fen: Fen
    status: str
    way: str | None
    by_hand: bool
    done_at: datetime | None

    @classmethod
    def of(cls, payout: Payout) -> PayoutView:
        """The same, for the wire."""
        return cls(**{name: getattr(payout, name) for name in cls.model_fields})


class SettlementView(BaseModel):
    """A settlement in the language of this context. `missing_fen`: what is still to be paid now."""

    id: str
    encounter: str
    status: str
    step: str
    steps: list[StepView]
    wait: WaitView | None
    lines: int | None
    total_fen: int | None
    division: DivisionView | None
    deposits_fen: int | None
    missing_fen: int
    payouts: list[PayoutView]
    begun_at: datetime
    receipt_no: str | None
    ended_at: datetime | None

    @classmethod
    def of(cls, settlements: Settlements, saga: Saga) -> SettlementView:
        """The same, for the wire. Reads the database."""
        plain = ("id", "encounter", "status", "step", "lines", "total_fen", "deposits_fen")
        also = ("begun_at", "receipt_no", "ended_at")
        return cls(
            steps=step_views(saga),
            wait=wait_view(saga),
            division=division_view(saga),
            missing_fen=settlements.missing_fen(saga),
            payouts=[PayoutView.of(payout) for payout in settlements.payouts(saga.id)],
            **{name: getattr(saga, name) for name in (*plain, *also)},
        )


def step_views(saga: Saga) -> list[StepView]:
    """The steps with what is done. The decision stands among them only where one is needed."""
    estimated = saga.step == "decide" or saga.decided_by is not None
    names = [step.name for step in steps() if step.name != "decide" or estimated]
    at = names.index(saga.step) if saga.step in names else len(names)
    return [
        StepView(name=name, text=name_of(name), state="done" if n < at else "now" if n == at else "ahead")
        for n, name in enumerate(names)
    ]


def wait_view(saga: Saga) -> WaitView | None:
    """Why it does not go on."""
    if saga.wait is None or not saga.is_open:
        return None
    wait = wait_in(saga.wait)
    return WaitView(code=wait.code, text=wait.text())


def division_view(saga: Saga) -> DivisionView | None:
    """Who pays what, once it is known."""
    if saga.division is None:
        return None
    found = saga.divided
    amounts = {name: getattr(found, name) for name in DivisionView.model_fields if name != "is_estimate"}
    return DivisionView(is_estimate=found.source == "estimate", **amounts)
