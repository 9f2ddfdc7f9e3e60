"""What the ward says of a request, and what becomes of it when the patient leaves."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from server.snapshot import render_snapshot
from tests.server.requests.asked import asked, asks, requests, says, stands, takes_back
from tests.server.wards import DESK, NOW, OTHER_NURSE, STAY_1, SmallWard
from wardlink.clinical.requests.catalogue import OUTLIVES
from wardlink.messages.base import Actor
from wardlink.messages.changes import decode_snapshot
from wardlink.messages.encounters import Discharge, Transfer

DOCTOR = Actor(kind="staff", id="d1")


def test_every_step_has_its_time_and_who(ward: SmallWard) -> None:
    """From asked for to done."""
    name = asked(ward)
    for act in ("accept", "begin", "complete"):
        ward.clock.advance(60)
        assert says(ward, act, name).outcome == "applied"

    found = stands(ward, name)
    assert (found.state, found.owner_name, found.changed_at) == ("completed", "李静", NOW + timedelta(minutes=3))
    assert [(step.what, step.by_name) for step in found.steps] == [
        ("place", None),
        ("accept", "李静"),
        ("begin", "李静"),
        ("complete", "李静"),
    ]


def test_of_two_who_accept_the_first_one_has_it(ward: SmallWard) -> None:
    """The other's word is kept and moves nothing."""
    name = asked(ward)
    says(ward, "accept", name)
    says(ward, "accept", name, by=OTHER_NURSE)

    found = stands(ward, name)
    assert (found.owner_name, [step.counted for step in found.steps]) == ("李静", [True, True, False])


@pytest.mark.parametrize("order", list(permutations(["accept", "begin", "complete"])))
def test_in_whatever_order_the_carts_tell_it_it_is_done(ward: SmallWard, order: tuple[str, ...]) -> None:
    """Two carts were out of reach."""
    name = asked(ward)
    for act in order:
        says(ward, act, name)

    assert stands(ward, name).state == "completed"


def test_a_rejection_says_why(ward: SmallWard) -> None:
    """The patient reads it; without a reason it is not taken."""
    name = asked(ward)

    assert says(ward, "reject", name, reason="今天没有护工").outcome == "applied"
    assert (stands(ward, name).state, stands(ward, name).text) == ("rejected", "今天没有护工")
    assert "parked" in says(ward, "reject", asked(ward, "repair", "bed"), reason="  ").outcome


def test_the_patient_takes_back_what_nobody_has_begun(ward: SmallWard) -> None:
    """Afterwards it is refused in words."""
    first, second = asked(ward), asked(ward, "repair", "bed")
    says(ward, "accept", first)
    says(ward, "begin", second)

    assert takes_back(ward, first).outcome == "applied"
    late = takes_back(ward, second)
    assert (stands(ward, first).state, stands(ward, second).state) == ("cancelled", "in-progress")
    assert (late.outcome, "begun" in (late.reason_en or "")) == ("refused", True)


def test_neither_patients_nor_doctors_handle_requests(ward: SmallWard) -> None:
    """The one by who it is, the other by the table of rights."""
    name = asked(ward)
    patient = Actor(kind="patient", id=STAY_1)

    assert [says(ward, "accept", name, by=by).outcome for by in (patient, DOCTOR)] == ["refused", "refused"]
    assert stands(ward, name).state == "requested"


def test_what_nobody_knows_is_refused(ward: SmallWard) -> None:
    """A request of another ward's wipe, or none."""
    assert says(ward, "accept", STAY_1).outcome == "refused"


def discharged(ward: SmallWard) -> None:
    """The first patient leaves."""
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)


def test_with_the_stay_all_requests_end_but_repairs(ward: SmallWard) -> None:
    """A broken call cord stays broken for the next patient."""
    for category, code in (("care", "hours-4"), ("repair", "call-cord"), ("cleaning", "bin"), ("interpreter", "sign")):
        asked(ward, category, code)

    discharged(ward)

    assert {one.category for one in requests(ward) if one.state == "requested"} == OUTLIVES
    assert {one.state for one in requests(ward) if one.category not in OUTLIVES} == {"cancelled"}
    assert ward.answer(asks(ward.terminal, "cleaning", "floor")).outcome == "refused"
    cord = next(one for one in requests(ward) if one.code == "call-cord")
    assert says(ward, "complete", cord.id).outcome == "applied"
    ward.check_chains()


def test_a_moved_patient_takes_along_what_is_not_the_beds(ward: SmallWard) -> None:
    """The other ward is told of the care worker; the lamp stays where it hangs."""
    care, lamp = asked(ward, "care", "hours-4"), asked(ward)

    ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)

    assert [row["body"]["id"] for row in ward.changes("request.changed", "w2")] == [care]
    says(ward, "accept", lamp)
    assert stands(ward, lamp).bed == "b1"
    assert [row["body"]["state"] for row in ward.changes("request.changed")] == ["requested"] * 2 + ["accepted"]
    assert (stands(ward, care).bed, ward.changes("request.changed", "w2")[-1]["bed"]) == ("b1", "b1")


def test_a_terminal_holds_its_own_patients_requests_only(ward: SmallWard) -> None:
    """The snapshot of the next bed has none of them, and after the discharge the own one neither."""
    asked(ward, "care", "hours-4")

    def held(bed: str) -> int:
        with ward.db.read() as conn:
            text = render_snapshot(conn, "w1", ward.clock.now(), bed=bed)
        return len(decode_snapshot(text).records.get("request", ()))

    before = held("b1"), held("b2")
    discharged(ward)

    assert (before, held("b1")) == ((1, 0), 0)


def test_at_a_desk_the_later_one_is_told(desk: Any) -> None:
    """By the state it has now; nothing is changed."""
    name = asked(desk.ward)

    first = desk.post("n1", f"/requests/{name}/accept", {})
    second = desk.post("h1", f"/requests/{name}/accept", {})
    done = desk.post("h1", f"/requests/{name}/complete", {})

    assert (first.status_code, first.json()["owner_name"]) == (200, "李静")
    assert (second.status_code, "accepted" in second.json()["detail"]) == (409, True)
    assert done.json()["state"] == "completed"


def test_a_desk_says_why_or_is_asked_to(desk: Any) -> None:
    """A rejection without a reason, or with one that is too long, changes nothing."""
    name = asked(desk.ward)

    codes = [
        desk.post("n1", f"/requests/{name}/reject", {"text": text}).status_code for text in (None, "", " ", "x" * 301)
    ]

    assert codes == [422] * 4
    assert stands(desk.ward, name).state == "requested"
    assert desk.post("n1", f"/requests/{name}/reject", {"text": "没有人手"}).json()["text"] == "没有人手"


@pytest.mark.parametrize(("who", "code"), [(None, 401), ("x1", 403), ("d1", 403), ("c1", 403), ("tech", 403)])
def test_only_who_may_handles_requests(desk: Any, who: str | None, code: int) -> None:
    """Neither another ward nor another trade."""
    name = asked(desk.ward)

    assert desk.post(who, f"/requests/{name}/accept", {}).status_code == code
    assert stands(desk.ward, name).state == "requested"


def test_lists_put_what_is_urgent_first_and_are_audited(desk: Any) -> None:
    """By category and state, in pages."""
    for category, code in (("care", "hours-4"), ("repair", "lamp"), ("repair", "call-cord")):
        asked(desk.ward, category, code)
        desk.ward.clock.advance(1)

    def codes(query: str = "") -> list[str]:
        return [one["code"] for one in desk.get("n1", f"/wards/w1/requests{query}").json()["items"]]

    assert codes() == ["call-cord", "hours-4", "lamp"]
    assert codes("?category=care") == ["hours-4"]
    assert codes("?state=completed") == []
    assert codes("?limit=1&offset=1") == ["hours-4"]
    assert len(desk.get("n1", f"/encounters/{STAY_1}/requests").json()) == 3
    assert desk.get("x1", "/wards/w1/requests").status_code == 403
    assert "requests of ward w1" in {line[2] for line in desk.audited()}
