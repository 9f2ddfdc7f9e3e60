"""The money of stays over HTTP, read: how a stay stands, its days, what is left to see to. Every look is audited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection, Table, select

from server.core import Core
from server.http import CoreOf, StaffOf, language_of, staff_with
from server.identity.roles import EVERYWHERE
from server.identity.staff import Person
from server.money.charges import due
from server.money.daily import day_list, days_with_lines, table_of
from server.money.prices import PriceList
from server.money.requests import (
    DaySum,
    DayView,
    PriceView,
    StandingView,
    StayFound,
    StayMoney,
    UnchargedView,
)
from server.money.standing import Expectation, standing
from server.patients.models import Encounter, Patient
from server.patients.routes import known
from server.patients.service import residents
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_, speaking
from wardlink.ids import Id, Slug

router = APIRouter(prefix="/api/v1", tags=["money"])

Reader = Annotated[Person, Depends(staff_with("money.read"))]

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]

_NO_DAY = N_("{text} is no day. Write it as 2026-11-26.")


def prices_of(request: Request) -> PriceList:
    """The price list that holds now."""
    prices: PriceList = request.app.state.running.prices()
    return prices


Prices = Annotated[PriceList, Depends(prices_of)]


def expectation_of(request: Request) -> Expectation:
    """What the insurance of a stay is expected to pay, as this server estimates it."""
    found: Expectation = request.app.state.insurance.expected_fen
    return found


Expected = Annotated[Expectation, Depends(expectation_of)]


def day_of(day: Annotated[str, Path(max_length=10)]) -> date:
    """The day of the address.

    Raises:
        InvalidInput: it is none.
    """
    try:
        return date.fromisoformat(day)
    except ValueError as exc:
        raise InvalidInput(_NO_DAY, text=day) from exc


Day = Annotated[date, Depends(day_of)]


def view_of(conn: Connection, core: Core, expected: Expectation, encounter: str) -> StandingView:
    """How a stay stands now, what its insurance is expected to pay left out."""
    from_insurance_fen = expected(conn, encounter)
    found = standing(conn, encounter, core.clock.now(), from_insurance_fen=from_insurance_fen)
    return StandingView.of(encounter, found)


@contextmanager
def _of_stay(core: Core, reader: Person, encounter: str, what: str, action: str = "view") -> Iterator[Connection]:
    """A transaction that reads the money of a stay, for those who may; audited."""
    with core.db.read() as conn:
        known(conn, encounter, reader, "money.read")
        yield conn
    core.audit(action, actor=str(reader.actor), what=what, encounter=encounter)


@router.get("/encounters/{encounter}/money", summary="How a stay stands")
def stands(core: CoreOf, reader: StaffOf, expected: Expected, encounter: Id) -> StandingView:
    """Deposit, charges not settled, what is left and for how many days; the level of arrears."""
    with _of_stay(core, reader, encounter, "money") as conn:
        return view_of(conn, core, expected, encounter)


@router.get("/encounters/{encounter}/money/days", summary="The days on which something was charged")
def days(core: CoreOf, reader: StaffOf, encounter: Id) -> list[DaySum]:
    """In order, each with its sum."""
    with _of_stay(core, reader, encounter, "money, days") as conn:
        return [DaySum(day=day, amount_fen=amount_fen) for day, amount_fen in days_with_lines(conn, encounter)]


@router.get("/encounters/{encounter}/money/days/{day}.csv", summary="The list of a day as a table")
def day_table(core: CoreOf, reader: StaffOf, request: Request, encounter: Id, day: Day) -> Response:
    """In UTF-8 with a byte order mark and in the language of the one who asks. Audited as an export."""
    with _of_stay(core, reader, encounter, f"money of {day}", "export") as conn:
        found = day_list(conn, encounter, day, core.clock.now())
    with speaking(language_of(request)):
        body = table_of(found)
    name = f'attachment; filename="charges-{encounter}-{day}.csv"'
    return Response(body, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


@router.get("/encounters/{encounter}/money/days/{day}", summary="The list of a day")
def one_day(core: CoreOf, reader: StaffOf, request: Request, encounter: Id, day: Day) -> DayView:
    """Every line with its record, subtotals, the sum so far and what was held of the deposit."""
    with _of_stay(core, reader, encounter, f"money of {day}") as conn:
        found = day_list(conn, encounter, day, core.clock.now())
    with speaking(language_of(request)):
        return DayView.of(found)


@router.get("/encounters/{encounter}/money/uncharged", summary="What was done and cannot be charged")
def uncharged(core: CoreOf, reader: StaffOf, request: Request, encounter: Id, prices: Prices) -> list[UnchargedView]:
    """Because the price list lacks something: a person must see to it."""
    with _of_stay(core, reader, encounter, "money, uncharged") as conn:
        found = due(conn, encounter, prices, core.clock.now()).uncharged
    with speaking(language_of(request)):
        return [
            UnchargedView(
                source_kind=each.line.source_kind,
                source_id=each.line.source_id,
                item=each.line.item,
                at=each.line.at,
                why=each.text(),
            )
            for each in found
        ]


@router.get("/wards/{ward}/money", summary="How the stays of a ward stand")
def of_ward(core: CoreOf, reader: Reader, expected: Expected, ward: Slug) -> list[StayMoney]:
    """In the order of the beds."""
    with core.db.read() as conn:
        found = [
            StayMoney(bed=stay.bed, name=stay.name, standing=view_of(conn, core, expected, stay.id))
            for stay in residents(conn, ward)
        ]
    core.audit("list", actor=str(reader.actor), what=f"money of ward {ward}")
    return found


@router.get("/money/stays", summary="A stay by its number")
def by_number(core: CoreOf, reader: Reader, admission_no: Annotated[str, Query(max_length=20)]) -> StayFound:
    """For a cashier, who has no ward: the whole number, and nothing less."""
    query = select(
        _ENCOUNTER.c.id.label("encounter"),
        _ENCOUNTER.c.admission_no,
        _PATIENT.c.name,
        _ENCOUNTER.c.ward,
        _ENCOUNTER.c.bed,
        _ENCOUNTER.c.status,
    ).join(_PATIENT, _PATIENT.c.id == _ENCOUNTER.c.patient)
    query = query.where(_ENCOUNTER.c.admission_no == admission_no)
    if reader.role not in EVERYWHERE:
        query = query.where(_ENCOUNTER.c.ward.in_(reader.wards))
    with core.db.read() as conn:
        row = conn.execute(query).first()
    found = None if row is None else StayFound(**row._mapping)
    core.audit(
        "search", actor=str(reader.actor), what="stay by number", encounter=None if found is None else found.encounter
    )
    if found is None:
        raise NotFound(what="stay", name=admission_no)
    return found


@router.get("/money/prices", summary="The price list")
def prices_on(
    core: CoreOf,
    _reader: Reader,
    request: Request,
    prices: Prices,
    text: Annotated[str, Query(max_length=60, description="Part of a code or a name.")] = "",
    on: date | None = None,
) -> list[PriceView]:
    """With what each item costs on this day; today, if nothing is said."""
    day, sought = on or ward_date(core.clock.now()), text.casefold()
    with speaking(language_of(request)):
        return [
            PriceView.of(item, day)
            for item in prices.items.values()
            if any(sought in part.casefold() for part in (item.code, item.name_zh, item.name_en, item.national))
        ]
