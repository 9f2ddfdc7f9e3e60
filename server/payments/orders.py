"""Payment orders: made once, followed until the channel has decided, closed when their time is over.

The channel is asked between transactions, never inside one. What it did not answer is unknown, and it is asked how it
stands before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from server.core import Core
from server.identity import audit
from server.patients.models import Encounter
from server.payments.booking import later, mark_paid, move, number
from server.payments.policy import next_look, policy
from server.payments.port import ChannelAway, ChannelRefused, Closing, Found, PayAsk, Provider, Trade
from server.payments.rows import ORDER, Order, Purpose, order_called, orders_where
from server.payments.states import order_machine
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_, domain, speaking
from wardlink.ids import new_id
from wardlink.money import yuan

_ = domain("server").gettext

_OTHER_ORDER = N_("Under this number something else was to be paid. Please begin again.")
_AMOUNT = N_("A deposit is between {least} and {most} yuan.")
_NO_CHANNEL = N_("This way to pay is not switched on here.")

SUBJECTS: Mapping[Purpose, str] = {
    "deposit": N_("Hospital deposit"),
    "settle": N_("Hospital bill"),
    "meal": N_("Hospital meals"),
    "copy": N_("Copies of medical records"),
}
"""What a payer reads in the channel's own app, always in Chinese and without a name."""


_ANSWERS_WITHIN = timedelta(seconds=30)
"""Longer than any provider waits for its channel."""


class ChannelUnknown(InvalidInput):
    """This channel is not switched on here."""

    code = "channel-unknown"
    sentence = _NO_CHANNEL


@dataclass(frozen=True)
class Wanted:
    """A payment to be made. `key`: a UUID made by the client; the same again is the same order."""

    key: str
    encounter: str
    purpose: Purpose
    amount_fen: int
    channel: str


@dataclass(frozen=True)
class By:
    """Who acts, as the audit says it, and on which device."""

    actor: str
    device: str | None = None


class Orders:
    """Orders with the channels that are switched on."""

    def __init__(self, core: Core, providers: Mapping[str, Provider]) -> None:
        self._core = core
        self.providers = providers

    def provider(self, channel: str) -> Provider:
        """The provider of a channel.

        Raises:
            ChannelUnknown: it is not switched on here.
        """
        found = self.providers.get(channel)
        if found is None:
            raise ChannelUnknown
        return found

    def called(self, id: str) -> Order:
        """One order as we know it.

        Raises:
            NotFound: there is none with this id.
        """
        with self._core.db.read() as conn:
            return order_called(conn, id)

    def create(self, wanted: Wanted, by: By) -> Order:
        """Make an order and have the channel give a code for it; the same key again is the same order.

        Without the channel's answer its status is `unknown`; it is followed all the same.

        Raises:
            NotFound: there is no such stay.
            Collision: the key stands for something else.
            InvalidInput: the amount cannot be, or the channel is not switched on.
        """
        self.provider(wanted.channel)
        limits = policy()
        if not limits.deposit_least_fen <= wanted.amount_fen <= limits.deposit_most_fen and wanted.purpose == "deposit":
            least, most = yuan(limits.deposit_least_fen), yuan(limits.deposit_most_fen)
            raise InvalidInput(_AMOUNT, least=least, most=most)
        known = self._known(wanted)
        if known is None:
            try:
                known = self._begin(wanted, by)
            except IntegrityError:
                # Somebody has made it in the same moment.
                known = self._known(wanted)
                if known is None:
                    raise
            else:
                self._ask(known)
        elif known.qr is None:
            return self.look(known.id)
        return self.called(known.id)

    def look(self, id: str) -> Order:
        """Ask the channel how it stands, and do what follows from that. Nothing where it is decided.

        Raises:
            NotFound: there is none with this id.
        """
        order = self.called(id)
        if not order.is_open:
            return order
        found, now = self._found(order), self._core.clock.now()
        if found.state is Trade.PAID:
            self._pay(order, found)
        elif found.state is Trade.CLOSED:
            self._move(order, "close", next_look_at=None)
        elif found.state is Trade.UNKNOWN:
            self._later(order)
        elif order.status == "closing" or now >= order.expires_at:
            self._close(order)
        elif order.qr is None:
            self._ask(order)
        else:
            self._later(order)
        return self.called(id)

    def close(self, id: str, by: By) -> Order:
        """Let nobody pay it any more; what has been paid stays paid.

        Raises:
            NotFound: there is none with this id.
        """
        order = self.called(id)
        if order.is_open:
            with self._core.db.write() as conn:
                audit.append(
                    conn,
                    at=self._core.clock.now(),
                    actor=by.actor,
                    device=by.device,
                    action="payment-closed",
                    what=f"payment {id}",
                    encounter=order.encounter,
                    command=None,
                    detail={},
                )
            self._close(order)
        return self.called(id)

    def of_stay(self, encounter: str) -> list[Order]:
        """The orders of a stay, the newest first."""
        with self._core.db.read() as conn:
            return orders_where(conn, ORDER.c.encounter == encounter)

    def _known(self, wanted: Wanted) -> Order | None:
        with self._core.db.read() as conn:
            found = orders_where(conn, ORDER.c.key == wanted.key)
        if not found:
            return None
        same = all(
            getattr(found[0], name) == getattr(wanted, name)
            for name in ("encounter", "purpose", "amount_fen", "channel")
        )
        if not same:
            raise Collision(_OTHER_ORDER)
        return found[0]

    def _begin(self, wanted: Wanted, by: By) -> Order:
        now, plan = self._core.clock.now(), policy()
        row = {
            "id": new_id(),
            **wanted.__dict__,
            "out_trade_no": number(),
            "status": order_machine().start,
            "expires_at": (now + plan.order_lives).replace(microsecond=0),
            "refunded_fen": 0,
            "late": False,
            "created_at": now,
            "created_by": by.actor,
            "device": by.device,
            "looks": 0,
            # If we die before the channel has answered, somebody asks it then.
            "next_look_at": now + _ANSWERS_WITHIN,
            "version": 1,
        }
        with self._core.db.write() as conn:
            if conn.execute(select(col(Encounter.id)).where(col(Encounter.id) == wanted.encounter)).first() is None:
                raise NotFound(what="stay", name=wanted.encounter)
            conn.execute(insert(ORDER).values(row))
            audit.append(
                conn,
                at=now,
                actor=by.actor,
                device=by.device,
                action="payment-asked",
                what=f"payment {row['id']}",
                encounter=wanted.encounter,
                command=None,
                detail={"amount_fen": wanted.amount_fen, "channel": wanted.channel, "purpose": wanted.purpose},
            )
            return order_called(conn, str(row["id"]))

    def _ask(self, order: Order) -> None:
        with speaking("zh_CN"):
            subject = _(SUBJECTS[order.purpose])  # type: ignore[index]
        ask = PayAsk(order.out_trade_no, order.amount_fen, subject, order.expires_at)
        try:
            made = self.provider(order.channel).create(ask)
        except ChannelAway:
            self._doubt(order)
        except ChannelRefused as exc:
            self._refused(order, str(exc.params.get("reason", "refused")))
        else:
            at = next_look(policy().order_looks, 0, self._core.clock.now(), ends_at=order.expires_at)
            self._move(order, "show", qr=made.qr, expires_at=made.expires_at, looks=0, next_look_at=at, fault=None)

    def _refused(self, order: Order, reason: str) -> None:
        # It may refuse because somebody has paid meanwhile.
        found = self._found(order)
        if found.state is Trade.PAID:
            self._pay(order, found)
        elif found.state in (Trade.ABSENT, Trade.CLOSED):
            self._move(order, "refuse", fault=reason[:64], next_look_at=None)
        else:
            self._doubt(order, fault=reason[:64])

    def _doubt(self, order: Order, *, fault: str | None = None) -> None:
        self._move(order, "doubt")
        self._later(order, fault=fault)

    def _close(self, order: Order) -> None:
        self._move(order, "begin_close")
        try:
            closing = self.provider(order.channel).close(order.out_trade_no)
        except ChannelAway:
            closing = Closing.UNKNOWN
        now = self._core.clock.now()
        if closing is Closing.CLOSED or (closing is Closing.ABSENT and now >= order.expires_at + policy().order_grace):
            self._move(order, "close", next_look_at=None)
            return
        if closing is Closing.PAID and (found := self._found(order)).state is Trade.PAID:
            self._pay(order, found)
            return
        self._later(order)

    def _found(self, order: Order) -> Found:
        try:
            return self.provider(order.channel).query(order.out_trade_no)
        except ChannelAway:
            return Found(Trade.UNKNOWN)

    def _pay(self, order: Order, found: Found) -> None:
        with self._core.db.write() as conn:
            mark_paid(conn, order.id, found, self._core.clock.now())

    def _move(self, order: Order, act: str, **values: object) -> None:
        with self._core.db.write() as conn:
            move(conn, order.id, act, **values)

    def _later(self, order: Order, *, fault: str | None = None) -> None:
        with self._core.db.write() as conn:
            later(conn, order, self._core.clock.now(), fault=fault)
