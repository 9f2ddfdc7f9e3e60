"""The step in which the rest of the deposits goes back: through its channel by itself, or by a person's hand."""

from __future__ import annotations

from server.money.deposits import deposit_refund, lock_stay, refund_done
from server.payments.orders import By
from server.settlement import waits
from server.settlement.moves import Tools, Turn, advance, note
from server.settlement.payouts import BY_HAND
from server.settlement.rows import PAYOUT, Payout, Saga, mark_payout, payouts_of
from server.settlement.waits import Wait
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_, domain
from wardlink.money import AmountInvalid

_ = domain("server").gettext

ASKER = By("system:settlement")
"""Who asks for the refund of what is left: the rules, not a person; who lets the settlement go on agrees to it."""

REASON = N_("Rest of the deposit after settlement")
_ANOTHER_WAY = N_("It can be handed out in cash or by bank transfer.")
_NOT_BY_HAND = N_("This part goes back through its payment channel by itself.")


def refund(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """Everything that was left has gone back."""
    for payout in _payouts(tools, saga):
        if payout.status == "due" and payout.pay_order is not None:
            _through_channel(tools, payout, _agreeing(saga, turn))
    left = [payout for payout in _payouts(tools, saga) if payout.status in ("due", "refused")]
    if not left:
        with tools.core.db.write() as conn:
            advance(tools, conn, saga, turn)
        return None
    by_hand = next((payout for payout in left if payout.by_hand), None)
    if by_hand is None:
        return waits.money("refund-under-way", waits.REFUND_UNDER_WAY, amount=left[0].amount_fen)
    sentence = waits.PAYOUT if by_hand.status == "due" else waits.PAYOUT_REFUSED
    return waits.money("payout", sentence, amount=by_hand.amount_fen)


def hand_out(tools: Tools, saga: Saga, no: int, way: str, by: By) -> None:
    """A person has handed out this part, in cash or by bank transfer; the same again changes nothing.

    Raises:
        NotFound: there is no such part.
        Collision: it goes back through its channel.
        InvalidInput: there is no such way.
        AmountInvalid: the deposit is needed for what was charged meanwhile.
    """
    if way not in BY_HAND:
        raise InvalidInput(_ANOTHER_WAY)
    now, key = tools.now(), f"settlement:{saga.id}:out:{no}"
    with tools.core.db.write() as conn:
        lock_stay(conn, saga.encounter)
        payout = next((each for each in payouts_of(conn, saga.id) if each.no == no), None)
        if payout is None:
            raise NotFound(what="payment", name=str(no))
        if payout.status == "done" and payout.way in BY_HAND:
            return
        if not payout.by_hand:
            raise Collision(_NOT_BY_HAND)
        stay, amount_fen, source = saga.encounter, payout.amount_fen, f"settlement:{saga.id}"
        deposit_refund(
            conn,
            encounter=stay,
            amount_fen=amount_fen,
            channel=way,
            key=key,
            at=now,
            actor=by.actor,
            source=source,
            note=_(REASON),
        )
        if way == "bank":
            refund_done(
                conn,
                encounter=stay,
                amount_fen=amount_fen,
                channel=way,
                key=f"{key}:done",
                at=now,
                actor=by.actor,
                source=source,
            )
        mark_payout(conn, payout, status="done", way=way, done_at=now, done_by=by.actor)
        note(tools, conn, saga, by, "settlement-payout", no=no, way=way, amount_fen=amount_fen)


def _agreeing(saga: Saga, turn: Turn) -> By:
    """Who agrees to a refund: the person who lets the settlement go on, else the cashier who has closed its bill."""
    by_itself = turn.by.actor.startswith("system:")
    return By(saga.audited_by) if by_itself and saga.audited_by is not None else turn.by


def _through_channel(tools: Tools, payout: Payout, by: By) -> None:
    refunds = tools.payments.refunds
    assert payout.pay_order is not None
    if payout.refund is None:
        asked = refunds.ask(
            payout.pay_order,
            key=f"settlement:{payout.settlement[:36]}:{payout.no}",
            amount_fen=payout.amount_fen,
            reason=_(REASON),
            by=ASKER,
        )
        with tools.core.db.write() as conn:
            conn.execute(
                PAYOUT.update()
                .where(PAYOUT.c.settlement == payout.settlement, PAYOUT.c.no == payout.no)
                .values(refund=asked.id)
            )
    else:
        asked = refunds.called(payout.refund)
    if asked.status == "asked":
        try:
            asked = refunds.agree(asked.id, by)
        except AmountInvalid:
            # The deposit is needed for what was charged since; it stays, and another settlement gives it back.
            refunds.decline(asked.id, by, _(waits.REFUND_KEPT))
            _end(tools, payout, "kept")
            return
    elif asked.is_open:
        asked = refunds.push(asked.id)
    if asked.status == "done":
        _end(tools, payout, "done", way=payout.channel, done_at=asked.done_at, done_by=asked.agreed_by)
    elif asked.status in ("refused", "declined"):
        _end(tools, payout, "refused")


def _end(tools: Tools, payout: Payout, status: str, **values: object) -> None:
    with tools.core.db.write() as conn:
        mark_payout(conn, payout, status=status, **values)


def _payouts(tools: Tools, saga: Saga) -> list[Payout]:
    with tools.core.db.read() as conn:
        return payouts_of(conn, saga.id)
