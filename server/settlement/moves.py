"""What each step does. It returns why it cannot go on, or None when it has moved the settlement or found it moved.

Everything that is ours is written in one transaction with the move itself. Nothing is asked of another house inside a
transaction, and what may have been sent is asked about before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy import Connection, func, select

from server.core import Core
from server.identity import audit
from server.insurance.book import NoRules
from server.insurance.port import Card
from server.money.accounts import DEPOSIT, HOSPITAL_BORNE, INSURANCE, RECEIVABLE
from server.money.deposits import held, lock_stay, unsettled
from server.money.ledger import Posting, post
from server.money.lines import LINE
from server.money.prices import PriceList
from server.patients.service import encounter_view
from server.payments.orders import By
from server.payments.service import Payments
from server.settlement import waits
from server.settlement.blocking import bring_up_bill, open_work
from server.settlement.insurer import (
    Bill,
    CardNeeded,
    Division,
    Insurer,
    InsurerAway,
    InsurerRefused,
    LocalRules,
    alone,
)
from server.settlement.payouts import plan
from server.settlement.rows import (
    SETTLEMENT,
    TAKEN,
    Saga,
    drop_lines,
    lines_taken,
    move,
    saga_called,
    standing_lines,
    sums_of,
)
from server.settlement.steps import after
from server.settlement.waits import Wait, because
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput, NotFound


@dataclass(frozen=True)
class Tools:
    """What the steps work with. `price_list`: the one that holds now; `insurer`: the platform, where one is on."""

    core: Core
    payments: Payments
    price_list: Callable[[], PriceList]
    rules: LocalRules
    insurer: Insurer | None

    @property
    def prices(self) -> PriceList:
        """The price list that holds now. Reads the database."""
        return self.price_list()

    def platform(self) -> Insurer:
        """The insurance platform, of a settlement that it has part in.

        Raises:
            InsurerAway: it was switched off meanwhile.
        """
        if self.insurer is None:
            raise InsurerAway
        return self.insurer

    def now(self) -> datetime:
        """The server's clock."""
        return self.core.clock.now()


class OnAndAge(TypedDict):
    """By which day's rules, and how old the patient is then."""

    on: date
    age: int


@dataclass(frozen=True)
class Turn:
    """One look at a settlement: who lets it go on, and the card that the patient has just shown."""

    by: By
    card: Card | None = None


def tasks(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """Orders and tasks closed, everything charged."""
    with tools.core.db.write() as conn:
        lock_stay(conn, saga.encounter)
        found = blockers(tools, conn, saga)
        if found:
            return found[0]
        advance(tools, conn, saga, turn)
    return None


def audited(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """Waits for a cashier, and goes back when the ward begins something new."""
    with tools.core.db.write() as conn:
        lock_stay(conn, saga.encounter)
        if blockers(tools, conn, saga):
            move(conn, saga, "tasks")
            return None
        lines, total_fen = free_sums(conn, saga)
    return Wait("audit", waits.AUDIT, {"lines": lines, **waits.money("", "", total=total_fen).values})


def upload(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """The platform has the lines; nothing where it is not asked."""
    if went_back(tools, saga):
        return None
    if tools.insurer is not None and _is_online(saga):
        tools.insurer.upload(bill_of(tools, saga, turn))
    with tools.core.db.write() as conn:
        advance(tools, conn, saga, turn)
    return None


def presettle(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """Who would pay what."""
    if went_back(tools, saga):
        return None
    bill = bill_of(tools, saga, turn) if saga.insured is not None and saga.total_fen else None
    if bill is None:
        division = alone(saga.total_fen or 0)
    elif tools.insurer is not None and bill.cover.online:
        if turn.card is None:
            return because(CardNeeded())
        division = tools.insurer.presettle(bill)
    else:
        division = _estimated(tools, bill)
    with tools.core.db.write() as conn:
        step = "decide" if division.source == "estimate" else "confirm"
        advance(tools, conn, saga, turn, step, division=division.as_json())
    return None


def decide(_tools: Tools, saga: Saga, _turn: Turn) -> Wait | None:
    """Waits for a cashier."""
    return waits.money("decide", waits.DECIDE, fund=saga.divided.insurance_fen)


def confirm(tools: Tools, saga: Saga, _turn: Turn) -> Wait | None:
    """Waits for the patient."""
    if went_back(tools, saga):
        return None
    return waits.money("confirm", waits.CONFIRM, cash=saga.divided.cash_fen, total=saga.divided.total_fen)


def settle(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """The insurance settles, and its part is booked."""
    division = saga.divided
    if saga.sent_at is None:
        if division.source == "platform" and turn.card is None:
            return because(CardNeeded())
        with tools.core.db.write() as conn:
            lock_stay(conn, saga.encounter)
            if blockers(tools, conn, saga) or _changed(conn, saga):
                _go_back(conn, saga)
            else:
                # On disk before anything goes out: from here on it may have happened.
                move(conn, saga, "settle", sent_at=tools.now())
        return None
    if division.source == "platform":
        bill = bill_of(tools, saga, turn)
        found = tools.platform().found(bill)
        if found is None and turn.card is None:
            return because(CardNeeded())
        division = found or _settled(tools, saga, bill)
    with tools.core.db.write() as conn:
        lock_stay(conn, saga.encounter)
        if advance(tools, conn, saga, turn, division=division.as_json()):
            _book_insurance(tools, conn, saga, division, turn)
    return None


def collect(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """The deposits hold what the patient owes."""
    for order in tools.payments.orders.of_stay(saga.encounter):
        if order.is_open and order.purpose == "settle":
            tools.payments.orders.look(order.id)
    with tools.core.db.write() as conn:
        lock_stay(conn, saga.encounter)
        missing_fen = saga.divided.cash_fen - held(conn, saga.encounter)
        if missing_fen > 0:
            return waits.money("collect", waits.COLLECT, missing=missing_fen)
        advance(tools, conn, saga, turn)
    return None


def book(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """The patient's part is taken from the deposits; the rest is planned to go back."""
    with tools.core.db.write() as conn:
        lock_stay(conn, saga.encounter)
        held_fen, cash_fen = held(conn, saga.encounter), saga.divided.cash_fen
        if held_fen < cash_fen:
            # A deposit was given back meanwhile.
            move(conn, saga, "collect")
            return None
        if not advance(tools, conn, saga, turn, deposits_fen=held_fen):
            return None
        if cash_fen:
            _post(
                tools,
                conn,
                saga,
                turn,
                "patient",
                Posting(DEPOSIT, cash_fen, saga.encounter),
                Posting(RECEIVABLE, -cash_fen, saga.encounter),
            )
        # Charges that came after the bill was closed will want their part of the deposits.
        plan(conn, saga, max(held_fen - cash_fen - max(unsettled(conn, saga.encounter), 0), 0), tools.now())
    return None


def receipt(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """The receipt gets the next number of the day."""
    now = tools.now()
    with tools.core.db.write() as conn:
        day = f"{ward_date(now):%Y%m%d}-"
        query = select(func.max(SETTLEMENT.c.receipt_no)).where(
            SETTLEMENT.c.receipt_no.startswith(day, autoescape=True)
        )
        last = conn.execute(query).scalar()
        number = f"{day}{int(last.rpartition('-')[2]) + 1 if last else 1:05d}"
        done = {"status": "done", "ended_at": now, "ended_by": turn.by.actor, "receipt_no": number}
        advance(tools, conn, saga, turn, "done", **done)
    return None


def advance(
    tools: Tools, conn: Connection, saga: Saga, turn: Turn, step: str | None = None, /, **values: object
) -> bool:
    """Go on to the next step, or to `step`; False: somebody else has done so. Audited."""
    to = step or after(saga.step)
    if not move(conn, saga, to, **values):
        return False
    note(tools, conn, saga, turn.by, "settlement-step", step=saga.step)
    return True


def note(tools: Tools, conn: Connection, saga: Saga, by: By, action: str, **detail: object) -> None:
    """Write it into the audit."""
    audit.append(
        conn,
        at=tools.now(),
        actor=by.actor,
        device=by.device,
        action=action,
        what=f"settlement {saga.id}",
        encounter=saga.encounter,
        command=None,
        detail=detail,
    )


def blockers(tools: Tools, conn: Connection, saga: Saga) -> list[Wait]:
    """What stands in the way of closing the bill; whatever was missing is charged."""
    found = open_work(conn, saga.encounter) + bring_up_bill(conn, saga.encounter, tools.prices, tools.now())
    if found:
        return found
    _lines, total_fen = free_sums(conn, saga)
    return [waits.money("below-zero", waits.BELOW_ZERO, amount=-total_fen)] if total_fen < 0 else []


def free_sums(conn: Connection, saga: Saga) -> tuple[int, int]:
    """How many lines of the stay no other settlement has, and what they come to in fen."""
    others = select(TAKEN.c.entry).where(TAKEN.c.settlement != saga.id)
    query = select(func.count(), func.coalesce(func.sum(LINE.c.amount_fen), 0)).where(
        LINE.c.encounter == saga.encounter, LINE.c.entry.not_in(others)
    )
    count, total = conn.execute(query).one()
    return int(count), int(total)


def bill_of(tools: Tools, saga: Saga, turn: Turn) -> Bill:
    """The closed bill as the insurance is asked about it."""
    cover = saga.insured
    assert cover is not None
    with tools.core.db.read() as conn:
        lines = standing_lines(lines_taken(conn, saga))
    bill = Bill(saga.id, saga.encounter, cover, lines, turn.by.actor, turn.card)
    if not _is_online(saga):
        return bill
    try:
        return replace(bill, expected=tools.rules.expected(bill, **_on_and_age(tools, bill)))
    except (NoRules, InvalidInput):
        # The platform settles without us knowing beforehand what it will say.
        return bill


def went_back(tools: Tools, saga: Saga) -> bool:
    """Whether something was charged or taken back since the bill was closed; then it is opened again."""
    with tools.core.db.read() as conn:
        if saga_called(conn, saga.id).version != saga.version or not _changed(conn, saga):
            return False
    with tools.core.db.write() as conn:
        _go_back(conn, saga)
    return True


def _changed(conn: Connection, saga: Saga) -> bool:
    return free_sums(conn, saga) != (saga.lines, saga.total_fen) or sums_of(conn, saga) != (saga.lines, saga.total_fen)


def _go_back(conn: Connection, saga: Saga) -> None:
    cleared = dict.fromkeys(
        ("division", "decided_by", "decided_reason", "confirmed_fen", "confirmed_at", "confirmed_by", "audited_at")
    )
    if move(conn, saga, "tasks", audited_by=None, lines=None, total_fen=None, **cleared):
        drop_lines(conn, saga)


def _settled(tools: Tools, saga: Saga, bill: Bill) -> Division:
    try:
        return tools.platform().settle(bill)
    except InsurerRefused:
        # It has answered: nothing stands over there, and the settlement may still be given up.
        with tools.core.db.write() as conn:
            move(conn, saga, "settle", sent_at=None)
        raise


def _is_online(saga: Saga) -> bool:
    return saga.insured is not None and saga.insured.online and bool(saga.total_fen)


def _estimated(tools: Tools, bill: Bill) -> Division:
    return tools.rules.estimate(bill, **_on_and_age(tools, bill))


def _on_and_age(tools: Tools, bill: Bill) -> OnAndAge:
    with tools.core.db.read() as conn:
        stay = encounter_view(conn, bill.encounter)
    if stay is None:
        raise NotFound(what="stay", name=bill.encounter)
    on = ward_date(stay.discharged_at or tools.now())
    born = stay.birth_on
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return OnAndAge(on=on, age=age)


def _book_insurance(tools: Tools, conn: Connection, saga: Saga, division: Division, turn: Turn) -> None:
    stay = saga.encounter
    parts = ((INSURANCE, division.insurance_fen), (HOSPITAL_BORNE, division.hospital_fen))
    debits = [Posting(account, fen, stay) for account, fen in parts if fen]
    if debits:
        owed_fen = -sum(side.amount_fen for side in debits)
        _post(tools, conn, saga, turn, "insurance", *debits, Posting(RECEIVABLE, owed_fen, stay))


def _post(tools: Tools, conn: Connection, saga: Saga, turn: Turn, part: str, *postings: Posting) -> None:
    post(
        conn,
        key=f"settlement:{saga.id}:{part}",
        kind="insurance_pay" if part == "insurance" else "settle",
        at=tools.now(),
        encounter=saga.encounter,
        actor=turn.by.actor,
        postings=postings,
        source=f"settlement:{saga.id}",
    )


Move = Callable[[Tools, Saga, Turn], Wait | None]

MOVES: Mapping[str, Move] = {
    "tasks": tasks,
    "audit": audited,
    "upload": upload,
    "presettle": presettle,
    "decide": decide,
    "confirm": confirm,
    "settle": settle,
    "collect": collect,
    "book": book,
    "receipt": receipt,
}
