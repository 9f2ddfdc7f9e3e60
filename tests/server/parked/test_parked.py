"""Parked messages: looked at, tried again after a fix, or closed with a reason."""

from __future__ import annotations

import base64

from sqlalchemy import update

from server.identity.models import Device
from tests.server.desk import Desk
from wardlink.messages import commands
from wardlink.messages.receipts import decode


def revoke(desk: Desk, *, at: object) -> None:
    """Let the first cart be revoked since then, or not at all."""
    with desk.ward.db.write() as conn:
        conn.execute(update(Device).where(Device.id == "c1").values(revoked_at=at))  # type: ignore[arg-type]
    desk.ward.core.devices_changed()


def test_list_and_look(desk: Desk) -> None:
    """The list without what they say, one whole; every look is audited."""
    ward = desk.ward
    ward.take(b"\xff\xfe", ward.cart.command("vitals.record", {"readings": {"pulse_per_min": 999}}))

    listed = desk.get("h1", "/parked").json()["items"]
    whole = desk.get("h1", f"/parked/{listed[-1]['id']}").json()

    assert [(item["device"], item["ward"], item["code"]) for item in listed] == [
        ("c1", "w1", "invalid-input"),
        ("c1", "w1", "message-unreadable"),
    ]
    assert "payload" not in listed[0]
    assert (whole["text"], base64.b64decode(whole["base64"])) == (None, b"\xff\xfe")
    assert ("staff:h1", "view", f"parked {whole['id']}", None) in desk.audited()


def test_a_message_is_taken_in_after_its_cause_was_removed(desk: Desk) -> None:
    """A revoked cart is enrolled again: its reading is applied, and the cart hears of it."""
    ward = desk.ward
    revoke(desk, at=ward.clock.now())
    command = ward.cart.vitals(81)
    assert ward.answer(command).outcome == "parked"
    (parked,) = ward.parked()
    still = desk.post("h1", f"/parked/{parked.id}/retry")
    revoke(desk, at=None)
    sent: list[tuple[str, bytes]] = []
    ward.core.send = sent.extend  # type: ignore[method-assign, assignment]

    done = desk.post("h1", f"/parked/{parked.id}/retry")

    assert (still.status_code, still.json()["code"]) == (403, "not-allowed")
    assert (done.status_code, done.json()["outcome"]) == (200, "applied")
    assert [change["command"] for change in ward.changes("vitals.recorded")] == [command.id]
    ((topic, payload),) = sent
    assert (topic, decode(payload).receipts[0].outcome) == ("wardlink/v1/w1/down/c1", "applied")
    assert ward.answer(command).outcome == "already-applied"
    assert desk.post("h1", f"/parked/{parked.id}/retry").status_code == 409
    assert desk.get("h1", "/parked").json()["items"] == []


def test_an_event_is_taken_in_later_too(desk: Desk) -> None:
    """What makes no change is answered from memory: the old answer gives way to the new one."""
    ward = desk.ward
    revoke(desk, at=ward.clock.now())
    command = ward.cart.command("audit.event", {"action": "view", "what": "trend"})
    ward.take(command)
    revoke(desk, at=None)

    done = desk.post("h1", f"/parked/{ward.parked()[0].id}/retry")

    assert (done.status_code, done.json()["outcome"]) == (200, "applied")
    assert ward.answer(command).outcome == "already-applied"


def test_one_that_still_cannot_be_taken_in_stays(desk: Desk) -> None:
    """Nothing has changed, and the reason is the answer."""
    ward = desk.ward
    ward.take(ward.cart.command("vitals.record", {"readings": {"pulse_per_min": 999}}))
    (parked,) = ward.parked()

    answer = desk.post("h1", f"/parked/{parked.id}/retry")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert (ward.changes(), ward.parked()[0].closed_at) == ([], None)


def test_close_with_a_reason(desk: Desk) -> None:
    """Kept, with who closed it and why; once."""
    ward = desk.ward
    ward.take(b"junk")
    (parked,) = ward.parked()

    first, second = (desk.post("h1", f"/parked/{parked.id}/close", {"reason": "noise"}) for _ in range(2))

    assert (first.json()["closed_by"], first.json()["closed_reason"]) == ("staff:h1", "noise")
    assert (second.status_code, second.json()["code"]) == (409, "collision")
    assert [row.payload for row in ward.parked()] == [b"junk"]
    assert [item["id"] for item in desk.get("h1", "/parked?closed=true").json()["items"]] == [parked.id]


def test_messages_of_other_wards_are_not_shown(desk: Desk) -> None:
    """Except to a technician, who looks after all devices."""
    ward = desk.ward
    ward.take(commands.encode(ward.cart.vitals(81)), b"junk")
    ward.take(b"junk")
    (parked,) = ward.parked()

    assert desk.get("x1", "/parked").json()["items"] == []
    assert desk.get("x1", f"/parked/{parked.id}").status_code == 403
    assert [item["id"] for item in desk.get("tech", "/parked").json()["items"]] == [parked.id]
    assert desk.get("tech", "/parked/99999999").status_code == 404
    assert desk.get("tech", f"/parked/{10**30}").status_code == 422


def test_pages(desk: Desk) -> None:
    """The latest first, without a hole."""
    desk.ward.take(*[b"junk %d" % i for i in range(5)])

    first = desk.get("tech", "/parked?limit=3").json()
    second = desk.get("tech", f"/parked?limit=3&before={first['next']}").json()

    ids = [item["id"] for item in first["items"] + second["items"]]
    assert (ids, second["next"]) == (sorted(ids, reverse=True), None)
    assert len(ids) == 5
