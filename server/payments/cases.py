"""Money that fits nothing and waits for a person: another amount than was asked, a stranger's, a refund refused.

What is settled by itself never comes here. A person's word is one row under the case's own name, written with what it
books in one transaction, so that two cashiers cannot both say it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Table, and_, insert, select
from sqlalchemy.exc import IntegrityError

from server.identity import audit
from server.identity.staff import Person
from server.money.deposits import deposit_in, refund_done, unwanted_in
from server.patients.models import Encounter, Patient
from server.payments.booking import SYSTEM, move, write_refund
from server.payments.models import PayHandled
from server.payments.port import ChannelAway, Found, Trade
from server.payments.rows import NOTICE, ORDER, REFUND, Order, order_called, refund_called
from server.payments.service import Payments
from server.payments.states import refund_machine
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_

HANDLED: Table = PayHandled.__table__  # type: ignore[attr-defined]
_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]

CaseKind = Literal["amount", "stranger", "refund"]
Way = Literal["taken", "held", "given-back", "returned", "cash", "bank", "explained"]

WAYS: Mapping[CaseKind, tuple[Way, ...]] = {
    "amount": ("taken", "given-back"),
    "stranger": ("taken", "held", "returned", "explained"),
    "refund": ("cash", "bank"),
}
"""How each kind may be worked off. `given-back`: through the channel, by us; `returned`: at the channel's own desk."""

_STRANGERS = ("order", "trade", "currency", "merchant")
_OURS = ("order", "trade")
MOST = 5_000

_HANDLED = N_("Somebody has dealt with this payment already.")
_NOT_SO = N_("This payment cannot be worked off in this way.")
_WHOSE = N_("Please give the admission number of the stay whose money this is.")
_NO_ANSWER = N_("The channel does not say at present that this was paid, and how much. Nothing was changed.")


@dataclass(frozen=True)
class Case:
    """One payment that waits, or waited. Amounts in fen; `fault`: the short code of what does not fit.

    `ref` names it among those of its kind; the rest of the fields says what is known, and what was done.
    """

    kind: CaseKind
    ref: str
    channel: str
    number: str
    fault: str
    asked_fen: int | None
    came_fen: int | None
    at: datetime
    encounter: str | None = None
    admission_no: str = ""
    name: str = ""
    way: str | None = None
    reason: str | None = None
    handled_at: datetime | None = None
    handled_by: str | None = None


def stray_key(channel: str, number: str) -> str:
    """The key under which money is booked that came under a number we do not know."""
    return f"stray:{channel}:{number}"


def cases(conn: Connection, *, handled: bool = False) -> list[Case]:
    """Those that wait, the oldest first; with `handled` those that somebody dealt with, the latest first."""
    found = [*_amounts(conn, handled), *_strangers(conn, handled), *_refused(conn, handled)]
    found.sort(key=lambda case: (case.handled_at or case.at, case.kind, case.ref), reverse=handled)
    return found[:MOST]


def case_called(conn: Connection, kind: str, ref: str) -> Case:
    """One of them, whether or not it waits.

    Raises:
        NotFound: there is none.
    """
    for handled in (False, True):
        for case in cases(conn, handled=handled):
            if (case.kind, case.ref) == (kind, ref):
                return case
    raise NotFound(what="payment", name=ref[:40])


def work_off(payments: Payments, person: Person, case: Case, way: Way, *, reason: str, admission_no: str = "") -> None:
    """Do with it what this person says, and write it down with the reason.

    Raises:
        Collision: somebody has dealt with it already, or it cannot be worked off so.
        InvalidInput: nobody says whose money it is.
        NotFound: there is no such stay.
    """
    if way not in WAYS[case.kind]:
        raise Collision(_NOT_SO)
    core = payments.core
    found = _asked(payments, case) if case.kind == "amount" else None
    try:
        with core.db.write() as conn:
            now, actor = core.clock.now(), str(person.actor)
            # First: of two who say it at once, one waits here and is then refused.
            said = {"kind": case.kind, "ref": case.ref, "way": way, "reason": reason[:200], "at": now, "by": actor}
            conn.execute(insert(HANDLED).values(said | {"encounter": case.encounter}))
            encounter = _book(conn, case, way, _Doing(actor, now, admission_no, found))
            here = (HANDLED.c.kind == case.kind) & (HANDLED.c.ref == case.ref)
            conn.execute(HANDLED.update().where(here).values(encounter=encounter))
            told = {"way": way, "channel": case.channel, "reason": reason[:200]}
            audit.note(core, conn, person, "payment-worked-off", f"{case.kind} {case.ref}", encounter=encounter, **told)
    except IntegrityError as exc:
        raise Collision(_HANDLED) from exc


@dataclass(frozen=True)
class _Doing:
    actor: str
    now: datetime
    admission_no: str
    found: Found | None


def _book(conn: Connection, case: Case, way: Way, doing: _Doing) -> str | None:
    if case.kind == "amount":
        return _book_amount(conn, case, way, doing)
    if case.kind == "refund":
        return _book_refund(conn, case, way, doing)
    if way in ("returned", "explained"):
        return case.encounter
    if case.fault not in _OURS or not case.came_fen:
        raise Collision(_NOT_SO)
    booked: dict[str, Any] = {
        "amount_fen": case.came_fen,
        "channel": case.channel,
        "key": stray_key(case.channel, case.number),
        "at": doing.now,
        "actor": doing.actor,
        "source": f"pay_notice:{case.ref}",
    }
    if way == "held":
        unwanted_in(conn, encounter=None, **booked)
        return None
    encounter = case.encounter or _stay(conn, doing.admission_no)
    deposit_in(conn, encounter=encounter, **booked)
    return encounter


def _book_amount(conn: Connection, case: Case, way: Way, doing: _Doing) -> str:
    order, found = order_called(conn, case.ref, to_write=True), doing.found
    if found is None or found.paid_fen is None:
        raise Collision(_NO_ANSWER)
    late = way == "given-back"
    paid_at = found.paid_at or doing.now
    came = {"channel_trade_no": found.channel_trade_no, "paid_fen": found.paid_fen, "paid_at": paid_at}
    if not move(conn, order.id, "pay", **came, late=late, next_look_at=None, fault=None):
        raise Collision(_HANDLED)
    put = unwanted_in if late else deposit_in
    put(
        conn,
        encounter=order.encounter,
        amount_fen=found.paid_fen,
        channel=order.channel,
        key=f"pay-order:{order.id}",
        at=paid_at,
        actor=doing.actor,
        source=f"pay_order:{order.id}",
    )
    if late:
        agreed = {"status": refund_machine().to("approve"), "agreed_by": SYSTEM, "agreed_at": doing.now}
        why, key = "another amount than asked", f"late:{order.id}"
        write_refund(conn, order.id, key, found.paid_fen, why, doing.actor, doing.now, next_look_at=doing.now, **agreed)
    return order.encounter


def _book_refund(conn: Connection, case: Case, way: Way, doing: _Doing) -> str:
    refund = refund_called(conn, case.ref, to_write=True)
    order = order_called(conn, refund.pay_order)
    refund_done(
        conn,
        encounter=order.encounter,
        amount_fen=refund.amount_fen,
        channel=way,
        key=f"pay-refund-done:{refund.id}",
        at=doing.now,
        actor=doing.actor,
        source=f"pay_refund:{refund.id}",
    )
    return order.encounter


def _asked(payments: Payments, case: Case) -> Found:
    # The amount is the channel's own word of this moment; no notice and nobody's typing is taken for it.
    try:
        found = payments.orders.provider(case.channel).query(case.number)
    except ChannelAway as exc:
        raise Collision(_NO_ANSWER) from exc
    if found.state is not Trade.PAID or not found.paid_fen or not found.channel_trade_no:
        raise Collision(_NO_ANSWER)
    return found


def _stay(conn: Connection, admission_no: str) -> str:
    if not admission_no:
        raise InvalidInput(_WHOSE)
    found = conn.execute(select(_ENCOUNTER.c.id).where(_ENCOUNTER.c.admission_no == admission_no)).scalar()
    if found is None:
        raise NotFound(what="stay", name=admission_no[:20])
    return str(found)


def _amounts(conn: Connection, handled: bool) -> Sequence[Case]:
    query = select(ORDER.c.id).where(ORDER.c.fault == "amount")
    if handled:
        query = select(HANDLED.c.ref).where(HANDLED.c.kind == "amount").order_by(HANDLED.c.at.desc()).limit(MOST)
    found = []
    for id in conn.execute(query).scalars().all():
        order = order_called(conn, id)
        case = Case("amount", id, order.channel, order.out_trade_no, "amount", order.amount_fen, None, order.created_at)
        found.append(
            _completed(conn, replace(case, came_fen=order.paid_fen or _told_fen(conn, order)), order.encounter)
        )
    return found


def _told_fen(conn: Connection, order: Order) -> int | None:
    c = NOTICE.c
    here = (c.channel == order.channel) & (c.out_trade_no == order.out_trade_no) & (c.outcome == "amount")
    found: int | None = conn.execute(select(c.amount_fen).where(here).order_by(c.received_at.desc())).scalar()
    return found


def _strangers(conn: Connection, handled: bool) -> Sequence[Case]:
    c = NOTICE.c
    said = and_(HANDLED.c.kind == "stranger", HANDLED.c.ref == c.channel + ":" + c.id)
    query = select(c.channel, c.id, c.out_trade_no, c.outcome, c.amount_fen, c.received_at, ORDER.c.encounter)
    query = query.select_from(NOTICE.outerjoin(HANDLED, said).outerjoin(ORDER, _same_order()))
    query = query.where(c.kind == "payment", c.outcome.in_(_STRANGERS))
    query = query.where(HANDLED.c.ref.is_not(None) if handled else HANDLED.c.ref.is_(None)).limit(MOST)
    found = []
    for row in conn.execute(query).all():
        ref = f"{row.channel}:{row.id}"
        case = Case("stranger", ref, row.channel, row.out_trade_no, row.outcome, None, row.amount_fen, row.received_at)
        found.append(_completed(conn, case, row.encounter))
    return found


def _same_order() -> Any:
    return (ORDER.c.channel == NOTICE.c.channel) & (ORDER.c.out_trade_no == NOTICE.c.out_trade_no)


def _refused(conn: Connection, handled: bool) -> Sequence[Case]:
    # Of a refund that is no late one the money is deposit again: nothing waits.
    said = and_(HANDLED.c.kind == "refund", HANDLED.c.ref == REFUND.c.id)
    joined = REFUND.join(ORDER, ORDER.c.id == REFUND.c.pay_order).outerjoin(HANDLED, said)
    columns = (REFUND.c.id, REFUND.c.amount_fen, REFUND.c.asked_at, ORDER.c.channel, ORDER.c.out_trade_no)
    query = select(*columns, ORDER.c.encounter).select_from(joined)
    query = query.where(REFUND.c.status == "refused", ORDER.c.late.is_(True))
    query = query.where(HANDLED.c.ref.is_not(None) if handled else HANDLED.c.ref.is_(None)).limit(MOST)
    return [
        _completed(
            conn,
            Case("refund", row.id, row.channel, row.out_trade_no, "refund", row.amount_fen, None, row.asked_at),
            row.encounter,
        )
        for row in conn.execute(query).all()
    ]


def _completed(conn: Connection, case: Case, encounter: str | None) -> Case:
    said = conn.execute(select(HANDLED).where(HANDLED.c.kind == case.kind, HANDLED.c.ref == case.ref)).first()
    if said is not None:
        encounter = said.encounter or encounter
        case = replace(case, way=said.way, reason=said.reason, handled_at=said.at, handled_by=said.by)
    if encounter is None:
        return case
    query = select(_ENCOUNTER.c.admission_no, _PATIENT.c.name).join(_PATIENT, _PATIENT.c.id == _ENCOUNTER.c.patient)
    stay = conn.execute(query.where(_ENCOUNTER.c.id == encounter)).one()
    return replace(case, encounter=encounter, admission_no=stay.admission_no, name=stay.name)
