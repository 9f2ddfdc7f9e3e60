"""A patient asks for something: taken once, merged while it is open, refused in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.money.charges import charge_by_hand
from server.money.prices import E4, sample_prices
from tests.server.meals.table import laid
from tests.server.requests.asked import asked, asks, decides, requests, says, stands, takes_back
from tests.server.wards import NOW, STAY_1, STAY_2, SmallWard
from wardlink.clinical.requests.catalogue import most_a_day, most_open, offers
from wardlink.clinical.requests.shopping import articles
from wardlink.ids import new_id
from wardlink.messages.base import Actor

TOWEL = [{"code": "towel", "quantity": 2}]


def at(hours: float) -> str:
    """So many hours from now."""
    return (NOW + timedelta(hours=hours)).isoformat()


def test_a_request_is_told_to_the_ward_and_to_its_bed(ward: SmallWard) -> None:
    """With who asks, where, and since when."""
    found = stands(ward, asked(ward, "repair", "call-cord"))

    assert (found.state, found.urgent, found.bed, found.requested_at) == ("requested", True, "b1", NOW)
    assert [row["bed"] for row in ward.changes("request.changed")] == ["b1"]
    ward.check_chains()


@pytest.mark.parametrize("category", ["care", "cleaning", "repair", "interpreter"])
def test_everything_that_is_offered_can_be_asked_for(ward: SmallWard, category: Any) -> None:
    """Each of the table, up to what may be open at a time."""
    for code in list(offers(category))[: most_open()]:
        asked(ward, category, code)

    assert {one.state for one in requests(ward)} == {"requested"}


def test_a_command_that_comes_twice_is_one_request_asked_once(ward: SmallWard) -> None:
    """The terminal sends again until it has its receipt."""
    command = asks(ward.terminal, "repair", "lamp")

    outcomes = [ward.answer(command).outcome, ward.answer(command).outcome]

    assert outcomes == ["applied", "already-applied"]
    assert [one.count for one in requests(ward)] == [1]


def test_the_same_thing_again_goes_into_the_open_request(ward: SmallWard) -> None:
    """However often it is touched; another thing is another request, and after its end a new one begins."""
    first = asked(ward, "repair", "lamp")
    asked(ward, "repair", "lamp")
    asked(ward, "repair", "bed")
    assert [(one.id == first, one.count) for one in requests(ward)] == [(True, 2), (False, 1)]

    says(ward, "complete", first)
    again = asked(ward, "repair", "lamp")

    assert [one.id for one in requests(ward)][::2] == [first, again]


def test_what_is_asked_for_later_holds_until_somebody_has_taken_it(ward: SmallWard) -> None:
    """Afterwards the patient is told that it is arranged."""
    name = asked(ward, "shopping", "list", articles=TOWEL)
    asked(ward, "shopping", "list", articles=[{"code": "soap", "quantity": 1}])
    assert [(one.code, one.quantity) for one in stands(ward, name).articles] == [("soap", 1)]

    says(ward, "accept", name)
    refused = ward.answer(asks(ward.terminal, "shopping", "list", articles=TOWEL))

    assert (refused.outcome, "arranged already" in (refused.reason_en or "")) == ("refused", True)
    assert asked(ward, "shopping", "list", articles=[{"code": "soap", "quantity": 1}])
    assert stands(ward, name).count == 3


REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("repair", "roof", {}, "not offered"),
    ("query", "list", {}, "not offered"),
    ("shopping", "soap", {"articles": TOWEL}, "not offered"),
    ("shopping", "list", {}, "empty"),
    ("shopping", "list", {"articles": [{"code": "aspirin", "quantity": 1}]}, "not offered"),
    ("shopping", "list", {"articles": TOWEL + TOWEL}, "not offered"),
    ("shopping", "list", {"articles": [{"code": "towel", "quantity": 4}]}, "more of something"),
    ("shopping", "list", {"articles": [{"code": "apple", "quantity": 1}]}, "No diet has been ordered"),
    ("repair", "lamp", {"articles": TOWEL}, "not offered"),
    ("repair", "lamp", {"from_at": at(1)}, "not offered"),
    ("care", "hours-4", {"from_at": at(48.1)}, "day after tomorrow"),
    ("care", "hours-4", {"from_at": at(-24.1)}, "day after tomorrow"),
]


@pytest.mark.parametrize(("category", "code", "body", "why"), REFUSED)
def test_what_cannot_be_had_is_refused_in_words(
    ward: SmallWard, category: str, code: str, body: dict[str, Any], why: str
) -> None:
    """And leaves nothing behind."""
    receipt = ward.answer(asks(ward.terminal, category, code, **body))

    assert receipt.outcome == "refused"
    assert why in (receipt.reason_en or "")
    assert receipt.reason_zh not in (None, receipt.reason_en)
    assert requests(ward) == []


@pytest.mark.parametrize("hours", [-24, 0, 48])
def test_a_care_worker_comes_within_these_times(ward: SmallWard, hours: float) -> None:
    """Both ends are in it; a terminal that was offline may be a day late."""
    assert stands(ward, asked(ward, "care", "hours-4", from_at=at(hours))).from_at == NOW + timedelta(hours=hours)


def test_as_much_of_an_article_as_the_table_says(ward: SmallWard) -> None:
    """The most of each."""
    wanted = [{"code": code, "quantity": a.most} for code, a in articles().items() if a.food is None]

    assert len(stands(ward, asked(ward, "shopping", "list", articles=wanted)).articles) == len(wanted)


def test_food_follows_the_diet_of_now(ward: SmallWard) -> None:
    """The terminal's card may be older than the order."""
    decides(ward, diet="regular")
    laid(ward).look(STAY_1)
    apple = [{"code": "apple", "quantity": 1}]
    asked(ward, "shopping", "list", articles=apple)

    decides(ward, diet="diabetic")
    laid(ward).look(STAY_1)

    assert "diabetic" in (ward.answer(asks(ward.terminal, "shopping", "list", articles=apple)).reason_en or "")


def test_only_the_patient_of_this_bed_asks(ward: SmallWard) -> None:
    """Neither for another, nor from another bed."""
    other = Actor(kind="patient", id=STAY_2)

    outcomes = [
        ward.answer(asks(ward.terminal, "repair", "lamp", by=other)).outcome,
        ward.answer(asks(ward.terminal_2, "repair", "lamp")).outcome,
        ward.answer(asks(ward.terminal, "repair", "lamp", by=other, stay=STAY_2)).outcome,
    ]

    assert outcomes == ["refused"] * 3
    assert requests(ward) == requests(ward, STAY_2) == []


def test_there_is_an_end_to_what_may_be_open(ward: SmallWard) -> None:
    """One more is refused; one that is open already is not one more."""
    things = [(c, code) for c in ("cleaning", "repair") for code in offers(c)]  # type: ignore[arg-type]
    for category, code in things[: most_open()]:
        asked(ward, category, code)

    receipt = ward.answer(asks(ward.terminal, *things[most_open()]))

    assert (receipt.outcome, "several things" in (receipt.reason_en or "")) == ("refused", True)
    asked(ward, *things[0])
    assert len(requests(ward)) == most_open()


def test_there_is_an_end_to_what_may_be_asked_in_a_day(ward: SmallWard) -> None:
    """A day later it can be asked again."""
    for _turn in range(most_a_day()):
        takes_back(ward, asked(ward, "cleaning", "bin"))

    assert "many things today" in (ward.answer(asks(ward.terminal, "cleaning", "bin")).reason_en or "")
    ward.clock.advance(24 * 3600 + 1)
    asked(ward, "cleaning", "bin")


def test_a_question_is_about_a_line_of_the_own_bill(ward: SmallWard) -> None:
    """What stood there is the ledger's word and not the terminal's; another's line cannot be asked about."""
    lines = {}
    for stay in (STAY_1, STAY_2):
        with ward.db.write() as conn:
            row = charge_by_hand(
                conn,
                encounter=stay,
                item=sample_prices().items["bed-3"],
                quantity_e4=E4,
                at=NOW,
                reason="x",
                key=new_id(),
                now=NOW,
                actor="staff:c1",
            )
        lines[stay] = row
    mine = lines[STAY_1]
    about = {"line": mine.entry, "day": "2026-11-25", "name": "金条", "amount_fen": 1}

    found = stands(ward, asked(ward, "query", mine.entry, about=about))

    assert found.about is not None
    assert (found.about.name, found.about.amount_fen) == (mine.name_zh, mine.amount_fen)
    foreign = about | {"line": lines[STAY_2].entry}
    assert ward.answer(asks(ward.terminal, "query", lines[STAY_2].entry, about=foreign)).outcome == "refused"
    assert ward.answer(asks(ward.terminal, "query", lines[STAY_2].entry, about=about)).outcome == "refused"
