"""The chart of accounts, the channels that money comes through and the categories of fees: data of `accounts.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from server.money.tables import load

DEPOSIT = "deposit"
RECEIVABLE = "receivable"
INSURANCE = "insurance"
REFUNDS_DUE = "refunds-due"
SUSPENSE = "suspense"
BANK = "bank"
FEES = "fees"
HOSPITAL_BORNE = "hospital-borne"
BAD_DEBT = "bad-debt"

AccountKind = Literal["asset", "liability", "income", "expense"]


@dataclass(frozen=True)
class Account:
    """One account. `of_encounter`: every posting to it names a stay."""

    code: str
    kind: AccountKind
    of_encounter: bool
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Channel:
    """A way that money comes and goes. `instant`: it has changed hands when it is written down."""

    code: str
    name_zh: str
    name_en: str
    instant: bool


@dataclass(frozen=True)
class Category:
    """A category of fees; `national` is its number in the national interface (med_chrgitm_type)."""

    code: str
    name_zh: str
    name_en: str
    national: str


@cache
def channels() -> Mapping[str, Channel]:
    """The channels by their codes."""
    return {
        code: Channel(code, row["name_zh"], row["name_en"], row.get("instant", False))
        for code, row in load("accounts")["channels"].items()
    }


@cache
def categories() -> Mapping[str, Category]:
    """The categories of fees by their codes, in the order of an invoice."""
    return {
        code: Category(code, row["name_zh"], row["name_en"], row["code"])
        for code, row in load("accounts")["categories"].items()
    }


@cache
def accounts() -> Mapping[str, Account]:
    """Every account that may be posted to, by its code."""
    return {account.code: account for code, row in load("accounts")["accounts"].items() for account in _made(code, row)}


def clearing(channel: str) -> str:
    """The account of what a channel holds for the hospital.

    Raises:
        ValueError: there is no such channel.
    """
    return _known(f"clearing.{channel}")


def income(category: str) -> str:
    """The account of what was earned with fees of a category.

    Raises:
        ValueError: there is no such category.
    """
    return _known(f"income.{category}")


def _known(code: str) -> str:
    if code not in accounts():
        raise ValueError(f"there is no account {code}")
    return code


def _made(code: str, row: Mapping[str, Any]) -> Iterator[Account]:
    families: dict[str, Iterable[Channel | Category]] = {
        "channel": channels().values(),
        "category": categories().values(),
    }
    if "per" not in row:
        yield Account(code, row["kind"], row["encounter"], row["name_zh"], row["name_en"])
    for member in families.get(row.get("per", ""), ()):
        yield Account(
            f"{code}.{member.code}",
            row["kind"],
            row["encounter"],
            f"{row['name_zh']}·{member.name_zh}",
            f"{row['name_en']}: {member.name_en}",
        )
