"""Exceptions: put before a person, closed by one, and nothing of two words lost."""

from __future__ import annotations

from tests.server.desk import Desk
from tests.server.wards import OTHER_NURSE, SmallWard
from wardlink.ids import new_id


def opened(ward: SmallWard) -> str:
    """An exception: a set of a stay that nobody knows. Its id."""
    ward.take(ward.cart.vitals(81, encounter=new_id()))
    return str(ward.exceptions()[-1].id)


def test_a_nurse_closes_an_exception_at_the_cart(ward: SmallWard) -> None:
    """With what was done; everybody hears of it."""
    name = opened(ward)

    ward.take(ward.cart.command("exception.close", {"exception": name, "reason": "wrong wristband"}))

    (change,) = ward.changes("exception.closed")
    assert (change["body"]["id"], change["body"]["closed_reason"]) == (name, "wrong wristband")
    assert change["body"]["closed_by"] == {"kind": "staff", "id": "n1"}


def test_of_two_who_closed_it_both_words_are_kept(ward: SmallWard) -> None:
    """The first one stands."""
    name = opened(ward)
    first = ward.cart.command("exception.close", {"exception": name, "reason": "one"})
    second = ward.cart_2.command("exception.close", {"exception": name, "reason": "two"}, actor=OTHER_NURSE)

    assert ward.take(first, second).outcomes() == ["applied", "applied"]

    told = ward.changes("exception.closed")[-1]["body"]
    assert (told["closed_reason"], told["closed_by"]["id"]) == ("one", "n1")
    assert told["detail"]["also_closed_1"].endswith(": two")


def test_who_may_not_close_it(ward: SmallWard) -> None:
    """A device by itself, another ward, and what nobody opened: parked with the reason."""
    name = opened(ward)
    body = {"exception": name, "reason": "x"}

    outcomes = [
        ward.answer(ward.cart.command("exception.close", body, actor={"kind": "device", "id": "c1"})).code,
        ward.answer(ward.other_cart.command("exception.close", body)).code,
        ward.answer(ward.cart.command("exception.close", body | {"exception": new_id()})).code,
    ]

    assert outcomes == ["not-allowed", "not-allowed", "not-found"]
    assert ward.changes("exception.closed") == []


def test_list_and_close_over_http(desk: Desk) -> None:
    """Oldest first in pages; closed with a reason, once, also if the answer was lost."""
    names = [opened(desk.ward) for _ in range(3)]
    first = desk.get("n1", "/wards/w1/exceptions?limit=2").json()
    second = desk.get("n1", f"/wards/w1/exceptions?limit=2&offset={first['next']}").json()
    closing = {"reason": "looked at the bed", "command": new_id()}
    closed = [desk.post("n1", f"/exceptions/{names[0]}/close", closing) for _ in range(2)]

    assert [item["id"] for item in first["items"] + second["items"]] == names
    assert second["next"] is None
    assert [answer.json()["closed_reason"] for answer in closed] == ["looked at the bed"] * 2
    assert [item["id"] for item in desk.get("n1", "/wards/w1/exceptions").json()["items"]] == names[1:]
    assert [item["id"] for item in desk.get("n1", "/wards/w1/exceptions?closed=true").json()["items"]] == names[:1]
    assert desk.post("x1", f"/exceptions/{names[1]}/close", {"reason": "x"}).status_code == 403
    assert desk.post("n1", f"/exceptions/{new_id()}/close", {"reason": "x"}).status_code == 404
    assert desk.post("n1", f"/exceptions/{names[1]}/close", {"reason": ""}).status_code == 422
