"""The shortcut for plain messages of monitors gives what the models give, or declines."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.quick import recognise
from server.reading import read
from wardlink.clinical.limits import outside_hard_limits
from wardlink.link.port import Incoming
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals

TOPIC = "wardlink/v1/w3/up/gw1"
ID = "01a214f7-db90-7243-8968-4c4d1e0c3f18"
PLAIN: dict[str, Any] = {
    "v": 1,
    "id": ID,
    "kind": "vitals.record",
    "ward": "w3",
    "device": "gw1",
    "stream": "01a214f7-db90-7243-8968-4c4eeed283ea",
    "n": 7,
    "base": 1,
    "actor": {"kind": "device", "id": "gw1"},
    "encounter": "01a214f7-db90-7243-8968-4c4c67bc9f3d",
    "bed": "b12",
    "measured_at": "2026-11-24T08:00:00.123456Z",
    "entered_at": "2026-11-24T08:00:01.000000+00:00",
    "body": {
        "readings": {"hr_per_min": 72, "spo2_pct": 97.5, "sbp_mmhg": 118, "dbp_mmhg": 71},
        "source": "monitor",
        "interval_s": 1,
    },
}
# What a sender may put where something else belongs.
ODD = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2**53,
        10**30,
        1.0,
        0.5,
        1e308,
        -0.0,
        "",
        "x",
        "1",
        "W3",
        "w3",
        "gw1",
        "b12",
        "monitor",
    ),
    *(
        "manual",
        "vitals.record",
        "vitals.strike",
        ID,
        ID.upper(),
        ID + "\n",
        "é",
        "\ud7ff",
        {},
        [],
        ["a"],
        {"kind": "device"},
    ),
    *({"id": "gw1", "kind": "staff"}, {"kind": "patient", "id": "p"}, {"hr_per_min": 301}, {"hr_per_min": "72"}),
    *({"temp_c": 36.6, "acvpu": "A"}, {"sbp_mmhg": 70, "dbp_mmhg": 70}, {"gcs_eye": 4}, {"rr_per_min": None}),
    *(
        "2026-11-24T08:00:00Z",
        "2026-11-24T08:00:00,123Z",
        "2026-W48-2T08:00:00Z",
        "2026-11-24T24:00:00Z",
        "20261124T080000Z",
    ),
    *("2026-11-24T08:00:00", "2026-11-24T08:00:00+08:00", "2026-11-24 08:00:00Z", "1969-12-31T23:59:59Z", 1764000000),
    *("2026-11-24T08:00:60Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-24T08:00:00.1234567Z"),
]


def payload(message: Any) -> bytes:
    """The message as any program might write it, numbers of every size included."""
    return json.dumps(message, ensure_ascii=False).encode()


def same_or_declined(topic: str, content: bytes) -> bool:
    """Read both ways and compare; whether the shortcut took it."""
    plain = recognise(topic, content)
    if plain is None:
        return False
    fields, measured_at, entered_at = plain
    found = read(Incoming(topic, content))
    command, body = found.command, found.body
    assert command is not None
    assert isinstance(body, RecordVitals)
    told = fields | {"measured_at": measured_at, "entered_at": entered_at, "actor": Actor(**fields["actor"])}
    assert (command.__dict__, found.device, found.fault) == (told, fields["device"], None)
    assert [type(command.n), type(command.base)] == [int, int]
    readings = fields["body"]["readings"]
    assert RecordVitals.model_validate(fields["body"]) == body
    assert (body.readings.readings(), body.source, body.seen) == (readings, fields["body"]["source"], None)
    assert set(fields["body"]) <= {"readings", "source", "interval_s"}
    assert outside_hard_limits(body.readings) == ()
    return True


@pytest.mark.parametrize("source", ["monitor", "manual"])
@pytest.mark.parametrize(
    "stamp", ["2026-11-24T08:00:00Z", "2026-11-24T08:00:00.5+00:00", "2026-11-24T08:00:00.000001Z"]
)
def test_a_plain_message_takes_the_shortcut(source: str, stamp: str) -> None:
    """Numbers within their limits and nothing beside them, whoever measured them."""
    message = copy.deepcopy(PLAIN)
    message["body"]["source"] = source
    message["measured_at"] = datetime.fromisoformat(stamp).astimezone(UTC).isoformat()

    assert same_or_declined(TOPIC, payload(message))


PLACES = [*PLAIN, "readings", "source", "interval_s", "hr_per_min", "actor.kind", "actor.id", "more"]


@pytest.mark.parametrize("name", PLACES)
def test_an_odd_field_is_read_as_the_models_read_it(name: str) -> None:
    """Each field takes each odd value in turn, and is left out."""
    for value in ODD:
        message = copy.deepcopy(PLAIN)
        _place_of(name, message)[name.rpartition(".")[2]] = value
        same_or_declined(TOPIC, payload(message))
    message = copy.deepcopy(PLAIN)
    _place_of(name, message).pop(name.rpartition(".")[2], None)
    same_or_declined(TOPIC, payload(message))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PLACES),
            st.sampled_from(ODD) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_odd_fields_together_are_read_as_the_models_read_them(changes: list[tuple[str, Any]]) -> None:
    """The shortcut agrees with the models, or leaves the message to them."""
    message = copy.deepcopy(PLAIN)
    for name, value in changes:
        _place_of(name, message)[name.rpartition(".")[2]] = value

    same_or_declined(TOPIC, payload(message))


@pytest.mark.parametrize(
    "topic", ["wardlink/v1/w4/up/gw1", "wardlink/v1/w3/up/gw2", "wardlink/v1/w3/down/gw1", "x", ""]
)
def test_a_message_on_a_foreign_topic_is_left_to_the_models(topic: str) -> None:
    """Ward and device of the message must be those of its topic."""
    assert recognise(topic, payload(PLAIN)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"1",
        b'"x"',
        b"{",
        payload(PLAIN)[:-1],
        payload(PLAIN) + b" x",
        payload(PLAIN) + b" " * 70_000,
        b"\xff",
    ],
)
def test_what_is_no_message_is_left_to_the_models(content: bytes) -> None:
    """Bytes that are no JSON object, or too many of them."""
    assert recognise(TOPIC, content) is None


def _place_of(name: str, message: dict[str, Any]) -> dict[str, Any]:
    body = message.get("body") if isinstance(message.get("body"), dict) else {}
    if name.startswith("actor."):
        found = message.get("actor")
    elif name in ("readings", "source", "interval_s"):
        found = body
    elif name == "hr_per_min":
        found = body.get("readings")
    else:
        found = message
    return found if isinstance(found, dict) else {}
