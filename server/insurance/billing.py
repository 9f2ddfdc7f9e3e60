"""What a stay costs, as the insurance wants to hear it: the lines that stand, for an estimate and for the platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row

from server.insurance.claim import Claim, Line
from server.insurance.codes import Grade
from server.insurance.port import Fee
from server.money import deposits
from server.money.lines import lines_of, stands
from wardlink.codes.frame import identity

GRADES: Mapping[str, Grade] = {"A": Grade.A, "B": Grade.B, "C": Grade.C}
"""Classes of the price list to those of the platform."""


def standing_lines(conn: Connection, encounter: str) -> list[Row[Any]]:
    """The lines that were not taken back, in the order in which they happened."""
    last = {(row.source_kind, row.source_id, row.item): row for row in _by_turn(conn, encounter)}
    return sorted((row for row in last.values() if stands(row)), key=lambda row: (row.at, row.entry))


def claim_of(conn: Connection, encounter: str, insured: Row[Any]) -> Claim:
    """The claim of a stay: what it costs so far, and what is known of the person's year."""
    return Claim(
        lines=tuple(
            Line(row.amount_fen, GRADES[row.insurance_class], share_bp=row.self_pay_bp)
            for row in standing_lines(conn, encounter)
        ),
        cap_used_fen=insured.cap_used_fen,
        critical_before_fen=insured.critical_before_fen,
        account_balance_fen=insured.balance_fen,
        account_allowed_fen=insured.account_allowed_fen,
        deposits_fen=max(deposits.held(conn, encounter), 0),
    )


def fees(lines: Iterable[Row[Any]]) -> list[Fee]:
    """Lines as the platform gets them; each is named after its entry in the ledger, in 26 characters.

    What costs nothing is left out: the platform refuses a line without an amount.
    """
    return [
        Fee(
            sn=identity(row.entry),
            at=row.at,
            national=row.national,
            hospital=row.item,
            amount_fen=row.amount_fen,
            quantity_e4=row.quantity_e4,
            price_fen=row.price_fen,
        )
        for row in lines
        if row.amount_fen
    ]


def _by_turn(conn: Connection, encounter: str) -> list[Row[Any]]:
    return sorted(lines_of(conn, encounter), key=lambda row: row.turn)
