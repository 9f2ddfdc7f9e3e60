"""The daily account with the platform: it agrees or names what differs, and a person deals with that; by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from server.insurance.account_clock import AccountClock
from server.insurance.accounts import Account, Accounts, accounts
from server.insurance.keeping import SETTLEMENT
from server.insurance.port import PlatformAway
from tests.server.insurance.office import CASHIER, Office
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotFound

ONE_DAY_LATER_S = 86_400 + 4 * 3_600
"""At noon, when the accounts of the day before are due."""


def listed(office: Office) -> list[Account]:
    """What was compared."""
    with office.ward.db.read() as conn:
        return accounts(conn, office.ward.clock.now())


def settled_yesterday(office: Office) -> Accounts:
    """One settlement, and the next day has come."""
    office.ready()
    office.settle()
    office.ward.clock.advance(ONE_DAY_LATER_S)
    return Accounts(office.ward.core, office.adapter)


def test_a_day_that_agrees_is_noted_and_asks_nothing_more(office: Office) -> None:
    """3201 for each insurance; the sums are those of the worked example."""
    found = settled_yesterday(office)
    day = ward_date(office.ward.clock.now())
    with pytest.raises(InvalidInput):
        found.ask(day, actor=CASHIER)
    yesterday = day.fromordinal(day.toordinal() - 1)
    found.ask(yesterday, actor=CASHIER)

    resident, employee = listed(office)
    assert (employee.insutype, employee.count, employee.total, employee.fund) == ("310", "1", "20000.00", "14110.00")
    assert (resident.insutype, resident.count, resident.total) == ("390", "0", "0.00")
    assert [each.state for each in (employee, resident)] == ["agrees", "agrees"]
    assert "3202" not in office.platform.taken
    with pytest.raises(Collision):
        found.close(employee.no, reason="x", actor=CASHIER)


def test_what_differs_is_named_and_a_person_deals_with_it(office: Office) -> None:
    """Taken back over there without our knowing: named by its number, and closed for good once."""
    found = settled_yesterday(office)
    (setl_id,) = office.standing()
    for visit in office.platform.visits.values():
        visit.settled = None
    assert AccountClock(found).look() == 3
    (wrong,) = [each for each in listed(office) if each.state == "open"]
    assert [(row["setl_id"], row["memo"]) for row in wrong.rows] == [(setl_id, "中心无此结算")]
    for no, reason, fault in ((wrong.no, " ", InvalidInput), (10**9, "x", NotFound)):
        with pytest.raises(fault):
            found.close(no, reason=reason, actor=CASHIER)
    found.close(wrong.no, reason="已与医保中心核对", actor=CASHIER)

    assert [each.state for each in listed(office) if each.no == wrong.no] == ["closed"]
    assert AccountClock(found).look() == 0
    with office.ward.db.write() as conn:
        conn.execute(update(SETTLEMENT).values(undone_at=office.ward.clock.now()))
    found.ask(wrong.on, actor=CASHIER)
    assert {each.state for each in listed(office) if each.on == wrong.on} == {"agrees"}


def test_a_platform_that_is_away_is_asked_again_after_half_an_hour(quick_office: Office) -> None:
    """Nothing is noted that was not answered."""
    found = settled_yesterday(quick_office)
    quick_office.platform.fates.append("broken")
    clock = AccountClock(found)
    with pytest.raises(PlatformAway):
        clock.look()
    assert (listed(quick_office), clock.look()) == ([], 0)
    quick_office.ward.clock.advance(1_801)

    assert clock.look() == 3
