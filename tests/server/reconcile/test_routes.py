"""Reconciliation at the desk: who may, what is listed, and a person's word that stays."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from server.payments.port import ChannelAway
from server.reconcile.rows import differences
from server.reconcile.service import Reconciliation
from tests.server.reconcile.books_of_a_day import ON, PaperChannel, line, order
from tests.server.reconcile.conftest import MoneyDesk as Desk
from wardlink.ids import new_id


@pytest.fixture
def channel(desk: Desk) -> PaperChannel:
    """A channel whose bill has one line more, and one amount that differs."""
    found = PaperChannel()
    found.rows[ON] = [line("a"), line("b", 9_900), line("12345678901234567890", 500)]
    order(desk.ward.db, "a")
    order(desk.ward.db, "b")
    desk.app.state.reconciliation = Reconciliation(desk.ward.core, {"wechat": found})
    return found


def run(desk: Desk, who: str = "m1") -> Any:
    """Compare the day now."""
    return desk.post(who, "/reconcile/runs", {"channel": "wechat", "on": ON.isoformat()})


def opened(desk: Desk) -> list[dict[str, Any]]:
    """What is open."""
    items: list[dict[str, Any]] = desk.get("m1", "/reconcile/differences").json()["items"]
    return items


def test_a_day_is_compared_worked_off_and_signed(desk: Desk, channel: PaperChannel) -> None:
    """Signing waits for the last word; what was closed stays on the list with who and why."""
    compared = run(desk).json()
    first, second = opened(desk)
    too_early = desk.post("m1", f"/reconcile/runs/wechat/{ON}/sign")
    closed = [
        desk.post("m1", f"/reconcile/differences/{each['id']}/close", {"reason": "asked the bank"}).json()
        for each in (first, second)
    ]
    signed = desk.post("m1", f"/reconcile/runs/wechat/{ON}/sign").json()
    again = desk.post("m1", f"/reconcile/runs/wechat/{ON}/sign").json()

    assert (compared["status"], compared["lines"], compared["matched"]) == ("done", 3, 1)
    assert {first["kind"], second["kind"]} == {"channel_only", "amount_diff"}
    assert too_early.status_code == 409
    assert "2" in too_early.json()["detail"]
    assert [(each["state"], each["ended_by"], each["outcome"]) for each in closed] == [
        ("closed", "staff:m1", "asked the bank")
    ] * 2
    assert (signed["signed_by"], again["signed_at"]) == ("staff:m1", signed["signed_at"])
    assert opened(desk) == []
    assert len(desk.get("m1", "/reconcile/differences?state=closed").json()["items"]) == 2
    assert desk.get("m1", "/reconcile/runs").json()["items"][0]["settlement_fen"] == 20_400 - 204
    assert [action for _, action, _, _ in desk.audited() if action.startswith("reconcile")] == [
        "reconcile-run",
        "reconcile-close",
        "reconcile-close",
        "reconcile-sign",
    ]


def test_of_two_who_close_one_the_first_word_stands(desk: Desk, channel: PaperChannel) -> None:
    """The same word again after a lost answer is no second one; comparing again opens nothing."""
    run(desk)
    id = opened(desk)[0]["id"]
    path = f"/reconcile/differences/{id}/close"
    codes = [
        desk.post("m1", path, {"reason": "one"}).status_code,
        desk.post("m1", path, {"reason": "one"}).status_code,
        desk.post("m1", path, {"reason": "two"}).status_code,
    ]
    run(desk)

    assert codes == [200, 200, 409]
    assert [each["outcome"] for each in desk.get("m1", "/reconcile/differences?state=closed").json()["items"]] == [
        "one"
    ]
    assert len(opened(desk)) == 1


def test_its_age_is_said(desk: Desk, channel: PaperChannel) -> None:
    """In whole days since it was found."""
    run(desk)
    desk.ward.clock.advance(timedelta(days=3, hours=5).total_seconds())

    with desk.ward.db.read() as conn:
        assert {each.age_days for each in differences(conn, desk.ward.clock.now())} == {3}


@pytest.mark.parametrize("who", ["n1", "d1", "h1", "p1", "tech"])
def test_money_of_all_wards_is_not_for_the_ward(desk: Desk, channel: PaperChannel, who: str) -> None:
    """Nor for the technician; nobody without a name."""
    codes = {
        run(desk, who).status_code,
        desk.get(who, "/reconcile/runs").status_code,
        desk.get(who, "/reconcile/differences").status_code,
        desk.get(who, "/reconcile/differences.csv").status_code,
        desk.post(who, f"/reconcile/differences/{new_id()}/close", {"reason": "x"}).status_code,
        desk.post(who, f"/reconcile/runs/wechat/{ON}/sign").status_code,
    }

    assert codes == {403}
    assert desk.get(None, "/reconcile/differences").status_code == 401


def test_what_is_not_there(desk: Desk, channel: PaperChannel) -> None:
    """A difference, a day, a channel, a reason."""
    run(desk)
    id = opened(desk)[0]["id"]
    codes = [
        desk.post("m1", f"/reconcile/differences/{new_id()}/close", {"reason": "x"}).status_code,
        desk.post("m1", f"/reconcile/runs/wechat/{ON - timedelta(days=9)}/sign").status_code,
        desk.post("m1", "/reconcile/runs", {"channel": "alipay", "on": ON.isoformat()}).status_code,
        desk.post("m1", f"/reconcile/differences/{id}/close", {"reason": ""}).status_code,
    ]

    assert codes == [404, 404, 422, 422]


def test_a_day_that_could_not_be_compared_is_not_signed(desk: Desk, channel: PaperChannel) -> None:
    """It says why, and is listed."""
    channel.fault = ChannelAway()
    failed = run(desk).json()

    assert failed["status"] == "channel-away"
    assert desk.post("m1", f"/reconcile/runs/wechat/{ON}/sign").status_code == 409


@pytest.mark.parametrize(("language", "kind"), [("en", "only with the channel"), ("zh", "仅渠道有")])
def test_a_table_to_take_away(desk: Desk, channel: PaperChannel, language: str, kind: str) -> None:
    """Yuan and words; long numbers and what a spreadsheet would run stay text."""
    run(desk)
    id = opened(desk)[0]["id"]
    desk.post("m1", f"/reconcile/differences/{id}/close", {"reason": "=1+1"})
    answer = desk.get("m1", "/reconcile/differences.csv", headers={"Accept-Language": language})
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))

    assert answer.headers["content-type"].startswith("text/csv")
    assert all(len(row) == len(head) for row in rows)
    (unknown,) = [row for row in rows if kind in row]
    assert unknown[4] == "'12345678901234567890"
    assert unknown[7] == "5.00"
    assert "'=1+1" in {cell for row in rows for cell in row}


def test_lists_come_in_pages(desk: Desk, channel: PaperChannel) -> None:
    """With where the next begins."""
    run(desk)
    first = desk.get("m1", "/reconcile/differences?limit=1").json()
    second = desk.get("m1", f"/reconcile/differences?limit=1&offset={first['next']}").json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (1, 1, None)
    assert first["items"] != second["items"]
