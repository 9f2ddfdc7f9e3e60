"""The readings of a stay over HTTP."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from tests.server.desk import Desk
from tests.server.wards import NOW, STAY_1


def measured(desk: Desk, *minutes: float) -> list[str]:
    """Sets of the first patient so many minutes after the admission, whose pulse is the minute; their ids."""
    desk.ward.clock.advance(1800)
    sets = [desk.ward.cart.vitals(60 + m, measured_at=NOW + timedelta(minutes=m)) for m in minutes]
    desk.ward.take(*sets)
    return [command.id for command in sets]


def pulses(page: dict[str, list[dict[str, dict[str, float]]]]) -> list[float]:
    """The pulses of a page."""
    return [item["readings"]["pulse_per_min"] for item in page["items"]]


def test_newest_first_in_the_order_of_measuring(desk: Desk) -> None:
    """However late a set came."""
    measured(desk, 3, 1, 2)

    assert pulses(desk.get("n1", f"/encounters/{STAY_1}/vitals").json()) == [63, 62, 61]
    assert pulses(desk.get("n1", f"/encounters/{STAY_1}/vitals?limit=1").json()) == [63]


def test_since_and_until(desk: Desk) -> None:
    """From the first instant on, before the second."""
    measured(desk, 1, 2, 3)
    since, until = ((NOW + timedelta(minutes=m)).isoformat() for m in (2, 3))

    page = desk.get("n1", f"/encounters/{STAY_1}/vitals", params={"since": since, "until": until}).json()

    assert pulses(page) == [62]


def test_pages_follow_each_other_without_a_hole(desk: Desk) -> None:
    """Also over sets of one instant."""
    measured(desk, 1, 2, 2, 2, 3)

    seen, question = [], {"limit": 2}
    while True:
        page = desk.get("n1", f"/encounters/{STAY_1}/vitals", params=question).json()
        seen += [item["id"] for item in page["items"]]
        if page["before_at"] is None:
            break
        question |= {"before_at": page["before_at"], "before_seq": page["before_seq"]}

    assert len(seen) == len(set(seen)) == 5


def test_a_struck_set_says_so(desk: Desk) -> None:
    """Who, when, and why."""
    (name,) = measured(desk, 1)
    desk.ward.take(desk.ward.cart.command("vitals.strike", {"vitals": name, "reason": "wrong patient"}))

    (item,) = desk.get("n1", f"/encounters/{STAY_1}/vitals").json()["items"]

    assert (item["struck_reason"], item["struck_by"]) == ("wrong patient", {"kind": "staff", "id": "n1"})


def test_a_table_to_take_away(desk: Desk) -> None:
    """UTF-8 that a table program understands, oldest first, by the ward's clock, and no formulas in it."""
    measured(desk, 2, 1)
    note = {"readings": {"temp_c": 36.5}, "note": "=cmd()|咳嗽"}
    desk.ward.take(desk.ward.cart.command("vitals.record", note, encounter=STAY_1))

    answer = desk.get("n1", f"/encounters/{STAY_1}/vitals.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["pulse_per_min"] for row in rows] == ["61.0", "62.0", ""]
    assert (rows[0]["measured_at"], rows[2]["note"]) == ("2026-11-25 10:01:00+08:00", "'=cmd()|咳嗽")
    assert (rows[2]["temp_c"], rows[2]["sbp_mmhg"]) == ("36.5", "")
