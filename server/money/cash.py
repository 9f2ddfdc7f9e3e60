"""Cash over the counter: taken for a deposit, and given back with two people. One way for the API and the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from server.core import Core
from server.identity import audit
from server.identity.roles import Right
from server.identity.second import signed_by
from server.identity.staff import Person
from server.money.deposits import deposit_in, deposit_refund
from server.patients.routes import known
from server.words import plain
from wardlink.errors import NotAllowed
from wardlink.i18n import N_

MOST_WORDS = 200

_SECOND_PERSON = N_("Somebody else than the one who asked for it must agree to a refund.")


@contextmanager
def moving(
    core: Core, person: Person, encounter: str, right: Right, action: str, **detail: Any
) -> Iterator[Connection]:
    """A transaction that moves the money of a stay, for those who may; audited in itself.

    Raises:
        NotFound: there is no such stay.
        NoRight: this person may not.
    """
    with core.db.write() as conn:
        known(conn, encounter, person, right)
        yield conn
        audit.note(core, conn, person, action, "money", encounter=encounter, **detail)


def take_cash(
    core: Core, cashier: Person, encounter: str, *, amount_fen: int, key: str, note: str | None = None
) -> bool:
    """For a deposit; False when it was booked under `key` already.

    Raises:
        NotFound, NoRight: see `moving`.
        AmountInvalid, Collision: see `deposit_in`.
    """
    with moving(core, cashier, encounter, "money.write", "deposit-in", amount_fen=amount_fen, key=key) as conn:
        return deposit_in(
            conn,
            encounter=encounter,
            amount_fen=amount_fen,
            channel="cash",
            key=f"cash-in:{key}",
            at=core.clock.now(),
            actor=str(cashier.actor),
            note=note and plain(note, most=MOST_WORDS),
        )


def give_cash_back(
    core: Core,
    cashier: Person,
    encounter: str,
    *,
    amount_fen: int,
    key: str,
    reason: str,
    badge: str,
    pin: str,
    origin: str | None,
) -> bool:
    """At most what is held and not needed for what was charged; False when it was booked under `key` already.

    `badge` and `pin` are of the second person, who stands there as well.

    Raises:
        NotFound, NoRight: see `moving`; also for the second person.
        SignInFailed: badge and PIN do not match.
        NotAllowed: they are one person.
        AmountInvalid, Collision: see `deposit_refund`.
    """
    cashier.demand("money.refund")
    second = signed_by(core, badge, pin, origin=origin)
    if second.id == cashier.id:
        raise NotAllowed(_SECOND_PERSON)
    how = {"amount_fen": amount_fen, "key": key, "agreed_by": str(second.actor)}
    with moving(core, cashier, encounter, "money.refund", "deposit-refund", **how) as conn:
        known(conn, encounter, second, "pay.refund")
        return deposit_refund(
            conn,
            encounter=encounter,
            amount_fen=amount_fen,
            channel="cash",
            key=f"cash-out:{key}",
            at=core.clock.now(),
            actor=str(cashier.actor),
            note=plain(reason, most=MOST_WORDS),
        )
