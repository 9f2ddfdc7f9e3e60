"""Settlements as a whole: begun once, brought forward by whoever may, and taken up again wherever they were left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from server.insurance.port import Card
from server.money.deposits import held, lock_stay
from server.payments.orders import By, Wanted
from server.payments.rows import Order
from server.settlement import leaving, refunding
from server.settlement.insurer import Cover, InsurerRefused, alone
from server.settlement.moves import MOVES, Move, Tools, Turn, advance, blockers, free_sums, note
from server.settlement.rows import (
    SETTLEMENT,
    Payout,
    Saga,
    drop_lines,
    move,
    note_wait,
    payouts_of,
    saga_called,
    sagas,
    take_lines,
)
from server.settlement.waits import because
from wardlink.errors import Collision, InvalidInput, WardlinkError
from wardlink.i18n import N_

_STEPS: Mapping[str, Move] = {**MOVES, "refund": refunding.refund}

_CARD_KEPT = timedelta(minutes=10)

_OPEN_ALREADY = N_("This stay is being settled already. Please go on with that settlement.")
_NOT_NOW = N_("The settlement has gone on meanwhile. Please look at it again.")
_OTHER_BILL = N_("The bill has changed meanwhile. Please check it again.")
_OTHER_AMOUNT = N_("The amount has changed meanwhile. Please show the patient the new one.")
_TOO_LATE = N_("The insurance has this settlement already, or its money has moved. Please go on to its end.")
_REASON = N_("Please say why.")


class Settlements:
    """The settlements of this server."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._db = tools.core.db
        self._cards: dict[str, tuple[Card, datetime]] = {}

    def called(self, id: str) -> Saga:
        """One settlement.

        Raises:
            NotFound: there is none with this id.
        """
        with self._db.read() as conn:
            return saga_called(conn, id)

    def of_stay(self, encounter: str) -> list[Saga]:
        """The settlements of a stay, the newest first."""
        with self._db.read() as conn:
            return sagas(conn, SETTLEMENT.c.encounter == encounter)

    def open_ones(self) -> list[Saga]:
        """Every settlement that has not come to its end, the newest first."""
        with self._db.read() as conn:
            return sagas(conn, SETTLEMENT.c.status == "open")

    def payouts(self, id: str) -> list[Payout]:
        """How the rest of the deposits goes back."""
        with self._db.read() as conn:
            return payouts_of(conn, id)

    def begin(self, id: str, encounter: str, cover: Cover | None, by: By) -> Saga:
        """Begin to settle a stay; the same id again is the same settlement.

        Raises:
            NotFound: there is no such stay.
            Collision: another one is open, or the id stands for another stay.
        """
        row = {
            "id": id,
            "encounter": encounter,
            "status": "open",
            "step": "tasks",
            "begun_at": self.tools.now(),
            "begun_by": by.actor,
            "cover": None if cover is None else cover.model_dump(mode="json"),
            "version": 1,
        }
        try:
            with self._db.write() as conn:
                lock_stay(conn, encounter)
                known = sagas(conn, SETTLEMENT.c.id == id)
                if not known:
                    if sagas(conn, SETTLEMENT.c.encounter == encounter, SETTLEMENT.c.status == "open"):
                        raise Collision(_OPEN_ALREADY)
                    conn.execute(insert(SETTLEMENT).values(row))
                    note(self.tools, conn, saga_called(conn, id), by, "settlement-begun")
        except IntegrityError as exc:
            raise Collision(_OPEN_ALREADY) from exc
        found = self.called(id)
        if found.encounter != encounter:
            raise Collision(_OPEN_ALREADY)
        return found

    def go(self, id: str, by: By, *, card: Card | None = None) -> Saga:
        """Bring a settlement as far as it goes by itself. Why it goes no further is in `wait`.

        What cannot be done now is no error: it is said, and the next call takes it up again. A `card` is remembered for
        some minutes in memory alone, so that an insurance platform that answers late finds it.

        Raises:
            NotFound: there is none with this id.
        """
        turn = Turn(by, self._card_of(id, card))
        while True:
            saga = self.called(id)
            if not saga.is_open:
                self._cards.pop(id, None)
                return saga
            act = leaving.go_back if saga.is_going_back else _STEPS[saga.step]
            try:
                wait = act(self.tools, saga, turn)
            except WardlinkError as fault:
                # An expected refusal of another house, or of our own rules.
                wait, saga = because(fault), self.called(id)
                if isinstance(fault, InsurerRefused):
                    # It may be the card that it will not have.
                    self._cards.pop(id, None)
            if wait is None:
                continue
            with self._db.write() as conn:
                note_wait(conn, saga, wait.as_json())
            return self.called(id)

    def audit(self, id: str, *, total_fen: int, by: By) -> Saga:
        """A cashier has checked the bill, which came to `total_fen`: it is closed.

        Raises:
            Collision: it has changed meanwhile, or this is not the next step.
        """
        with self._db.write() as conn:
            saga = self._at(conn, id, "audit")
            if blockers(self.tools, conn, saga):
                raise Collision(_OTHER_BILL)
            lines, found_fen = free_sums(conn, saga)
            if found_fen != total_fen:
                raise Collision(_OTHER_BILL)
            take_lines(conn, saga)
            checked = {"lines": lines, "total_fen": total_fen, "audited_at": self.tools.now(), "audited_by": by.actor}
            advance(self.tools, conn, saga, Turn(by), **checked)
        return self.called(id)

    def decide(self, id: str, *, by_estimate: bool, reason: str, by: By) -> Saga:
        """A cashier settles by our own estimate, or lets the patient pay all of it; with a reason.

        Raises:
            Collision: this is not the next step.
            InvalidInput: without a reason.
        """
        if not reason.strip():
            raise InvalidInput(_REASON)
        with self._db.write() as conn:
            saga = self._at(conn, id, "decide")
            division = saga.divided if by_estimate else alone(saga.divided.total_fen)
            said = {"decided_by": by.actor, "decided_reason": reason.strip()[:200]}
            advance(self.tools, conn, saga, Turn(by), None, division=division.as_json(), **said)
        return self.called(id)

    def confirm(self, id: str, *, cash_fen: int, by: By) -> Saga:
        """The patient agrees to pay `cash_fen`.

        Raises:
            Collision: it is another amount by now, or this is not the next step.
        """
        with self._db.write() as conn:
            saga = self._at(conn, id, "confirm")
            if saga.divided.cash_fen != cash_fen:
                raise Collision(_OTHER_AMOUNT)
            said = {"confirmed_fen": cash_fen, "confirmed_at": self.tools.now(), "confirmed_by": by.actor}
            advance(self.tools, conn, saga, Turn(by), **said)
        return self.called(id)

    def pay(self, id: str, *, key: str, channel: str, by: By) -> Order:
        """Have a code made for what is missing; the same key again is the same payment.

        Raises:
            Collision: nothing is missing now.
        """
        saga = self.go(id, by)
        missing_fen = self.missing_fen(saga)
        if saga.step != "collect" or missing_fen <= 0:
            raise Collision(_NOT_NOW)
        wanted = Wanted(key, saga.encounter, "settle", missing_fen, channel)
        return self.tools.payments.orders.create(wanted, by)

    def missing_fen(self, saga: Saga) -> int:
        """What the deposits lack for the patient's part, in fen; nothing before it is known."""
        if saga.division is None or saga.step != "collect" or not saga.is_open or saga.is_going_back:
            return 0
        with self._db.read() as conn:
            return max(saga.divided.cash_fen - held(conn, saga.encounter), 0)

    def hand_out(self, id: str, *, no: int, way: str, by: By) -> Saga:
        """A person has handed out a part of the rest. See `refunding.hand_out`."""
        refunding.hand_out(self.tools, self.called(id), no, way, by)
        return self.called(id)

    def give_up(self, id: str, *, reason: str, by: By) -> Saga:
        """End a settlement of which nothing has left the house yet; another one may begin.

        Raises:
            Collision: it is too late for that.
            InvalidInput: without a reason.
        """
        if not reason.strip():
            raise InvalidInput(_REASON)
        with self._db.write() as conn:
            saga = saga_called(conn, id, to_write=True)
            if saga.status == "abandoned":
                return saga
            if not saga.is_open or saga.sent_at is not None:
                raise Collision(_TOO_LATE)
            said = {"ended_at": self.tools.now(), "ended_by": by.actor, "ended_reason": reason.strip()[:200]}
            move(conn, saga, saga.step, status="abandoned", **said)
            drop_lines(conn, saga)
            note(self.tools, conn, saga, by, "settlement-given-up", step=saga.step)
        return self.called(id)

    def without_platform(self, id: str, *, reason: str, by: By) -> Saga:
        """Go on without the insurance platform. See `leaving.without_platform`."""
        leaving.without_platform(self.tools, id, reason=reason, by=by)
        return self.called(id)

    def take_back(self, id: str, *, reason: str, by: By) -> Saga:
        """Take back what the insurance platform has settled. See `leaving.want_back`."""
        leaving.want_back(self.tools, id, reason=reason, by=by)
        return self.called(id)

    def _card_of(self, id: str, card: Card | None) -> Card | None:
        now = self.tools.now()
        for old in [key for key, (_card, at) in self._cards.items() if now - at > _CARD_KEPT]:
            self._cards.pop(old, None)
        if card is not None:
            self._cards[id] = (card, now)
        return self._cards[id][0] if id in self._cards else None

    def _at(self, conn: Connection, id: str, step: str) -> Saga:
        saga = saga_called(conn, id)
        lock_stay(conn, saga.encounter)
        saga = saga_called(conn, id, to_write=True)
        if saga.step != step or not saga.is_open:
            raise Collision(_NOT_NOW)
        return saga
