"""Accounts with the insurance platform over HTTP: what was compared, ask again, and how a difference was dealt with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from server.http import CoreOf, staff_with
from server.identity.staff import Person
from server.insurance.accounts import Account, Accounts, State, accounts
from server.insurance.routes import InsuranceOf
from server.insurance.service import NoPlatform

router = APIRouter(prefix="/api/v1/insurance/accounts", tags=["insurance"])

Clerk = Annotated[Person, Depends(staff_with("pay.reconcile"))]


class Dealt(BaseModel):
    """How a difference was dealt with."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=200)


class AccountView(BaseModel):
    """A day of one insurance, as it was sent and answered; amounts in yuan. `rows` are those that differ."""

    no: int
    on: date
    insutype: str
    asked_at: datetime
    count: str
    total: str
    fund: str
    words: str
    state: State
    rows: list[Mapping[str, Any]]

    @classmethod
    def of(cls, found: Account) -> AccountView:
        """The same, for the wire."""
        return cls(**{**found.__dict__, "rows": list(found.rows)})


def accounts_of(insurance: InsuranceOf) -> Accounts:
    """The accounts of this server.

    Raises:
        NoPlatform: it has no insurance platform.
    """
    if insurance.accounts is None:
        raise NoPlatform
    return insurance.accounts


AccountsOf = Annotated[Accounts, Depends(accounts_of)]


@router.get("", summary="Daily accounts with the insurance platform")
def listed(core: CoreOf, clerk: Clerk) -> list[AccountView]:
    """Of the last 90 days, the latest first."""
    with core.db.read() as conn:
        found = accounts(conn, core.clock.now())
    core.audit("list", actor=str(clerk.actor), what="insurance accounts")
    return [AccountView.of(each) for each in found]


@router.post("/{on}/ask", summary="Compare a day with the insurance platform")
def ask(core: CoreOf, clerk: Clerk, found: AccountsOf, on: date) -> list[AccountView]:
    """By hand; the server does it by itself every morning."""
    found.ask(on, actor=str(clerk.actor))
    core.audit("insurance-account", actor=str(clerk.actor), what=f"account of {on}")
    with core.db.read() as conn:
        return [AccountView.of(each) for each in accounts(conn, core.clock.now()) if each.on == on]


@router.post("/{no}/close", summary="Say how a difference was dealt with")
def close(core: CoreOf, clerk: Clerk, found: AccountsOf, no: int, body: Dealt) -> list[AccountView]:
    """With a reason; what is open is shown afterwards."""
    found.close(no, reason=body.reason, actor=str(clerk.actor))
    with core.db.read() as conn:
        return [AccountView.of(each) for each in accounts(conn, core.clock.now()) if each.state == "open"]
