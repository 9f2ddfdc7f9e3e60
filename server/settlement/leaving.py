"""Two ways that leave the insurance platform: going on without it, and taking back what it has settled (2305).

Both are a person's decision with a reason. Taking back asks another house, so it is a step like the others: the row
says first that it is wanted, and whoever looks next finishes it.
"""

from __future__ import annotations

from server.money.deposits import lock_stay
from server.money.ledger import reverse
from server.payments.orders import By
from server.settlement.moves import Tools, Turn, bill_of, note
from server.settlement.rows import Saga, drop_lines, move, saga_called
from server.settlement.waits import Wait
from wardlink.errors import Collision, InvalidInput
from wardlink.i18n import N_

_REASON = N_("Please say why.")
_NOT_ASKED = N_("The insurance platform has no part in this settlement now, or may have settled it already.")
_NOTHING_THERE = N_("Only what the insurance platform has settled can be taken back, and only before money has moved.")


def without_platform(tools: Tools, id: str, *, reason: str, by: By) -> None:
    """The platform does not answer, or refuses: go on by our own estimate, or let the patient pay and claim it later.

    Raises:
        Collision: it has no part in this settlement, or what was sent may have been done.
        InvalidInput: without a reason.
    """
    reason = _said(reason)
    with tools.core.db.write() as conn:
        saga = saga_called(conn, id, to_write=True)
        cover = saga.insured
        waits_there = saga.step in ("upload", "presettle", "settle") and saga.sent_at is None
        if cover is None or not cover.online or not waits_there or not saga.is_open:
            raise Collision(_NOT_ASKED)
        offline = cover.model_copy(update={"online": False}).model_dump(mode="json")
        unsaid = dict.fromkeys(("division", "confirmed_fen", "confirmed_at", "confirmed_by"))
        move(conn, saga, "presettle", cover=offline, **unsaid)
        note(tools, conn, saga, by, "settlement-without-platform", reason=reason)


def want_back(tools: Tools, id: str, *, reason: str, by: By) -> None:
    """Let what the platform has settled be taken back; another settlement may begin afterwards.

    Raises:
        Collision: it has not settled this, or money has moved since.
        InvalidInput: without a reason.
    """
    reason = _said(reason)
    with tools.core.db.write() as conn:
        saga = saga_called(conn, id, to_write=True)
        if saga.is_going_back or saga.status == "abandoned":
            return
        settled = saga.is_open and saga.sent_at is not None and saga.step in ("settle", "collect")
        if not settled or saga.divided.source != "platform":
            raise Collision(_NOTHING_THERE)
        move(conn, saga, saga.step, ended_by=by.actor, ended_reason=reason)
        note(tools, conn, saga, by, "settlement-back-wanted", reason=reason)


def go_back(tools: Tools, saga: Saga, turn: Turn) -> Wait | None:
    """The platform takes its settlement back; its part is taken out of the books, and the lines are free again."""
    tools.platform().unsettle(bill_of(tools, saga, turn))
    now = tools.now()
    with tools.core.db.write() as conn:
        lock_stay(conn, saga.encounter)
        if not move(conn, saga, saga.step, status="abandoned", ended_at=now):
            return None
        if saga.step == "collect" and (saga.divided.insurance_fen or saga.divided.hospital_fen):
            reverse(
                conn,
                f"settlement:{saga.id}:insurance",
                reason=saga.ended_reason or "",
                at=now,
                actor=saga.ended_by or turn.by.actor,
            )
        drop_lines(conn, saga)
        note(tools, conn, saga, turn.by, "settlement-taken-back", reference=saga.divided.reference)
    return None


def _said(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput(_REASON)
    return reason.strip()[:200]
