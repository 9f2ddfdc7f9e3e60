"""Adverse events: kept once, seen by whoever may, followed up, struck out and never deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from server.adverse import acting
from server.adverse.acting import Report
from server.adverse.service import event_seen, events_seen
from server.identity.staff import Person
from server.kpis.counting import Days, counted
from tests.server.complaints.ward import DOCTOR, HEAD, NURSE, NURSE_2, OTHER_HEAD, staffed
from tests.server.wards import NOW, STAY_1, STAY_2, SmallWard
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NoRight, NotFound
from wardlink.ids import new_id

KITCHEN = Person("k1", "唐梅", "kitchen", ("w1",))
TODAY = ward_date(NOW)


def fall(**other: Any) -> Report:
    """The patient of b1 has fallen ten minutes ago."""
    said = {
        "id": new_id(),
        "ward": "w1",
        "kind": "fall",
        "happened_at": NOW - timedelta(minutes=10),
        "place": "卫生间",
        "words": "起身时滑倒",
        "said": {"harm": "none"},
        "encounter": STAY_1,
    }
    return Report(**(said | other))


def terms(ward: SmallWard) -> dict[str, int]:
    """What today counts."""
    with ward.db.read() as conn:
        found = counted(conn, ["w1"], Days(TODAY, TODAY))[TODAY]
    return {name: n for name, n in found.items() if n and name in ("falls", "falls_harmed", "new_injuries")}


def test_the_whole_way(ward: SmallWard) -> None:
    """Reported, graded anew when a fracture is found, struck out; each step stays, and so does the event."""
    core, told = staffed(ward).core, fall()
    acting.report(core, NURSE, told)
    assert terms(ward) == {"falls": 1}

    acting.follow_up(core, HEAD, told.id, "X 线示骨折，已请骨科会诊。", harm="grade-3")
    assert terms(ward) == {"falls": 1, "falls_harmed": 1}
    acting.follow_up(core, HEAD, told.id, "加装扶手。", harm="grade-3")
    acting.strike_out(core, NURSE, told.id, "是家属跌倒，登记错了")

    assert terms(ward) == {}
    with ward.db.read() as conn:
        found = event_seen(conn, HEAD, told.id)
        audited = conn.exec_driver_sql("SELECT action, actor, encounter FROM access_audit ORDER BY no").all()
    assert [(step.act, step.harm_before) for step in found.steps] == [
        ("follow-up", "none"),
        ("follow-up", None),
        ("strike-out", None),
    ]
    assert (found.row.bed, found.row.harm, found.row.struck_at) == ("b1", "grade-3", NOW)
    ours = [tuple(line) for line in audited if line[0].startswith("event-")]
    assert ours == [
        ("event-reported", "staff:n1", STAY_1),
        ("event-follow-up", "staff:h1", STAY_1),
        ("event-follow-up", "staff:h1", STAY_1),
        ("event-strike-out", "staff:n1", STAY_1),
    ]


def test_a_form_sent_twice_is_kept_once(ward: SmallWard) -> None:
    """Also after a follow-up; another event with the same id is refused."""
    told = fall()
    acting.report(ward.core, NURSE, told)
    acting.report(ward.core, NURSE, told)

    assert terms(ward) == {"falls": 1}
    for other in (replace(told, place="走廊"), replace(told, said={"harm": "death"}), replace(told, encounter=STAY_2)):
        with pytest.raises(Collision):
            acting.report(ward.core, NURSE, other)


def test_whoever_reports_sees_their_own_and_who_leads_sees_all(ward: SmallWard) -> None:
    """A colleague, a doctor and the head nurse of another ward see nothing and do nothing."""
    core, told = staffed(ward).core, fall()
    acting.report(core, NURSE, told)

    with ward.db.read() as conn:
        for person, expected in ((NURSE, 1), (HEAD, 1), (NURSE_2, 0), (DOCTOR, 0), (OTHER_HEAD, 0), (KITCHEN, 0)):
            assert len(events_seen(conn, person, ["w1"])) == expected
            if not expected:
                with pytest.raises(NotFound):
                    event_seen(conn, person, told.id)
    for person in (NURSE_2, DOCTOR, OTHER_HEAD):
        with pytest.raises(NotFound):
            acting.strike_out(core, person, told.id, "不对")
    with pytest.raises(NotFound):
        acting.follow_up(core, OTHER_HEAD, told.id, "好")
    with pytest.raises(NoRight):
        acting.follow_up(core, NURSE, told.id, "好")
    with pytest.raises(NoRight):
        acting.report(core, KITCHEN, fall())
    with pytest.raises(NoRight):
        acting.report(core, OTHER_HEAD, fall())
    assert terms(ward) == {"falls": 1}


@pytest.mark.parametrize(
    "other",
    [
        {"words": " "},
        {"place": "\n"},
        {"kind": "flood"},
        {"said": {}},
        {"happened_at": NOW + timedelta(seconds=1)},
        {"happened_at": NOW - timedelta(days=367)},
        {"happened_at": NOW - timedelta(days=2)},
        {"encounter": new_id()},
        {"encounter": "none"},
    ],
)
def test_what_cannot_be_right_is_said_and_leaves_nothing(ward: SmallWard, other: dict[str, Any]) -> None:
    """Without words or place, of no kind, in the future, before the patient came, of nobody's stay."""
    with pytest.raises(InvalidInput):
        acting.report(ward.core, NURSE, fall(**other))

    with ward.db.read() as conn:
        assert events_seen(conn, NURSE, ["w1"]) == []


def test_a_visitor_counts_nowhere(ward: SmallWard) -> None:
    """It is kept and shown; no KPI of patients has it."""
    acting.report(ward.core, NURSE, fall(encounter=None))

    assert terms(ward) == {}
    with ward.db.read() as conn:
        assert [row.bed for row in events_seen(conn, NURSE, ["w1"])] == [None]


def test_what_was_struck_out_is_closed(ward: SmallWard) -> None:
    """Neither followed up nor struck out again; a reason has words."""
    core, told = staffed(ward).core, fall()
    acting.report(core, NURSE, told)
    with pytest.raises(InvalidInput):
        acting.strike_out(core, NURSE, told.id, "  ")
    acting.strike_out(core, HEAD, told.id, "重复")

    with pytest.raises(Collision):
        acting.strike_out(core, NURSE, told.id, "重复")
    with pytest.raises(Collision):
        acting.follow_up(core, HEAD, told.id, "好")


def test_the_list_is_narrowed_by_kind_and_days(ward: SmallWard) -> None:
    """The newest first; the end of the days is not in them."""
    now: datetime = NOW
    acting.report(ward.core, NURSE, fall())
    injury = {"stage": "stage-2", "began": "here"}
    acting.report(ward.core, NURSE, fall(kind="pressure-injury", said=injury, happened_at=now))

    with ward.db.read() as conn:
        assert [row.kind for row in events_seen(conn, NURSE, ["w1"])] == ["pressure-injury", "fall"]
        assert [row.kind for row in events_seen(conn, NURSE, ["w1"], kind="fall")] == ["fall"]
        assert [row.kind for row in events_seen(conn, NURSE, ["w1"], since=now)] == ["pressure-injury"]
        assert [row.kind for row in events_seen(conn, NURSE, ["w1"], until=now)] == ["fall"]
        assert events_seen(conn, NURSE, ["w2"]) == []
