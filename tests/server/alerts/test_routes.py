"""Alerts over HTTP, as the dashboard and a hospital's own programs use them."""

from __future__ import annotations

from typing import Any

import pytest

from server.alerts.engine import AlertEngine
from tests.server.alerts.ward import HIGH, MEDIUM, measure, only
from tests.server.desk import Desk
from tests.server.wards import STAY_1, STAY_2
from wardlink.ids import new_id


def raised(desk: Desk) -> str:
    """A grave alert of the first patient; its id."""
    measure(desk.ward, HIGH)
    AlertEngine(desk.ward.core).look("w1", f"vitals/{STAY_1}")
    return only(desk.ward).id


def test_the_open_ones_and_those_that_were_dealt_with(desk: Desk) -> None:
    """In pages; reading them is audited."""
    measure(desk.ward, HIGH)
    measure(desk.ward, MEDIUM, encounter=STAY_2)
    AlertEngine(desk.ward.core).look_at_everything()
    first = desk.get("n1", "/wards/w1/alerts?limit=1").json()
    second = desk.get("n1", f"/wards/w1/alerts?limit=1&offset={first['next']}").json()
    desk.post("n1", f"/alerts/{first['items'][0]['id']}/resolve", {"outcome": "doctor informed"})

    over = desk.get("n1", "/wards/w1/alerts?state=resolved").json()["items"]
    assert {page["items"][0]["encounter"] for page in (first, second)} == {STAY_1, STAY_2}
    assert second["next"] is None
    assert [view["outcome"] for view in over] == ["doctor informed"]
    assert ("staff:n1", "list", "alerts of ward w1", None) in desk.audited()


def test_a_whole_life_from_a_desk(desk: Desk) -> None:
    """Taken, given back, handed on, taken again, arrived, dealt with; each answer says how it stands now."""
    alert = raised(desk)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("accept", {"eta_min": 3}),
        ("refuse", {"reason": "resuscitating"}),
        ("hand-on", {"to": "doctor", "reason": "needs a doctor"}),
        ("accept", {}),
        ("arrive", {}),
        ("resolve", {"outcome": "oxygen given"}),
    ]
    states = []
    for deed, body in steps:
        desk.ward.clock.advance(1)
        states.append(desk.post("n1", f"/alerts/{alert}/{deed}", body).json()["state"])

    assert states == ["accepted", "offered", "offered", "accepted", "arrived", "resolved"]
    assert only(desk.ward).offered_to == ("nurse", "doctor")


def test_the_same_word_twice_counts_once(desk: Desk) -> None:
    """After a lost answer the same one is sent again."""
    alert = raised(desk)
    body = {"eta_min": 3, "command": new_id()}
    answers = [desk.post("n1", f"/alerts/{alert}/accept", body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [event.deed for event in only(desk.ward).events].count("accepted") == 1


@pytest.mark.parametrize(
    ("who", "deed", "body", "status"),
    [
        (None, "accept", {}, 401),
        ("p1", "accept", {}, 403),
        ("n1", "refuse", {}, 422),
        ("n1", "refuse", {"reason": ""}, 422),
        ("n1", "hand-on", {"to": "nobody", "reason": "x"}, 422),
        ("n1", "accept", {"eta_min": 121}, 422),
    ],
)
def test_what_is_not_taken(desk: Desk, who: str | None, deed: str, body: dict[str, Any], status: int) -> None:
    """Nobody signed in, a pharmacist who sees to no patients, and words that are missing."""
    alert = raised(desk)

    assert desk.post(who, f"/alerts/{alert}/{deed}", body).status_code == status
    assert only(desk.ward).state == "offered"


def test_one_that_nobody_knows_and_one_of_another_ward(desk: Desk) -> None:
    """The one is not found; the other is not for a nurse of this ward."""
    alert = raised(desk)

    assert desk.post("n1", f"/alerts/{new_id()}/arrive", {}).status_code == 404
    assert desk.post("x1", f"/alerts/{alert}/arrive", {}).status_code == 403
