"""The insurance platform as the server speaks to it. Amounts are fen; each adapter turns them into what its wire wants.

A method that changes something over there raises `ResultUnknown` where no answer came: then it may have happened, or
may still happen, and `dealings` asks or takes it back before anything else is sent. Nothing here sends twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from server.insurance.codes import Grade
from wardlink.errors import Collision, Unreachable
from wardlink.i18n import N_


class PlatformRefused(Collision):
    """The platform has answered, and said no; nothing was changed there. `reason` is in its own words."""

    code = "insurance-refused"
    sentence = N_("The insurance platform has refused this: {reason}")


class PlatformAway(Unreachable):
    """The platform was not reached, or did not answer a question; nothing was changed there."""

    code = "insurance-away"
    sentence = N_("The insurance platform does not answer. Nothing was changed; please try again in a moment.")


class ResultUnknown(Unreachable):
    """Something was sent and no answer has come: it may have happened."""

    code = "insurance-unknown"
    sentence = N_(
        "The insurance platform has not answered, so it is not known whether this was done. "
        "Try again in a minute: the platform is asked first, nothing is done twice."
    )


class NotEntitled(Collision):
    """The platform says that no benefits are paid to this person at present (2001)."""

    code = "insurance-not-entitled"
    sentence = N_("The insurance pays nothing for this person at present. Please ask the insurance office.")


class CardKind(StrEnum):
    """What somebody shows (mdtrt_cert_type): token of the e-voucher 医保电子凭证, ID number, social-security card."""

    VOUCHER = "01"
    ID_NUMBER = "02"
    CARD = "03"


@dataclass(frozen=True)
class Card:
    """What somebody has shown. Never kept: a token lives for a minute, and the others are a person's numbers."""

    kind: CardKind
    number: str = field(repr=False)


@dataclass(frozen=True)
class Cover:
    """One insurance of a person; `area` is the insured place (insuplc_admdvs)."""

    insutype: str
    active: bool
    area: str
    person_type: str
    balance_fen: int
    civil_servant: bool = False


@dataclass(frozen=True)
class Insured:
    """A person as the platform knows them."""

    psn_no: str
    name: str = field(repr=False)
    sex: str
    birth_on: date | None = field(repr=False)
    id_number: str | None = field(repr=False)
    covers: tuple[Cover, ...]


@dataclass(frozen=True)
class Visit:
    """A stay as it is dealt with over there; `mdtrt_id` is empty until it is registered."""

    encounter: str
    admission_no: str
    psn_no: str
    insutype: str
    area: str
    admitted_at: datetime
    discharged_at: datetime | None = None
    mdtrt_id: str = ""
    med_type: str = "21"


@dataclass(frozen=True)
class Fee:
    """A line of the bill. `sn` is its own name and never used again; `quantity_e4` in ten-thousandths."""

    sn: str
    at: datetime
    national: str
    hospital: str
    amount_fen: int
    quantity_e4: int
    price_fen: int


@dataclass(frozen=True)
class FeeAnswer:
    """How the platform has split a line, in fen."""

    sn: str
    amount_fen: int
    own_fen: int
    over_fen: int
    first_fen: int
    scope_fen: int
    grade: Grade


@dataclass(frozen=True)
class Bill:
    """What is settled, in fen: the whole, and its parts as the lines were answered."""

    total: int
    own: int
    over: int
    first: int
    scope: int
    use_account: bool
    invoice: str


@dataclass(frozen=True)
class Settlement:
    """The platform's answer, in fen; `ratio_bp` in basis points. `setl_id` is empty for one that was only tried.

    `funds`: what each further fund pays, by the platform's name. `ratio_bp` is what the wire calls pool_prop_selfpay:
    the share that the pooled fund pays, and no amount.
    """

    setl_id: str
    total: int
    own: int
    over: int
    first: int
    scope: int
    deductible: int
    ratio_bp: int
    pooled: int
    funds: Mapping[str, int]
    fund: int
    hospital: int
    person: int
    account: int
    cash: int
    balance: int

    def doubts(self) -> tuple[str, ...]:
        """Which of the sums do not come out; empty where all do. Doubtful or not, the answer stands."""
        held = {
            "total = own + over + first + scope": self.total == self.own + self.over + self.first + self.scope,
            "total = fund + person + hospital": self.total == self.fund + self.person + self.hospital,
            "person = account + cash": self.person == self.account + self.cash,
            "fund = pooled + funds": self.fund == self.pooled + sum(self.funds.values()),
        }
        return tuple(name for name, holds in held.items() if not holds)


@dataclass(frozen=True)
class AccountLine:
    """A settlement that stands, for the account of its day; amounts in fen."""

    setl_id: str
    mdtrt_id: str
    psn_no: str
    total: int
    fund: int
    account: int


class Log(Protocol):
    """Where an adapter writes down what it sends before it goes out, and what came back."""

    def sent(self, infno: str, make: Callable[[int, datetime], tuple[str, Mapping[str, Any]]]) -> None:
        """Write down a message; `make` gives its id and its body from a number that none before had, and the time."""

    def answered(self, reply: Mapping[str, Any], reference: str | None) -> None:
        """An answer to it has come."""


class InsurancePlatform(Protocol):
    """What an insurance platform can do for a stay. Errors of each: `PlatformRefused`, `PlatformAway`, and where it
    changes something, `ResultUnknown`."""

    def person(self, card: Card, log: Log) -> Insured:
        """Who shows this card (1101)."""

    def entitled(self, visit: Visit, on: date, log: Log) -> bool:
        """Whether benefits are paid to this person on that day (2001)."""

    def register(self, visit: Visit, card: Card, log: Log) -> str:
        """Report an admission; its `mdtrt_id` (2401)."""

    def change(self, visit: Visit, log: Log) -> None:
        """Report that an admission has changed (2403)."""

    def unregister(self, visit: Visit, log: Log) -> None:
        """Take an admission back (2404)."""

    def upload(self, visit: Visit, fees: Sequence[Fee], log: Log) -> list[FeeAnswer]:
        """Send lines of the bill (2301)."""

    def withdraw(self, visit: Visit, log: Log) -> None:
        """Take all lines back (2302)."""

    def discharge(self, visit: Visit, log: Log) -> None:
        """Report a discharge (2402)."""

    def undischarge(self, visit: Visit, log: Log) -> None:
        """Take a discharge back (2405)."""

    def presettle(self, visit: Visit, bill: Bill, card: Card, log: Log) -> Settlement:
        """What a settlement would come to; changes nothing (2303)."""

    def settle(self, visit: Visit, bill: Bill, card: Card, log: Log) -> Settlement:
        """Settle (2304)."""

    def unsettle(self, visit: Visit, setl_id: str, log: Log) -> None:
        """Take a settlement back (2305)."""

    def settlement(self, visit: Visit, log: Log) -> Settlement | None:
        """The settlement of this stay that stands over there; None if there is none (5203)."""

    def account(self, insutype: str, on: date, lines: Sequence[AccountLine], log: Log) -> bool:
        """Whether the platform's sums of a day are those of these settlements (3201)."""

    def account_lines(self, insutype: str, on: date, lines: Sequence[AccountLine], log: Log) -> None:
        """Ask which of these settlements of a day differ (3202); the answer stands in the log."""

    def reverse(self, visit: Visit, msgid: str, infno: str, log: Log) -> None:
        """Let a message that got no answer not have happened, nor happen later (2601)."""
