"""Escalation chains as a hospital writes them: what may stand there, and that alerts go by them from their time on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.alerts.engine import AlertEngine
from server.alerts.escalation import escalation_notes, our_escalation, our_text, read_escalation
from server.house.keeping import add
from tests.server.alerts.ward import HIGH, alerts, measure, only
from tests.server.wards import STAY_1, SmallWard
from wardlink.clinical.alert_rules import CODES, alert_rule, chain
from wardlink.errors import FileWrong

OURS = our_text()
CARE = "[chains.care]\nnurse = {}"
THEIRS = OURS.replace(CARE, "[chains.care]\ndoctor = {}\nnurse = {}", 1).replace(
    "head-nurse = { hours", "# head-nurse = { hours"
)
THEIRS = THEIRS.replace("doctor = {}\n\n[chains.crisis]", "\n[chains.crisis]")


def put(ward: SmallWard, text: str, *, after_s: float = 0) -> None:
    """A version is confirmed."""
    now = ward.clock.now()
    with ward.db.write() as conn:
        count = conn.exec_driver_sql("SELECT count(*) FROM house_version").scalar_one()
        at = now + timedelta(seconds=after_s)
        add(conn, "escalation", text, by="staff:m", at=now, effective_at=at, note="", saw=f"{count}.0")


def test_what_ships_is_what_the_table_says() -> None:
    """Every code with its times and every chain with its hours; nothing is written down twice."""
    ours = our_escalation()

    for code in CODES:
        rule, found = alert_rule(code), ours.of(code)
        assert (found.answer_within, found.arrive_within) == (rule.answer_within, rule.arrive_within)
        assert list(ours.steps(code)) == list(chain(rule.chain))


@pytest.mark.parametrize(
    ("right", "wrong", "row"),
    [
        (CARE, "[chains.care]\ncashier = {}", "[chains.care]"),
        (CARE, '[chains.care]\nnurse = { hours = ["18:00", "07:30"] }', "[chains.care]"),
        (CARE, '[chains.care]\nnurse = { hours = ["soon", "later"] }', "[chains.care]"),
        ('chain = "care"', 'chain = "nobody"', "[codes.news2-high]"),
        ("answer_within_s = 60", "answer_within_s = 9", "[codes.news2-high]"),
        ("answer_within_s = 60", "answer_within_s = 86401", "[codes.news2-high]"),
        ("answer_within_s = 60", "answer_within_s = 60.0", "[codes.news2-high]"),
        ("arrive_within_s = 300", "arrive_s = 300", "[codes.news2-high]"),
        ("[codes.news2-high]", "[codes.news3-high]", "[codes.news3-high]"),
        ("as_of = ", "since = ", "[escalation]"),
    ],
)
def test_what_is_wrong_is_named_with_its_table(right: str, wrong: str, row: str) -> None:
    """Whatever of it would leave an alert with nobody, or with a time that cannot be meant."""
    text = OURS.replace(right, wrong, 1)
    with pytest.raises(FileWrong) as refused:
        read_escalation(text)

    assert {text.splitlines()[fault.line - 1] for fault in refused.value.faults} == {row}


def test_a_chain_in_which_nobody_is_asked_at_night_is_refused() -> None:
    """At every hour somebody must hear it."""
    text = '[escalation]\nsource = "a"\nas_of = 2026-11-01\n[chains.care]\nnurse = { hours = ["07:00", "23:00"] }\n'
    with pytest.raises(FileWrong) as refused:
        read_escalation(text)

    assert [(fault.line, fault.params["at"]) for fault in refused.value.faults] == [(4, "00:00")]
    night = text + 'doctor = { hours = ["00:00", "07:00"] }\ncharge-nurse = { hours = ["23:00", "23:59"] }\n'
    with pytest.raises(FileWrong):
        read_escalation(night)


def test_times_at_the_bounds_are_taken_and_what_is_left_out_is_ours() -> None:
    """10 seconds and a day; a file of one code leaves the others as they ship."""
    text = (
        '[escalation]\nsource = "a"\nas_of = 2026-11-01\n[chains.own]\ndoctor = {}\n'
        '[codes.news2-high]\nchain = "own"\nanswer_within_s = 10\narrive_within_s = 86400\n'
    )
    found = read_escalation(text)

    assert [step.role for step in found.steps("news2-high")] == ["doctor"]
    assert found.of("call-P1") == our_escalation().of("call-P1")
    assert [params["codes"] for _said, params in escalation_notes(None, found, found.as_of)] == ["news2-high"]


def test_an_alert_goes_by_the_chain_that_holds_when_it_is_raised(ward: SmallWard, engine: AlertEngine) -> None:
    """Until its time ours, from then on theirs; no new start between."""
    put(ward, THEIRS, after_s=3600)
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    before = only(ward).offered_to
    ward.clock.advance(3600)
    engine.go_on()

    after = alerts(ward)[0].offered_to
    assert before == ("nurse",)
    assert "doctor" in after
    assert after.index("doctor") == 1


def test_times_of_a_version_hold_for_the_next_step(ward: SmallWard, engine: AlertEngine) -> None:
    """Half a minute instead of one."""
    put(ward, OURS.replace("answer_within_s = 60", "answer_within_s = 30", 1))
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    ward.clock.advance(30)
    engine.go_on()

    assert only(ward).offered_to == ("nurse", "charge-nurse")


def test_a_version_that_cannot_be_read_leaves_what_ships(ward: SmallWard, engine: AlertEngine) -> None:
    """Nobody is left without a chain."""
    put(ward, "[escalation]")
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")

    assert only(ward).offered_to == ("nurse",)
