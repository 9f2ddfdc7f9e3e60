"""Daily accounts with the insurance platform: our sums against its own (3201), and where they differ, which (3202).

The memory is the journal of messages: what was asked, with which sums, and what was answered stands there already. A
difference stays open until a person says why it is dealt with; nothing is ever taken out. What is compared is what
stands today of the settlements of a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, select

from server.core import Core
from server.identity import audit
from server.insurance.journal import Exchange, end
from server.insurance.keeping import INSUTYPES, SETTLEMENT, STAY
from server.insurance.models import InsuranceMessage
from server.insurance.port import AccountLine, InsurancePlatform
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_

_MESSAGE: Table = InsuranceMessage.__table__  # type: ignore[attr-defined]

LOOKS_BACK = timedelta(days=90)

State = Literal["agrees", "open", "closed"]

_NOT_OVER = N_("This day is not over yet. An account is asked for once it is.")
_REASON = N_("Please say why.")
_NOTHING_OPEN = N_("This account agrees, or somebody has dealt with it already.")


@dataclass(frozen=True)
class Account:
    """A day of one insurance. Amounts are yuan as they were sent; `rows`: those that differ, as they were answered."""

    no: int
    on: date
    insutype: str
    asked_at: datetime
    count: str
    total: str
    fund: str
    words: str
    rows: Sequence[Mapping[str, Any]]
    state: State


class Accounts:
    """The accounts of one hospital."""

    def __init__(self, core: Core, platform: InsurancePlatform) -> None:
        self.core = core
        self._platform = platform

    def ask(self, on: date, *, actor: str) -> None:
        """Compare a day, each insurance for itself; again whenever somebody wants to.

        Raises:
            InvalidInput: the day is not over.
            PlatformAway: the platform does not answer.
            PlatformRefused: it will not compare.
        """
        if on >= ward_date(self.core.clock.now()):
            raise InvalidInput(_NOT_OVER)
        for scheme, insutype in INSUTYPES.items():
            with self.core.db.read() as conn:
                lines = _lines(conn, on, scheme)
            if not self._platform.account(insutype, on, lines, self._log(actor)):
                self._platform.account_lines(insutype, on, lines, self._log(actor))

    def close(self, no: int, *, reason: str, actor: str) -> None:
        """A person has dealt with a difference, and says how. Audited.

        Raises:
            NotFound: there is no such account.
            Collision: nothing is open there.
            InvalidInput: without a reason.
        """
        if not reason.strip():
            raise InvalidInput(_REASON)
        with self.core.db.write() as conn:
            row = conn.execute(select(_MESSAGE).where(_MESSAGE.c.no == no).with_for_update()).first()
            if row is None or _stated(row) is None:
                raise NotFound(what="entry", name=str(no))
            if _agrees(row) or row.state != "answered":
                raise Collision(_NOTHING_OPEN)
            now = self.core.clock.now()
            end(conn, no, "decided", now)
            audit.append(
                conn,
                at=now,
                actor=actor,
                device=None,
                action="insurance-account-closed",
                what=f"account {no}",
                encounter=None,
                command=None,
                detail={"reason": reason.strip()[:200]},
            )

    def asked(self, on: date) -> bool:
        """Whether a day was compared."""
        with self.core.db.read() as conn:
            return any(account.on == on for account in accounts(conn, self.core.clock.now()))

    def _log(self, actor: str) -> Exchange:
        return Exchange(self.core.db, self.core.clock, encounter=None, actor=actor)


def accounts(conn: Connection, now: datetime) -> list[Account]:
    """The accounts of the last 90 days, the latest day first; of each day and insurance the latest answer."""
    query = (
        select(_MESSAGE)
        .where(_MESSAGE.c.infno.in_(("3201", "3202")), _MESSAGE.c.at > now - LOOKS_BACK)
        .order_by(_MESSAGE.c.no)
    )
    found: dict[tuple[str, str], Account] = {}
    for row in conn.execute(query):
        asked = row.request["input"]["data"]
        key = (asked["stmt_begndate"], asked["insutype"])
        if row.infno == "3201" and _stated(row) is not None:
            found[key] = _account(row, asked)
        elif row.infno == "3202" and key in found and row.reply is not None:
            rows = row.reply.get("output", {}).get("result", [])
            found[key] = Account(**{**found[key].__dict__, "rows": rows})
    return sorted(found.values(), key=lambda each: (each.on, each.insutype), reverse=True)


def _account(row: Row[Any], asked: Mapping[str, Any]) -> Account:
    state: State = "agrees" if _agrees(row) else "closed" if row.state == "decided" else "open"
    return Account(
        no=row.no,
        on=date.fromisoformat(asked["stmt_begndate"]),
        insutype=asked["insutype"],
        asked_at=row.at,
        count=asked["fixmedins_setl_cnt"],
        total=asked["medfee_sumamt"],
        fund=asked["fund_pay_sumamt"],
        words=str((_stated(row) or {}).get("stmt_rslt_dscr", "")),
        rows=(),
        state=state,
    )


def _stated(row: Row[Any]) -> Mapping[str, Any] | None:
    found = (row.reply or {}).get("output", {}).get("stmtinfo")
    return found if isinstance(found, Mapping) else None


def _agrees(row: Row[Any]) -> bool:
    return str((_stated(row) or {}).get("stmt_rslt")) == "0"


def _lines(conn: Connection, on: date, scheme: str) -> list[AccountLine]:
    """What stands of the settlements of a day."""
    query = (
        select(SETTLEMENT, STAY.c.psn_no, STAY.c.mdtrt_id)
        .join(STAY, STAY.c.encounter == SETTLEMENT.c.encounter)
        .where(SETTLEMENT.c.undone_at.is_(None), STAY.c.scheme == scheme)
        .order_by(SETTLEMENT.c.setl_id)
    )
    return [
        AccountLine(
            row.setl_id, row.mdtrt_id, row.psn_no, row.answer["total"], row.answer["fund"], row.answer["account"]
        )
        for row in conn.execute(query)
        if ward_date(row.at) == on
    ]
