"""How a stay stands: what was paid ahead, what was used, for how many days the rest will do, and what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select, update

from server.money.deposits import held, lock_stay, unsettled
from server.money.facts import facts_of
from server.money.lines import LINE
from server.money.models import MoneyAgreement
from server.money.policy import AgreementKind, ArrearsLevel, Ground, grounds_of, level_of, runway_over_days
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_

AGREEMENT: Table = MoneyAgreement.__table__  # type: ignore[attr-defined]

Expectation = Callable[[Connection, str], int]
"""What of the charges of a stay its insurance is expected to pay, in fen: an estimate."""

_GROUND = N_("This is not agreed on this ground. Possible are: {grounds}.")
_OTHERAGREEMENT = N_("Under this number something else was agreed already.")
_ENDED = N_("This agreement has ended already.")


@dataclass(frozen=True)
class Standing:
    """All amounts in fen. `per_day_fen` and `runway_days` are None where no whole day says what a day costs.

    `from_insurance_fen`: what of the charges is expected from an insurance, an estimate, and not asked of the patient.
    """

    deposit_fen: int
    unsettled_fen: int
    from_insurance_fen: int
    available_fen: int
    credit_fen: int
    per_day_fen: int | None
    runway_days: int | None
    level: ArrearsLevel
    agreements: tuple[Row[Any], ...]


def standing(conn: Connection, encounter: str, now: datetime, *, from_insurance_fen: int = 0) -> Standing:
    """How a stay stands now. `from_insurance_fen`: what of its charges an insurance is expected to pay.

    Raises:
        NotFound: there is no such stay.
    """
    stay = facts_of(conn, encounter)
    per_day_fen = None
    if stay.discharged_at is None:
        per_day_fen = _per_day(conn, encounter, ward_date(stay.admitted_at), ward_date(now))
    agreements = agreements_of(conn, encounter, only_open=True)
    return of_sums(held(conn, encounter), unsettled(conn, encounter), from_insurance_fen, agreements, per_day_fen)


def of_sums(
    deposit_fen: int,
    unsettled_fen: int,
    from_insurance_fen: int,
    agreements: Sequence[Row[Any]],
    per_day_fen: int | None,
) -> Standing:
    """What follows from the sums of a stay, in fen. Pure.

    Of a day the patient is taken to bear what they bear of the stay so far, rounded up.
    """
    available_fen = deposit_fen - (unsettled_fen - from_insurance_fen)
    credit_fen = sum(row.credit_fen or 0 for row in agreements)
    own_a_day_fen = per_day_fen
    if per_day_fen is not None and 0 < from_insurance_fen <= unsettled_fen:
        own_a_day_fen = -(-per_day_fen * (unsettled_fen - from_insurance_fen) // unsettled_fen)
    return Standing(
        deposit_fen=deposit_fen,
        unsettled_fen=unsettled_fen,
        from_insurance_fen=from_insurance_fen,
        available_fen=available_fen,
        credit_fen=credit_fen,
        per_day_fen=per_day_fen,
        runway_days=runway(available_fen + credit_fen, own_a_day_fen),
        level=level_of(available_fen, deposit_fen, credit_fen=credit_fen, agreed=[row.kind for row in agreements]),
        agreements=tuple(agreements),
    )


def runway(left_fen: int, per_day_fen: int | None) -> int | None:
    """For how many whole days this will do; None where nobody knows what a day costs."""
    if per_day_fen is None or per_day_fen <= 0:
        return None
    return max(left_fen, 0) // per_day_fen


def agree(
    conn: Connection,
    *,
    id: str,
    encounter: str,
    kind: AgreementKind,
    ground: Ground,
    credit_fen: int | None,
    reason: str,
    at: datetime,
    actor: str,
) -> bool:
    """Write down what was agreed about a stay; False when it stands there already.

    Raises:
        NotFound: there is no such stay.
        InvalidInput: not on this ground.
        Collision: something else was agreed under this id.
    """
    lock_stay(conn, encounter)
    if ground not in grounds_of(kind):
        raise InvalidInput(_GROUND, grounds=", ".join(grounds_of(kind)))
    said = {"encounter": encounter, "kind": kind, "ground": ground, "credit_fen": credit_fen, "reason": reason}
    known = conn.execute(select(AGREEMENT).where(AGREEMENT.c.id == id)).first()
    if known is not None:
        if any(getattr(known, name) != value for name, value in said.items()):
            raise Collision(_OTHERAGREEMENT)
        return False
    conn.execute(insert(AGREEMENT).values(id=id, at=at, actor=actor, **said))
    return True


def end_agreement(conn: Connection, *, id: str, encounter: str, at: datetime, actor: str) -> None:
    """It does not hold any more.

    Raises:
        NotFound: the stay has no such agreement.
        Collision: it has ended already.
    """
    lock_stay(conn, encounter)
    here = (AGREEMENT.c.id == id) & (AGREEMENT.c.encounter == encounter)
    if conn.execute(select(AGREEMENT.c.id).where(here)).first() is None:
        raise NotFound(what="agreement", name=id)
    ending = update(AGREEMENT).where(here, AGREEMENT.c.ended_at.is_(None)).values(ended_at=at, ended_by=actor)
    if conn.execute(ending).rowcount == 0:
        raise Collision(_ENDED)


def agreements_of(conn: Connection, encounter: str, *, only_open: bool = False) -> Sequence[Row[Any]]:
    """What was agreed about a stay, the oldest first; with `only_open` what still holds."""
    query = select(AGREEMENT).where(AGREEMENT.c.encounter == encounter)
    if only_open:
        query = query.where(AGREEMENT.c.ended_at.is_(None))
    return conn.execute(query.order_by(AGREEMENT.c.at, AGREEMENT.c.id)).all()


def _per_day(conn: Connection, encounter: str, entry_on: date, today: date) -> int | None:
    since = max(entry_on, today - timedelta(days=runway_over_days()))
    days = (today - since).days
    if days <= 0:
        return None
    query = select(func.coalesce(func.sum(LINE.c.amount_fen), 0)).where(
        LINE.c.encounter == encounter, LINE.c.charged_on >= since, LINE.c.charged_on < today
    )
    return (int(conn.execute(query).scalar_one()) + days // 2) // days
