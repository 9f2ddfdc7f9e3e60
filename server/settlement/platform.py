"""The insurance platform as a settlement needs it, over the dealings with it: each step once, asked before sent again.

What the stay still lacks over there is made up for on the way: its admission (2401) with the first lines, and the
discharge (2402) where the province wants it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from server.insurance.billing import fees
from server.insurance.dealings import Dealings
from server.insurance.engine import Estimate
from server.insurance.port import NotEntitled, PlatformAway, PlatformRefused, ResultUnknown, Settlement
from server.settlement.insurer import Bill, CardNeeded, Division, InsurerAway, InsurerDoubtful, InsurerRefused
from wardlink.i18n import domain

_ = domain("server").gettext


class PlatformInsurer:
    """The port `Insurer` of the national platform."""

    def __init__(self, dealings: Dealings, *, discharge_first: bool = True) -> None:
        """`discharge_first`: whether this province wants 2402 before 2304, or after it."""
        self._dealings = dealings
        self._discharge_first = discharge_first

    def upload(self, bill: Bill) -> None:
        """Let exactly these lines stand over there. An admission that nobody has reported yet is reported first."""
        stay, by = bill.encounter, bill.by
        wanted = fees(bill.lines)
        with _in_our_words():
            self._dealings.clear(stay, actor=by)
            stage, sent = self._dealings.where(stay)
            if stage == "none":
                if bill.card is None:
                    raise CardNeeded
                self._dealings.register(stay, bill.card, actor=by)
            if stage == "discharged" and sent != {fee.sn for fee in wanted}:
                self._dealings.back(stay, actor=by)
            self._dealings.upload(stay, wanted, actor=by)

    def presettle(self, bill: Bill) -> Division:
        """Who would pay what (2303)."""
        if bill.card is None:
            raise CardNeeded
        with _in_our_words():
            if self._discharge_first:
                self._dealings.discharge(bill.encounter, actor=bill.by)
            answer = self._dealings.presettle(
                bill.encounter,
                bill.card,
                use_account=bill.cover.use_account,
                invoice=invoice_of(bill),
                actor=bill.by,
            )
        return _division(bill, answer)

    def settle(self, bill: Bill) -> Division:
        """Settle (2304)."""
        if bill.card is None:
            raise CardNeeded
        with _in_our_words():
            answer = self._dealings.settle(
                bill.encounter,
                bill.card,
                use_account=bill.cover.use_account,
                invoice=invoice_of(bill),
                actor=bill.by,
                estimate=None if bill.expected is None else _sums(bill.expected),
            )
        return self._ended(bill, answer)

    def found(self, bill: Bill) -> Division | None:
        """What stands over there; a message without an answer is cleared up first (5203, 2601)."""
        with _in_our_words():
            self._dealings.clear(bill.encounter, actor=bill.by)
        answer = self._dealings.standing(bill.encounter)
        return None if answer is None else self._ended(bill, answer)

    def unsettle(self, bill: Bill) -> None:
        """Take it back (2305), and a discharge that was reported after it before (2405)."""
        with _in_our_words():
            self._dealings.clear(bill.encounter, actor=bill.by)
            while self._dealings.standing(bill.encounter) is not None:
                self._dealings.back(bill.encounter, actor=bill.by)

    def _ended(self, bill: Bill, answer: Settlement) -> Division:
        if not self._discharge_first:
            with _in_our_words():
                self._dealings.discharge(bill.encounter, actor=bill.by)
        return _division(bill, answer)


def invoice_of(bill: Bill) -> str:
    """The number (invono) under which a bill is settled over there; it has room for 20 characters."""
    return bill.settlement.replace("-", "")[-20:]


def _division(bill: Bill, answer: Settlement) -> Division:
    doubts: Sequence[str] = answer.doubts()
    if answer.total != bill.total_fen:
        doubts = [*doubts, "total = bill"]
    if doubts:
        raise InsurerDoubtful(sums="; ".join(doubts))
    expected = bill.expected
    return Division(
        "platform",
        answer.total,
        answer.fund,
        answer.account,
        answer.hospital,
        answer.cash,
        reference=answer.setl_id,
        expected_fund_fen=None if expected is None else expected.fund,
        expected_cash_fen=None if expected is None else expected.cash,
    )


def _sums(expected: Estimate) -> dict[str, Any]:
    return {field.name: getattr(expected, field.name) for field in fields(expected) if field.name != "steps"}


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except PlatformRefused as exc:
        raise InsurerRefused(reason=str(exc.params["reason"])) from exc
    except NotEntitled as exc:
        raise InsurerRefused(reason=_(NotEntitled.sentence)) from exc
    except (PlatformAway, ResultUnknown) as exc:
        raise InsurerAway from exc
