"""Who pays what of a bill: the insurance platform behind a port, and our own rules where there is none.

SettlementFault
├── InsurerAway      it does not answer: what was asked may or may not have happened
├── InsurerRefused   it has answered, and says no
├── InsurerDoubtful  it has answered, and its sums do not come out
└── CardNeeded       it must be shown the patient's card first
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Row

from server.insurance.book import RuleBook
from server.insurance.claim import Claim, Line
from server.insurance.codes import Filing, Grade, Level, Scheme, Status
from server.insurance.engine import Estimate, estimate
from server.insurance.keeping import insured_stay, standing
from server.insurance.port import Card
from server.insurance.ruleset import Case
from wardlink.errors import Collision, Unreachable
from wardlink.i18n import N_
from wardlink.money import Fen

_GRADES = {"A": Grade.A, "B": Grade.B, "C": Grade.C}

Source = Literal["platform", "estimate", "self"]
"""Who says who pays what: the platform, our own estimate of it, or nobody but the price list."""


class InsurerAway(Unreachable):
    """No answer came."""

    code = "insurer-away"
    sentence = N_(
        "The insurance platform does not answer. It is asked again before anything else is sent; please wait."
    )


class InsurerRefused(Collision):
    """The platform will not do it; `reason` is in its own words."""

    code = "insurer-refused"
    sentence = N_("The insurance platform has refused this: {reason}. Please tell the insurance office.")


class InsurerDoubtful(Collision):
    """What it answers does not add up to the bill; the answer is kept, and a person must look at it."""

    code = "insurer-doubtful"
    sentence = N_(
        "The sums of the insurance platform do not come out ({sums}). Its answer is kept; please tell the insurance"
        " office."
    )


class CardNeeded(Collision):
    """The platform wants to be shown the card of the patient."""

    code = "card"
    sentence = N_("Please have the patient show the insurance voucher or card, and go on.")


class Cover(BaseModel):
    """How a stay is insured. `online`: the platform is asked; else our own rules estimate."""

    model_config = ConfigDict(extra="forbid")

    scheme: Scheme
    status: Status
    filing: Filing = Filing.LOCAL
    admission_no: int = Field(default=1, ge=1, le=99)
    balance_fen: Fen = 0
    cap_used_fen: Fen = 0
    critical_before_fen: Fen = 0
    use_account: bool = True
    online: bool = False


def cover_of(conn: Connection, encounter: str) -> Cover | None:
    """How a stay is insured, as staff or the platform have said; None: nobody has, so the patient pays alone.

    `online` where the platform knows the person and has not settled the stay yet: it settles a stay once.
    """
    row = insured_stay(conn, encounter)
    if row is None:
        return None
    return Cover(
        scheme=row.scheme,
        status=row.status,
        filing=row.filing,
        admission_no=row.admission_no,
        balance_fen=row.balance_fen
        if row.account_allowed_fen is None
        else min(row.balance_fen, row.account_allowed_fen),
        cap_used_fen=row.cap_used_fen,
        critical_before_fen=row.critical_before_fen,
        online=row.psn_no is not None and standing(conn, encounter) is None,
    )


@dataclass(frozen=True)
class Division:
    """Who pays what of a bill, in fen. `cash_fen` is the patient's own part, from the deposits or now.

    `reference`: the platform's number of the settlement; empty for one that was only tried. `expected_fund_fen` and
    `expected_cash_fen`: what our own rules had made of it, where there are such rules.
    """

    source: Source
    total_fen: int
    fund_fen: int
    account_fen: int
    hospital_fen: int
    cash_fen: int
    reference: str = ""
    ruleset: str = ""
    expected_fund_fen: int | None = None
    expected_cash_fen: int | None = None

    def __post_init__(self) -> None:
        """Check the sums.

        Raises:
            ValueError: the parts are not the whole, or one is below zero.
        """
        parts = (self.fund_fen, self.account_fen, self.hospital_fen, self.cash_fen)
        if min(parts) < 0 or sum(parts) != self.total_fen:
            raise ValueError("the parts of a bill add up to it")

    @property
    def insurance_fen(self) -> int:
        """What the insurance owes the hospital: from its funds, and from the patient's account there."""
        return self.fund_fen + self.account_fen

    def as_json(self) -> dict[str, Any]:
        """The same, for a column."""
        return asdict(self)


@dataclass(frozen=True)
class Bill:
    """A closed bill. `lines`: those that stand, as the books have them. `card`: what the patient has just shown.

    `expected`: what our own rules make of it, to be kept beside the platform's answer.
    """

    settlement: str
    encounter: str
    cover: Cover
    lines: Sequence[Row[Any]]
    by: str
    card: Card | None = field(default=None, repr=False)
    expected: Estimate | None = field(default=None, repr=False)

    @property
    def total_fen(self) -> int:
        """What all of it comes to."""
        return sum(row.amount_fen for row in self.lines)


class Insurer(Protocol):
    """The insurance platform as a settlement needs it. Each may raise the faults of this module."""

    def upload(self, bill: Bill) -> None:
        """Let exactly these lines stand over there; the same again changes nothing."""

    def presettle(self, bill: Bill) -> Division:
        """Who would pay what; changes nothing."""

    def settle(self, bill: Bill) -> Division:
        """Settle. Only called where `found` has said that there is no settlement."""

    def found(self, bill: Bill) -> Division | None:
        """The settlement of this bill that stands over there; None: it was never done, nor will be."""

    def unsettle(self, bill: Bill) -> None:
        """Take the settlement of this bill back; nothing where none stands."""


def alone(total_fen: int) -> Division:
    """A patient who pays alone."""
    return Division("self", total_fen, 0, 0, 0, total_fen)


class LocalRules:
    """Our own estimate, by the rules of `area` for a hospital of `level`."""

    def __init__(self, book: Callable[[], RuleBook], *, area: str, level: Level) -> None:
        """Ask `book` for the rules that hold whenever they are needed."""
        self._book = book
        self._area = area
        self._level = level

    def estimate(self, bill: Bill, *, on: date, age: int) -> Division:
        """What the insurance is expected to pay. See `expected`."""
        found = self.expected(bill, on=on, age=age)
        return Division(
            "estimate",
            found.total,
            found.fund,
            found.account,
            found.hospital,
            found.cash,
            ruleset=found.ruleset,
        )

    def expected(self, bill: Bill, *, on: date, age: int) -> Estimate:
        """The same with every sum on the way.

        Raises:
            NoRules: there are no rules for that day.
            InvalidInput: the rules know no such case.
        """
        cover = bill.cover
        claim = Claim(
            lines=tuple(Line(row.amount_fen, _GRADES[row.insurance_class], _share(row)) for row in bill.lines),
            cap_used_fen=cover.cap_used_fen,
            critical_before_fen=cover.critical_before_fen,
            account_balance_fen=cover.balance_fen,
            account_allowed_fen=None if cover.use_account else 0,
        )
        case = Case(cover.scheme, cover.status, self._level, age, cover.filing, cover.admission_no)
        return estimate(claim, case, self._book().on(self._area, on))


def _share(row: Row[Any]) -> int:
    share: int = row.self_pay_bp
    return share if row.insurance_class == "B" else 0
