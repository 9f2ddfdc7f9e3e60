"""The rows of a stay's dealings: read, and moved in the transaction in which a message ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from server.insurance.models import InsuranceFee, InsuranceSettlement, InsuranceStay
from server.insurance.port import Bill, FeeAnswer, Settlement, Visit
from server.insurance.stages import Stage
from server.patients.models import Encounter
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_

STAY: Table = InsuranceStay.__table__  # type: ignore[attr-defined]
FEE: Table = InsuranceFee.__table__  # type: ignore[attr-defined]
SETTLEMENT: Table = InsuranceSettlement.__table__  # type: ignore[attr-defined]
_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]

INSUTYPES = {"employee": "310", "resident": "390"}
"""What the platform calls the schemes. Source: ward domain sheet 8.1."""

_NOT_INSURED = N_("Nobody has said how this stay is insured. Read the insurance card first.")


def insured_stay(conn: Connection, encounter: str) -> Row[Any] | None:
    """How a stay is insured; None if nobody has said."""
    return conn.execute(select(STAY).where(STAY.c.encounter == encounter)).first()


def visit_of(conn: Connection, encounter: str) -> tuple[Visit, Stage]:
    """A stay as it is dealt with over there, and how far.

    Raises:
        NotFound: there is no such stay.
        InvalidInput: nobody has said how it is insured, or the platform was not asked yet.
    """
    stay = conn.execute(select(_ENCOUNTER).where(_ENCOUNTER.c.id == encounter)).first()
    if stay is None:
        raise NotFound(what="stay", name=encounter)
    insured = insured_stay(conn, encounter)
    if insured is None or insured.psn_no is None:
        raise InvalidInput(_NOT_INSURED)
    visit = Visit(
        encounter=encounter,
        admission_no=stay.admission_no,
        psn_no=insured.psn_no,
        insutype=INSUTYPES[insured.scheme],
        area=insured.area,
        admitted_at=stay.admitted_at,
        discharged_at=stay.discharged_at,
        mdtrt_id=insured.mdtrt_id,
    )
    return visit, insured.stage


def move(conn: Connection, encounter: str, stage: Stage, **values: Any) -> None:
    """Let the stay stand at this stage."""
    conn.execute(update(STAY).where(STAY.c.encounter == encounter).values(stage=stage, **values))


def keep_fees(conn: Connection, encounter: str, answers: Sequence[FeeAnswer]) -> None:
    """Lines that now stand over there."""
    rows = [asdict(answer) | {"grade": answer.grade.value, "encounter": encounter} for answer in answers]
    if rows:
        conn.execute(insert(FEE), rows)


def drop_fees(conn: Connection, encounter: str) -> None:
    """No line of the stay stands over there any more."""
    conn.execute(delete(FEE).where(FEE.c.encounter == encounter))


def sent_fees(conn: Connection, encounter: str) -> frozenset[str]:
    """The names of the lines that stand over there."""
    return frozenset(conn.execute(select(FEE.c.sn).where(FEE.c.encounter == encounter)).scalars())


def bill_of(conn: Connection, encounter: str, *, use_account: bool, invoice: str) -> Bill:
    """What is settled: the sums of the lines as the platform has split them."""
    columns = (FEE.c.amount_fen, FEE.c.own_fen, FEE.c.over_fen, FEE.c.first_fen, FEE.c.scope_fen)
    query = select(*(func.coalesce(func.sum(column), 0) for column in columns)).where(FEE.c.encounter == encounter)
    total, own, over, first, scope = (int(value) for value in conn.execute(query).one())
    return Bill(total, own, over, first, scope, use_account=use_account, invoice=invoice)


def keep_settlement(
    conn: Connection,
    encounter: str,
    answer: Settlement,
    estimate: Mapping[str, Any] | None,
    *,
    actor: str,
    at: datetime,
) -> None:
    """What the platform has settled, beside what was expected."""
    conn.execute(
        insert(SETTLEMENT).values(
            setl_id=answer.setl_id,
            encounter=encounter,
            at=at,
            actor=actor,
            answer=asdict(answer),
            estimate=estimate,
            doubts=list(answer.doubts()),
        )
    )


def undo_settlement(conn: Connection, encounter: str, at: datetime) -> None:
    """The settlement that stands was taken back."""
    standing = (SETTLEMENT.c.encounter == encounter) & SETTLEMENT.c.undone_at.is_(None)
    conn.execute(update(SETTLEMENT).where(standing).values(undone_at=at))


def standing(conn: Connection, encounter: str) -> Row[Any] | None:
    """The settlement of a stay that stands; None if there is none."""
    query = select(SETTLEMENT).where(SETTLEMENT.c.encounter == encounter, SETTLEMENT.c.undone_at.is_(None))
    return conn.execute(query).first()


def settlement_in(row: Row[Any]) -> Settlement:
    """A row's answer."""
    return Settlement(**row.answer)


def differences(answer: Mapping[str, Any], estimate: Mapping[str, Any] | None) -> dict[str, int]:
    """Where the platform's answer is not what was expected: its amount less ours, in fen, by name."""
    if estimate is None:
        return {}
    compared = ("total", "own", "over", "first", "scope", "deductible", "pooled", "fund", "person", "account", "cash")
    found = {name: int(answer[name]) - int(estimate[name]) for name in compared if name in estimate}
    return {name: difference for name, difference in found.items() if difference}
