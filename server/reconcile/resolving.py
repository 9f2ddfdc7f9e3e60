"""How a person may work a difference off, and what each way books.

What both sides say stays as it is found; the ledger alone moves, by one entry that names the difference. Nothing is
booked twice: money that nobody knew is booked under the channel's number for it, whichever page it is worked off on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Table, select

from server.money.accounts import BAD_DEBT, clearing
from server.money.deposits import deposit_in, unwanted_in
from server.money.ledger import Posting, post
from server.patients.models import Encounter
from server.payments.cases import stray_key
from server.payments.rows import order_called
from server.reconcile.rows import DifferenceView
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]

Resolution = Literal["taken", "held", "returned", "written-off", "explained"]
RESOLUTIONS: tuple[Resolution, ...] = get_args(Resolution)

_NOT_SO = N_("This difference cannot be worked off in this way.")
_WHOSE = N_("Please give the admission number of the stay whose deposit this is.")
_NOT_PAID = N_("By our books this payment has not come in. Compare the day again: then the channel is asked.")


@dataclass(frozen=True)
class Working:
    """Who works a difference off, and when. `admission_no`: whose money it is, where nobody knew."""

    actor: str
    at: datetime
    admission_no: str = ""


def ways_of(difference: DifferenceView) -> tuple[Resolution, ...]:
    """The ways in which this difference may be worked off.

    Source: ward domain sheet 7.5: `channel_only` is credited late or given back, `local_only` is fixed or reversed.
    What is explained or given back at the channel's own desk books nothing here. [D]
    """
    payment = difference.subject == "payment"
    if difference.kind == "channel_only" and payment and (difference.channel_fen or 0) > 0:
        return (
            ("taken", "returned", "explained") if difference.pay_order else ("taken", "held", "returned", "explained")
        )
    if payment and difference.pay_order is not None and lost_fen(difference) > 0:
        return ("explained", "written-off")
    return ("returned", "explained") if difference.subject == "refund" else ("explained",)


def lost_fen(difference: DifferenceView) -> int:
    """What our books have more of a payment than the channel will ever pay out, in fen; below nothing: less."""
    return (difference.our_fen or 0) - (difference.channel_fen or 0)


def book(conn: Connection, difference: DifferenceView, way: Resolution, working: Working) -> str | None:
    """Book what this way of working a difference off means; the stay whose money has moved, if one's has.

    Raises:
        Collision: it cannot be worked off so, or our books do not bear it out.
        InvalidInput: nobody says whose money it is.
        NotFound: there is no such stay.
    """
    if way not in ways_of(difference):
        raise Collision(_NOT_SO)
    act = _BOOKS.get(way)
    return None if act is None else act(conn, difference, working)


def _taken(conn: Connection, difference: DifferenceView, working: Working) -> str | None:
    if difference.pay_order is not None:
        order = order_called(conn, difference.pay_order)
        if not order.is_paid:
            raise Collision(_NOT_PAID)
        return order.encounter
    encounter = _stay(conn, working.admission_no)
    deposit_in(conn, encounter=encounter, **_money(difference, working))
    return encounter


def _held(conn: Connection, difference: DifferenceView, working: Working) -> str | None:
    unwanted_in(conn, encounter=None, **_money(difference, working))
    return None


def _written_off(conn: Connection, difference: DifferenceView, working: Working) -> str | None:
    encounter, fen = order_called(conn, str(difference.pay_order)).encounter, lost_fen(difference)
    post(
        conn,
        key=f"reconcile-written-off:{difference.id}",
        kind="transfer",
        at=working.at,
        encounter=encounter,
        actor=working.actor,
        postings=[Posting(BAD_DEBT, fen, encounter), Posting(clearing(difference.channel), -fen)],
        source=f"reconcile_difference:{difference.id}",
    )
    return encounter


_BOOKS: Mapping[Resolution, Callable[[Connection, DifferenceView, Working], str | None]] = {
    "taken": _taken,
    "held": _held,
    "written-off": _written_off,
}


def _money(difference: DifferenceView, working: Working) -> dict[str, Any]:
    return {
        "amount_fen": difference.channel_fen,
        "channel": difference.channel,
        "key": stray_key(difference.channel, difference.number),
        "at": working.at,
        "actor": working.actor,
        "source": f"reconcile_difference:{difference.id}",
    }


def _stay(conn: Connection, admission_no: str) -> str:
    if not admission_no:
        raise InvalidInput(_WHOSE)
    found = conn.execute(select(_ENCOUNTER.c.id).where(_ENCOUNTER.c.admission_no == admission_no)).scalar()
    if found is None:
        raise NotFound(what="stay", name=admission_no[:20])
    return str(found)
