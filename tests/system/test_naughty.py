"""Texts that break programs, in every field that takes one: they arrive as they are, or are refused in words."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest

from cart.usecases import calls as at_the_cart
from cart.usecases.session import sign_in
from tests.cases import case
from tests.system.wards import BADGE, BED, PIN, TERMINAL, RunningWard, running
from wardlink.clinical.vitals import VitalSet
from wardlink.device import Entry
from wardlink.errors import InvalidInput
from wardlink.messages.calls import RaiseCall
from wardlink.messages.vitals import RecordVitals, StrikeVitals

pytestmark = [pytest.mark.cases, pytest.mark.slow]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """The Big List of Naughty Strings, without what is the same."""
    found = json.loads(case("naughty", "blns.json").read_text("utf-8"))
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWard]:
    """A ward with two carts and a terminal."""
    case("naughty", "blns.json")
    with running(tmp_path_factory.mktemp("naughty")) as found:
        found.in_step(found.device("c1"), found.device("c2"), found.device(TERMINAL))
        yield found


def test_notes_and_reasons_arrive_as_they_were_typed(ward: RunningWard, texts: list[str]) -> None:
    """As the note of a set, the reason of a late entry and of a strike, on every device and in the log."""
    c1, c2, terminal = ward.device("c1"), ward.device("c2"), ward.device(TERMINAL)
    nurse = sign_in(c1, BADGE, PIN)
    entries = []
    refused = []
    for text in texts:
        try:
            body = RecordVitals(readings=VitalSet(pulse_per_min=72.0), note=text, late_reason=text[:200])
            [made] = c1.record_all([Entry("vitals.record", body, nurse.actor, ward.stay, BED)])
        except (InvalidInput, ValueError) as fault:
            refused.append((text, str(fault)))
            continue
        entries.append((made.id, text))
        if text:
            strike = StrikeVitals(vitals=made.id, reason=text[:200])
            c1.record("vitals.strike", strike, actor=nurse.actor, encounter=ward.stay, bed=BED)

    ward.in_step(c1, c2, terminal)

    assert len(entries) > 450
    assert all(reason for _, reason in refused)
    for device in (c1, c2, terminal):
        for made, text in entries:
            held = device.replica.vitals_set(made)
            assert held is not None, text
            assert (held.note, held.late_reason) == (text, text[:200])
            assert held.struck_reason == (text[:200] or None)
    told = {change.command: change.body["note"] for change in ward.changes("vitals.recorded")}
    assert [told[made] for made, _ in entries] == [text for _, text in entries]
    assert c1.status().refused == 0


def test_what_a_nurse_says_of_a_call_arrives_as_it_was_typed(ward: RunningWard, texts: list[str]) -> None:
    """As the outcome of a call: the bed's terminal and the other cart read it as it is."""
    c1, c2, terminal = ward.device("c1"), ward.device("c2"), ward.device(TERMINAL)
    nurse = sign_in(c1, BADGE, PIN)
    for text in texts[::40]:
        raised = terminal.record("call.raise", RaiseCall(reason="WATER"), actor=nurse.actor, bed=BED)
        ward.in_step(terminal, c1)
        call = next(call for call in c1.replica.calls() if call.id == raised.id)
        at_the_cart.resolve(c1, nurse, call, text[:200])
        ward.in_step(c1, c2, terminal)
        for device in (c2, terminal):
            held = next(call for call in device.replica.calls() if call.id == raised.id)
            assert (held.state, held.outcome) == ("resolved", text[:200])


def test_at_the_doors_they_are_refused_in_words(ward: RunningWard, texts: list[str]) -> None:
    """As badge, PIN, ward, bed or admission number: a refusal with a sentence, and never a fault of the server."""
    credential = ward.built.credentials[TERMINAL]
    answers = []
    with httpx2.Client(
        base_url=ward.address, auth=(credential.device, credential.secret.get_secret_value()), trust_env=False
    ) as http:
        for text in texts[::12]:
            answers.append(http.post("/api/v1/sign-in", json={"badge": text, "pin": text}))
            answers.append(http.post(f"/api/v1/wards/w3/beds/{BED}/open", json={"admission_no": text, "second": text}))
            answers.append(http.get("/api/v1/wards/w3/changes", params={"after": text}))

    assert {answer.status_code for answer in answers} <= {401, 403, 404, 422, 429}
    assert all(answer.json()["detail"] for answer in answers)


def test_nothing_was_held_up(ward: RunningWard) -> None:
    """After all of them a plain set goes the whole way, and nothing was set aside."""
    c1, c2 = ward.device("c1"), ward.device("c2")
    nurse = sign_in(c1, BADGE, PIN)

    made = c1.record(
        "vitals.record",
        RecordVitals(readings=VitalSet(pulse_per_min=64.0)),
        actor=nurse.actor,
        encounter=ward.stay,
        bed=BED,
    )

    ward.in_step(c1, c2)
    assert c2.replica.vitals_set(made.id) is not None
    assert c2.replica.exceptions() == []
    assert c1.outbox.refused() == []
