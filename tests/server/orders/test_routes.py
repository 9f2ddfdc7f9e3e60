"""Orders over HTTP: each role does its part and no other's; everything read is audited."""

from __future__ import annotations

from typing import Any

from tests.server.desk import Desk
from tests.server.orders.ward import tid
from tests.server.wards import STAY_1
from wardlink.ids import new_id


def issue(desk: Desk, who: str = "d1", **decided: Any) -> Any:
    """The answer to an order that somebody signs."""
    return desk.post(who, f"/encounters/{STAY_1}/orders", tid(desk.ward) | decided)


def test_an_order_on_its_way_over_the_desk(desk: Desk) -> None:
    """Signed, reviewed, taken over, checked, stopped: each by who may."""
    order = issue(desk).json()["id"]
    steps = [
        ("p1", "review", {"accepted": True}),
        ("n1", "check", {"step": "transcribed"}),
        ("h1", "check", {"step": "checked"}),
        ("d1", "hold", {"reason": "手术"}),
        ("d1", "resume", {}),
        ("d1", "stop", {}),
        ("n1", "check", {"step": "stop-seen"}),
    ]

    states = [desk.post(who, f"/orders/{order}/{what}", body).json()["state"] for who, what, body in steps]

    assert states == ["reviewed", "transcribed", "active", "on-hold", "active", "stopped", "stopped"]
    whole = desk.get("n1", f"/orders/{order}").json()
    assert [step["what"] for step in whole["order"]["steps"]][-1] == "check"
    assert {dose["state"] for dose in whole["doses"]} == {"planned", "cancelled"}


def test_who_may_not(desk: Desk) -> None:
    """A nurse signs nothing, a doctor checks nothing, a nurse of another ward reads nothing."""
    order = issue(desk).json()["id"]

    said = [
        issue(desk, "n1").status_code,
        desk.post("d1", f"/orders/{order}/check", {"step": "transcribed"}).status_code,
        desk.post("n1", f"/orders/{order}/review", {"accepted": True}).status_code,
        desk.post("n1", f"/orders/{order}/stop", {}).status_code,
        desk.get("x1", f"/orders/{order}").status_code,
        desk.get("x1", "/wards/w1/orders").status_code,
        desk.get("x1", f"/encounters/{STAY_1}/doses").status_code,
    ]

    assert said == [403] * 7


def test_lists_have_pages_and_are_audited(desk: Desk) -> None:
    """The open ones, unless more is asked for."""
    orders = [issue(desk).json()["id"] for _ in range(3)]
    desk.post("d1", f"/orders/{orders[0]}/cancel", {"reason": "错误"})

    first = desk.get("n1", "/wards/w1/orders?limit=1").json()
    second = desk.get("n1", f"/wards/w1/orders?limit=1&offset={first['next']}").json()
    cancelled = desk.get("n1", "/wards/w1/orders?state=cancelled").json()["items"]

    assert {first["items"][0]["id"], second["items"][0]["id"]} == set(orders[1:])
    assert (second["next"], [item["id"] for item in cancelled]) == (None, [orders[0]])


def test_a_lost_answer_is_asked_again(desk: Desk) -> None:
    """The same command makes one order."""
    command = new_id()

    answers = [issue(desk, command=command) for _ in range(2)]

    assert [answer.json()["id"] for answer in answers] == [command] * 2
    assert len(desk.get("n1", "/wards/w1/orders").json()["items"]) == 1


def test_what_is_wrong_is_said_in_words(desk: Desk) -> None:
    """What nobody knows, and what cannot be."""
    unknown = desk.get("n1", f"/orders/{new_id()}")
    wrong = issue(desk, frequency="xid")

    assert unknown.status_code == 404
    assert (wrong.status_code, "xid" in wrong.json()["detail"]) == (422, True)
