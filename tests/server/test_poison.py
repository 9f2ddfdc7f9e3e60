"""Bad input: a reason in words, nothing lost, nothing half-written, and those behind it go through."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from tests.cases import case
from tests.server.wards import NURSE, OTHER_NURSE, STAY_1, SmallWard, as_incoming, vitals
from wardlink import topics
from wardlink.ids import new_id
from wardlink.link.port import Incoming
from wardlink.messages import commands
from wardlink.messages.base import MAX_MESSAGE_BYTES, Actor

Change = Callable[[dict[str, Any]], bytes]


def _field(**changed: Any) -> Change:
    return lambda fields: json.dumps(fields | changed).encode()


def _body(**changed: Any) -> Change:
    return lambda fields: json.dumps(fields | {"body": fields["body"] | changed}).encode()


def _reading(**readings: Any) -> Change:
    return _body(readings=readings)


def _deep(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields | {"body": 1}).replace('"body": 1', '"body": ' + "[" * 900 + "]" * 900).encode()


# What is wrong with a set of vital signs, and the code and a word of what its nurse is told.
UNFIT: dict[str, tuple[Change, str, str]] = {
    "another version": (_field(v=2), "message-unreadable", "v: less_than_equal"),
    "unknown kind": (_field(kind="vitals.guess"), "message-unreadable", "unknown kind"),
    "unknown field": (_field(colour="red"), "message-unreadable", "colour: extra_forbidden"),
    "no actor": (_field(actor=None), "message-unreadable", "actor"),
    "an instant without a zone": (_field(measured_at="2026-11-25T02:00:00"), "message-unreadable", "measured_at"),
    "the first day of the calendar": (
        _field(measured_at="0001-01-01T00:00:00+14:00"),
        "message-unreadable",
        "measured_at",
    ),
    "the last day of the calendar": (
        _field(measured_at="9999-12-31T23:59:59-12:00"),
        "message-unreadable",
        "measured_at",
    ),
    "a body of another kind": (_field(body={"call": new_id()}), "message-unreadable", "readings: missing"),
    "text for a number": (_reading(pulse_per_min="72"), "message-unreadable", "readings.pulse_per_min"),
    "not a number": (_reading(pulse_per_min=float("nan")), "message-unreadable", "message"),
    "endless": (_reading(pulse_per_min=float("inf")), "message-unreadable", "message"),
    "a pulse that cannot be": (_reading(pulse_per_min=301), "invalid-input", "pulse_per_min"),
    "a negative pulse": (_reading(pulse_per_min=-1), "invalid-input", "pulse_per_min"),
    "a number that no column holds": (_reading(gcs_eye=10**30), "invalid-input", "gcs_eye"),
    "pressures upside down": (_reading(sbp_mmhg=80, dbp_mmhg=120), "invalid-input", "sbp_mmhg"),
    "a code of nobody's": (_reading(acvpu="XYZ"), "invalid-input", "acvpu"),
    "too long a code": (_reading(temp_method="x" * 21), "message-unreadable", "temp_method"),
    "NUL in a note": (_body(note="a\0b"), "message-unreadable", "NUL"),
    "half a surrogate in a note": (_body(note="a\ud800b"), "message-unreadable", "message"),
    "too large": (_body(note="x" * MAX_MESSAGE_BYTES), "message-too-large", "65536"),
    "an artefact beyond 64 bits": (_body(artefacts={"hr": 10**30}), "error", "code"),
    "deep": (
        lambda fields: (
            json.dumps(fields | {"body": 1}).replace('"body": 1', '"body": ' + "[" * 900 + "]" * 900).encode()
        ),
        "message-unreadable",
        "message",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_an_unfit_message_is_parked_and_holds_nobody_up(ward: SmallWard, name: str) -> None:
    """Its number is used up, its device is told why, it is kept whole, and the next one is applied."""
    change, code, word = UNFIT[name]
    before, bad, after = (ward.cart.vitals(pulse) for pulse in (81, 82, 83))
    payload = change(orjson.loads(commands.encode(bad)))

    answer = ward.take(before, payload, after)

    told = answer.receipts[bad.id]
    assert (told.outcome, told.code) == ("parked", code)
    assert word in (told.reason_en or "")
    assert told.reason_zh
    assert [change["body"]["readings"] for change in ward.changes()] == [
        {"pulse_per_min": 81.0},
        {"pulse_per_min": 83.0},
    ]
    assert [row.payload for row in ward.parked()] == [payload]


NOT_OURS = {
    "nothing": b"",
    "no JSON": b"{",
    "a NUL byte": b"\0",
    "no object": b"[1, 2]",
    "an empty object": b"{}",
    "no UTF-8": b'{"note": "\xff\xfe"}',
    "a great deal": b"x" * 200_000,
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_bytes_without_a_name_are_parked_whole(ward: SmallWard, name: str) -> None:
    """Nobody can be told about them; an operator sees them, once, however often they come."""
    payload = NOT_OURS[name]

    answer = ward.take(ward.cart.vitals(81), payload, payload, ward.cart.vitals(83))

    assert answer.outcomes() == ["applied", "applied"]
    assert [(row.payload, row.device, row.times) for row in ward.parked()] == [(payload, "c1", 2)]


def test_a_parked_message_gets_the_same_answer_again(ward: SmallWard) -> None:
    """A device that has lost the receipt learns the same reason; nothing is kept twice."""
    bad = ward.cart.command("vitals.record", {"readings": {"pulse_per_min": 999}})

    first, again = ward.answer(bad), ward.answer(bad)

    assert first == again
    assert [row.times for row in ward.parked()] == [1]


def test_a_device_cannot_speak_on_the_topic_of_another(ward: SmallWard) -> None:
    """Nobody is told anything, least of all the one whose name was used."""
    forged = commands.encode(ward.cart_2.vitals(81))

    answer = ward.take(Incoming(topics.up("w1", "c1"), forged))

    assert (answer.receipts, len(ward.changes()), len(ward.parked())) == ({}, 0, 1)
    assert ward.answer(ward.cart_2.vitals(82, n=1)).outcome == "applied"


HOSTILE: dict[str, tuple[dict[str, Any], str]] = {
    "a device nobody enrolled": ({"device": "c9"}, "is not enrolled"),
    "for another ward": ({"ward": "w2"}, "belongs to another ward"),
    "as the server": ({"actor": Actor(kind="system", id="server")}, "in the name of"),
    "as another device": ({"actor": Actor(kind="device", id="m1")}, "in the name of"),
    "a terminal that measures": ({"device": "t1"}, "may not send"),
    "a transfer": ({"kind": "encounter.transfer", "body": {"ward": "w1", "bed": "b3"}}, "may not send"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_device_may_say_only_what_is_its_own(ward: SmallWard, name: str) -> None:
    """Permissions of the broker are the first door; this is the second."""
    envelope, word = HOSTILE[name]
    forged = ward.cart.vitals(81).model_copy(update=envelope)

    receipt = ward.answer(forged)

    assert (receipt.outcome, receipt.code) == ("parked", "not-allowed")
    assert word in (receipt.reason_en or "")
    assert ward.changes() == ward.changes(ward="w2") == []


def test_a_terminal_cannot_touch_the_call_of_another_bed(ward: SmallWard) -> None:
    """Neither by saying it stands there, nor by naming the call with its own bed on the envelope."""
    call = ward.terminal_2.command("call.raise", {"reason": "PAIN"}, actor={"kind": "device", "id": "t2"})
    ward.take(call)
    from_there = ward.terminal.command("call.resolve", {"call": call.id}, bed="b2")
    by_name = ward.terminal.command("call.resolve", {"call": call.id})

    answer = ward.take(from_there, by_name)

    assert answer.outcomes() == ["parked", "parked"]
    assert [change["body"]["state"] for change in ward.changes("call.changed")] == ["raised"]


# A clock that is wrong, by how much, and the exceptions that it opens.
CLOCKS = [
    (timedelta(minutes=5), []),
    (timedelta(minutes=5, seconds=1), ["clock-off"]),
    (timedelta(days=1), ["clock-off"]),
    (timedelta(days=-1), []),
    (timedelta(days=-20_000), []),
    (timedelta(days=365 * 100), ["clock-off"]),
]


@pytest.mark.parametrize(("off", "opened"), CLOCKS)
def test_a_wrong_clock_is_kept_and_told(ward: SmallWard, off: timedelta, opened: list[str]) -> None:
    """A fact is never refused; what lies ahead of the server's clock is put before a person."""
    at = ward.clock.now() + off

    receipt = ward.answer(ward.cart.vitals(81, measured_at=at))

    (change,) = ward.changes("vitals.recorded")
    assert (receipt.outcome, change["body"]["measured_at"]) == ("applied", at.isoformat())
    assert [row.kind for row in ward.exceptions()] == opened


COLLISIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a stay nobody knows": ({"encounter": new_id()}, ["unknown-encounter"]),
    "nobody's value": ({"encounter": None}, ["unknown-encounter"]),
    "a nurse nobody knows": ({"actor": {"kind": "staff", "id": "ghost"}}, ["unknown-actor"]),
    "one of ours": ({"actor": OTHER_NURSE}, []),
}


@pytest.mark.parametrize("name", COLLISIONS)
def test_facts_that_do_not_fit_are_kept_and_told(ward: SmallWard, name: str) -> None:
    """Both stories stand; a person closes the exception."""
    envelope, opened = COLLISIONS[name]

    receipt = ward.answer(ward.cart.vitals(81, **envelope))

    assert receipt.outcome == "applied"
    assert len(ward.changes("vitals.recorded")) == 1
    assert [row.kind for row in ward.exceptions()] == opened


def test_a_score_that_differs_from_the_screen_is_told(ward: SmallWard) -> None:
    """The cart showed 3 and the server gets 0: somebody must know."""
    full = vitals(72, rr_per_min=16, spo2_pct=97, o2_on=False, sbp_mmhg=120, dbp_mmhg=80, temp_c=36.8, acvpu="A")
    seen = {"total": 3, "band": "low", "scale": 1}
    body = full.model_dump(mode="json", exclude_none=True) | {"seen": seen}

    ward.take(ward.cart.command("vitals.record", body, encounter=STAY_1, actor=NURSE))

    (opened,) = ward.exceptions()
    assert (opened.kind, opened.detail) == ("score-differs", {"on_device": "3", "here": "0"})


def _naughty() -> list[str]:
    strings: list[str] = json.loads(case("naughty", "blns.json").read_text("utf-8"))
    return [*strings, "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202eabc", "\u2028", "\ufeff", "\\u0000", "\\\\u0000"]


@pytest.mark.slow
@pytest.mark.cases
def test_naughty_text_in_every_text_field(ward: SmallWard) -> None:
    """Every string in every text: applied and unchanged, or parked with a reason. Nothing lost or half-written."""
    strings = _naughty()
    sent: dict[str, tuple[str, str]] = {}
    messages = []
    for text in strings:
        for field, kind, body in _texts(text):
            command = ward.cart.command("vitals.record", {}, encounter=STAY_1)
            fields = orjson.loads(commands.encode(command)) | {"kind": kind, "body": body}
            messages.append(as_incoming(json.dumps(fields).encode()))
            sent[command.id] = (field, text)

    receipts = {}
    for start in range(0, len(messages), 500):
        receipts |= ward.take(*messages[start : start + 500]).receipts

    assert receipts.keys() == sent.keys()
    assert {receipt.outcome for receipt in receipts.values()} <= {"applied", "parked"}
    assert len(ward.parked()) == sum(receipt.outcome == "parked" for receipt in receipts.values())
    kept = {change["command"]: change["body"] for change in ward.changes("vitals.recorded")}
    notes = {id: text for id, (field, text) in sent.items() if field == "note" and receipts[id].outcome == "applied"}
    assert {id: kept[id]["note"] for id in notes} == notes
    assert len(notes) > len(strings) * 0.9


def _texts(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    pulse = {"readings": {"pulse_per_min": 72}}
    return [
        ("note", "vitals.record", pulse | {"note": text, "lead_off": [text], "not_measured": {"temp_c": text}}),
        ("late_reason", "vitals.record", pulse | {"late_reason": text}),
        ("artefact", "vitals.record", pulse | {"artefacts": {text: 1}}),
        ("stool", "vitals.record", {"readings": {"stool": text}}),
        ("reason", "vitals.strike", {"vitals": new_id(), "reason": text}),
        ("outcome", "call.resolve", {"call": new_id(), "outcome": text}),
        ("what", "audit.event", {"action": "view", "what": text}),
        ("kind", text, {}),
    ]
