"""What the figures of medication safety are made of: the database counts as a person with the doses before her."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert

from server.db import Database
from server.exceptions.models import ExceptionRow
from server.kpis.counting import Days
from server.medication import exceptions, sums
from server.medication.counting import Asked, By, Key, counted
from server.medication.facts import Placed
from server.medication.reasons import Reason, reasons
from server.patients.models import Ward
from server.record.models import RecordRow
from wardlink.clinical.medication_safety import OF_DOSES, OF_GIVINGS
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.ids import new_id
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.record.doses import DOSE

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]
_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]

DAYS = Days(date(2026, 11, 20), date(2026, 11, 22))
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
"""08:00 on the ward's wall."""
HELD_ORDER = new_id()

ASPIRIN = {"drug": "aspirin", "dose": 1, "unit": "片", "name_zh": "阿司匹林", "name_en": "Aspirin"}
INSULIN = {"drug": "insulin", "dose": 6, "unit": "U", "name_zh": "胰岛素", "name_en": "Insulin", "high_alert": "A"}
SYRUP = {"drug": "syrup", "dose": 6, "unit": "mL", "name_zh": "糖浆", "name_en": "Syrup", "high_alert": "C"}
WRISTBAND = {"what": "wristband", "code": "w", "at": DUE}
PRESENCE = {"what": "presence", "code": "p", "at": DUE}
PACK = {"what": "drug", "code": "d", "at": DUE}
BAG = {"what": "bag", "code": "b", "at": DUE}
NO_BAND = {"check": "patient-unscanned", "reason": "腕带已取下"}
NO_PACK = {"check": "drug-unscanned", "reason": "条码破损"}
ALLERGY = {"check": "allergy", "reason": "医生确认"}


def event(act: str, at: datetime, **more: Any) -> DoseEvent:
    """An entry of nurse n1, with both codes."""
    scans = [WRISTBAND, PACK] if act in ("give", "start") else []
    fields = {"command": new_id(), "act": act, "at": at, "entered_at": at, "device": "c1", "scans": scans}
    return DoseEvent.model_validate(fields | {"by": {"kind": "staff", "id": "n1"}} | more)


def dose(*events: DoseEvent, state: str = "done", due_at: datetime | None = DUE, **more: Any) -> DoseView:
    """A dose with a window of an hour on either side, at bed 1."""
    hour = timedelta(hours=1)
    window = {} if due_at is None else {"opens_at": due_at - hour, "closes_at": due_at + hour}
    item = {"ingredient": "x", "strength": "x"}
    items = [one | item for one in more.pop("items", [ASPIRIN])]
    fields = {"id": new_id(), "encounter": None, "bed": "1", "order": new_id(), "due_at": due_at, "items": items}
    return DoseView.model_validate(fields | window | {"state": state, "events": events} | more)


@pytest.fixture
def wards(database: Database) -> Database:
    """Two wards, and an order on hold."""
    with database.write() as conn:
        for name in ("a", "b"):
            conn.execute(insert(_WARD).values(id=name, name=name, log_id=name, seq=0, head=b""))
        held = {"kind": "order", "id": HELD_ORDER, "ward": "a", "state": "on-hold", "is_open": True}
        conn.execute(insert(_RECORD).values(**held, at=DUE, body="{}"))
    return database


def put(db: Database, *doses: DoseView, ward: str = "a") -> None:
    """These are the doses of the ward's record."""
    with db.write() as conn:
        for view in doses:
            row = {"kind": "dose", "id": view.id, "ward": ward, "bed": view.bed, "at": DOSE.at(view)}
            state = {"state": view.state, "is_open": DOSE.is_open(view)}
            conn.execute(insert(_RECORD).values(**row, **state, body=view.model_dump_json(exclude_none=True)))
            sums.follow_dose(conn, None, Placed(ward, view.bed, view))


def lines(db: Database, by: By = "all", wards: tuple[str, ...] = ("a",)) -> dict[Key, dict[str, int]]:
    """What was counted, without noughts."""
    with db.read() as conn:
        found = counted(conn, Asked(wards, DAYS, NOW), by).lines
    return {key: {name: n for name, n in line.items() if n} for key, line in found.items() if any(line.values())}


READ = {"patient_read": 1, "drug_read": 1, "both_read": 1}
IN_TIME = {"given": 1, "timed": 1, "in_time": 1, "due": 1, "due_or_not": 1}
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


BEGUN = (
    (DUE - HOUR - SECOND, "early"),
    (DUE - HOUR - SECOND / 1_000_000, "early"),
    (DUE - HOUR, "in_time"),
    (DUE + HOUR, "in_time"),
    (DUE + HOUR + SECOND / 1_000_000, "late"),
    (DUE + HOUR + SECOND, "late"),
    (DUE + 20 * HOUR, "late"),
)
SAID: tuple[tuple[dict[str, Any], dict[str, int]], ...] = (
    ({}, READ),
    ({"scans": [PRESENCE, BAG]}, READ),
    ({"scans": [WRISTBAND]}, {"patient_read": 1, "unexplained": 1}),
    ({"scans": [BAG, PACK]}, {"drug_read": 1, "unexplained": 1}),
    ({"scans": []}, {"unexplained": 1}),
    ({"scans": [], "note": '"what":"wristband","what":"drug"'}, {"unexplained": 1}),
    ({"note": '"check":"drug-unscanned"'}, READ),
    ({"scans": [PACK], "overrides": [NO_BAND]}, {"drug_read": 1, "overridden": 1}),
    ({"overrides": [NO_PACK]}, {"patient_read": 1, "overridden": 1}),
    ({"overrides": [ALLERGY, NO_BAND]}, {"drug_read": 1, "overridden": 1}),
    ({"overrides": [ALLERGY]}, READ | {"overridden": 1}),
)
WITNESSED: tuple[tuple[list[dict[str, Any]], str | None, dict[str, int]], ...] = (
    ([INSULIN], None, {"high_alert": 1}),
    ([INSULIN], "n1", {"high_alert": 1}),
    ([ASPIRIN, INSULIN], "n2", {"high_alert": 1, "witnessed": 1}),
    ([SYRUP], "n2", {}),
    ([ASPIRIN], "n2", {}),
)
BECAME: tuple[tuple[DoseView, dict[str, int]], ...] = (
    (dose(event("miss", DUE), state="missed"), {"missed": 1, "due": 1, "due_or_not": 1}),
    (dose(event("hold", DUE), state="held"), {"not_given": 1, "due_or_not": 1}),
    (dose(event("refuse", DUE), state="refused"), {"not_given": 1, "due_or_not": 1}),
    (dose(state="planned"), {"waiting": 1, "due": 1, "due_or_not": 1}),
    (dose(state="planned", due_at=NOW - HOUR - SECOND), {"waiting": 1, "due": 1, "due_or_not": 1}),
    (dose(state="planned", due_at=NOW - HOUR), {}),
    (dose(state="planned", order=HELD_ORDER), {}),
    (dose(state="cancelled"), {}),
    (dose(event("give", DUE), due_at=None), {"given": 1} | READ),
    (dose(event("start", DUE), state="running"), IN_TIME | READ),
    (dose(event("give", DUE, struck_at=NOW), state="planned"), {"waiting": 1, "due": 1, "due_or_not": 1}),
    (dose(event("give", DUE), due_at=NOW + 24 * HOUR), {}),
)


def each_alone(db: Database, views: Iterable[DoseView]) -> list[dict[str, int]]:
    """What is counted of each of these doses, every one in a bed of its own."""
    beds = [view.model_copy(update={"bed": str(number)}) for number, view in enumerate(views)]
    put(db, *beds)
    found = lines(db, "bed")
    return [found.get(("a", str(view.bed)), {}) for view in beds]


def test_the_ends_belong_to_the_window(wards: Database) -> None:
    """A millionth of a second beside it is outside."""
    found = each_alone(wards, (dose(event("give", at)) for at, _expected in BEGUN))

    names = ("early", "in_time", "late")
    assert [[name for name in names if name in line] for line in found] == [[expected] for _at, expected in BEGUN]
    assert [line.get("wrong_time", 0) for line in found] == [int(expected != "in_time") for _at, expected in BEGUN]


def test_what_was_read(wards: Database) -> None:
    """A code that was passed over was not read, whatever else was; passed over without a code is explained."""
    found = each_alone(wards, (dose(event("give", DUE, **said)) for said, _expected in SAID))

    assert found == [IN_TIME | expected for _said, expected in SAID]


def test_a_second_nurse_is_another_one(wards: Database) -> None:
    """Nobody is her own second nurse; grade C asks for none."""
    found = each_alone(wards, (dose(event("give", DUE, witness=who), items=items) for items, who, _e in WITNESSED))

    assert found == [IN_TIME | READ | expected for _items, _who, expected in WITNESSED]


def test_what_becomes_of_a_dose(wards: Database) -> None:
    """Each once: given, missed, waiting or not to be given; another day's is not counted."""
    assert each_alone(wards, (view for view, _expected in BECAME)) == [expected for _view, expected in BECAME]


def test_a_dose_given_twice_is_due_once(wards: Database) -> None:
    """Both givings count with their codes; the first one says whether it was in time."""
    put(wards, dose(event("give", DUE, scans=[]), event("give", DUE + 3 * HOUR)))

    assert lines(wards) == {(): IN_TIME | READ | {"given": 2, "unexplained": 1}}


def test_every_line_has_its_own(wards: Database) -> None:
    """By hour and day of the ward, bed of its ward, each drug of the dose once, and who gave it."""
    late_by_other = event("give", DUE + 2 * HOUR, by={"kind": "staff", "id": "n2"})
    put(wards, dose(event("give", DUE), items=[ASPIRIN, INSULIN, ASPIRIN]))
    put(wards, dose(late_by_other, bed="2"), dose(event("miss", DUE), state="missed"), ward="b")
    both = ("a", "b")

    assert {key: line["due"] for key, line in lines(wards, "hour", both).items()} == {("08",): 3}
    assert {key: line["due"] for key, line in lines(wards, "day", both).items()} == {("2026-11-21",): 3}
    assert {key: line["due"] for key, line in lines(wards, "bed", both).items()} == {
        ("a", "1"): 1,
        ("b", "1"): 1,
        ("b", "2"): 1,
    }
    assert {key: line["due"] for key, line in lines(wards, "drug", both).items()} == {("aspirin",): 3, ("insulin",): 1}
    assert {key: line["given"] for key, line in lines(wards, "person", both).items()} == {
        ("staff:n1",): 1,
        ("staff:n2",): 1,
    }
    with wards.read() as conn:
        assert counted(conn, Asked(both, DAYS, NOW), "drug").drugs["insulin"] == ("胰岛素", "Insulin")


def test_reasons_are_counted_as_they_were_given(wards: Database) -> None:
    """Those of passed checks by the check; of a dose that was held twice the last; none given is shown as none."""
    put(wards, dose(event("give", DUE, overrides=[NO_BAND, NO_PACK])), dose(event("give", DUE, overrides=[NO_BAND])))
    put(wards, dose(event("give", DUE + 2 * HOUR, reason="检查未归")), dose(event("give", DUE - 2 * HOUR)))
    put(wards, dose(event("hold", DUE, reason="禁食"), event("hold", DUE, reason="呕吐"), state="held"))
    put(wards, dose(event("miss", DUE, reason="x", struck_at=NOW), event("miss", DUE, reason="无药"), state="missed"))

    with wards.read() as conn:
        found = reasons(conn, Asked(("a",), DAYS, NOW))

    assert found == [
        Reason("override", "patient-unscanned", "腕带已取下", 2),
        Reason("override", "drug-unscanned", "条码破损", 1),
        Reason("early", None, None, 1),
        Reason("late", None, "检查未归", 1),
        Reason("held", None, "呕吐", 1),
        Reason("missed", None, "无药", 1),
    ]


def test_exceptions_count_by_when_they_were_opened_and_closed(wards: Database) -> None:
    """Only those about giving drugs; the open ones are listed whenever they were opened."""
    long_ago, last = DUE - timedelta(days=90), datetime(2026, 11, 23, tzinfo=WARD_ZONE) - SECOND
    names = [new_id() for _n in range(7)]
    rows: list[tuple[int, str, datetime, datetime | None]] = [
        (1, "given-twice", long_ago, None),
        (2, "given-unscanned", long_ago, long_ago + 90 * HOUR),
        (3, "given-unscanned", DUE, DUE + timedelta(minutes=90)),
        (4, "runs-after-stop", last - 2 * HOUR, last),
        (5, "given-twice", last + SECOND, None),
        (6, "bed-taken", DUE, None),
    ]
    with wards.write() as conn:
        for number, kind, opened, closed in rows:
            row = {
                "id": names[number],
                "ward": "a",
                "kind": kind,
                "opened_at": opened,
                "closed_at": closed,
                "detail": {},
            }
            conn.execute(insert(_EXCEPTION).values(**row))

    with wards.read() as conn:
        assert exceptions.counted(conn, Asked(("a",), DAYS, NOW)) == {"opened": 2, "closed": 2, "open_minutes": 210}
        for show, expected in (("open", [1, 5]), ("closed", [4, 3])):
            found = exceptions.listed(conn, ["a"], DAYS, show)  # type: ignore[arg-type]
            assert [names.index(view.id) for _ward, view in found] == expected


def some_doses(seed: int) -> list[DoseView]:
    """Any doses: given once, twice or never, with any codes, early and late, one drug or several."""
    dice = random.Random(seed)
    made = []
    for _n in range(dice.randrange(1, 30)):
        due = DUE + timedelta(minutes=dice.randrange(-2880, 2880), microseconds=dice.choice([0, 500_000]))
        events = [
            event(
                dice.choice(["give", "give", "start", "hold", "patrol"]),
                due + timedelta(minutes=dice.choice([-200, -61, -60, 0, 59, 60, 61, 200])),
                scans=dice.sample([WRISTBAND, PRESENCE, PACK, BAG], dice.randrange(5)),
                overrides=dice.sample([NO_BAND, NO_PACK, ALLERGY], dice.choice([0, 0, 1, 2])),
                witness=dice.choice([None, "n1", "n2"]),
                struck_at=dice.choice([None, None, None, NOW]),
                by={"kind": "staff", "id": dice.choice(["n1", "n2", "n3"])},
            )
            for _m in range(dice.randrange(4))
        ]
        given = any(e.act in ("give", "start") and e.struck_at is None for e in events)
        state = "done" if given else dice.choice(["planned", "missed", "held", "refused", "cancelled"])
        timed = not events or dice.random() < 0.8
        more = {"order": HELD_ORDER} if dice.random() < 0.2 else {}
        items = dice.sample([ASPIRIN, INSULIN, SYRUP], dice.randrange(1, 4))
        bed = dice.choice("123")
        made.append(dose(*events, state=state, due_at=due if timed else None, items=items, bed=bed, **more))
    return made


@pytest.mark.parametrize("seed", range(4))
def test_the_sums_are_what_a_person_would_count(wards: Database, seed: int) -> None:
    """By every line: the same as going through the doses one by one."""
    with wards.write() as conn:
        conn.execute(delete(_RECORD).where(_RECORD.c.kind == "dose"))
        sums.recount(conn)
    views = some_doses(seed)
    put(wards, *views)

    for by in ("all", "day", "hour", "bed", "drug", "person"):
        expected: dict[Key, Counter[str]] = {}
        for view in views:
            for key, terms in _told(view, by):
                expected.setdefault(key, Counter()).update(terms)
        assert lines(wards, by) == {key: dict(+line) for key, line in expected.items() if +line}


def _told(view: DoseView, by: str) -> Iterator[tuple[Key, dict[str, int]]]:
    at = ward_time(DOSE.at(view))
    if not DAYS.since <= at.date() <= DAYS.until:
        return
    keys: dict[str, list[Key]] = {
        "all": [()],
        "day": [(at.date().isoformat(),)],
        "hour": [(f"{at.hour:02d}",)],
        "bed": [("a", view.bed or "")],
        "drug": [(item.drug,) for item in view.items],
    }
    for number, giving in enumerate(view.givings()):
        for key in [(str(giving.by),)] if by == "person" else keys[by]:
            yield key, _of_giving(view, giving, is_first=number == 0)
    if by != "person":
        for key in keys[by]:
            yield key, _of_dose(view)


def _of_giving(view: DoseView, giving: DoseEvent, *, is_first: bool) -> dict[str, int]:
    passed = {over.check for over in giving.overrides}
    read = {scan.what for scan in giving.scans}
    patient = bool(read & {"wristband", "presence"}) and "patient-unscanned" not in passed
    drug = bool(read & {"bag", "drug"}) and "drug-unscanned" not in passed
    high = any(item.high_alert in ("A", "B") for item in view.items)
    timed = is_first and view.closes_at is not None
    early = timed and view.opens_at is not None and giving.at < view.opens_at
    late = timed and view.closes_at is not None and giving.at > view.closes_at
    terms = {
        "given": 1,
        "patient_read": patient,
        "drug_read": drug,
        "both_read": patient and drug,
        "overridden": bool(passed),
        "unexplained": not (patient and drug) and not passed,
        "high_alert": high,
        "witnessed": high and giving.witness not in (None, giving.by.id),
        "timed": timed,
        "early": early,
        "late": late,
        "wrong_time": early or late,
        "in_time": timed and not early and not late,
        "due": timed,
        "due_or_not": timed,
    }
    assert terms.keys() >= set(OF_GIVINGS)
    return {name: int(n) for name, n in terms.items()}


def _of_dose(view: DoseView) -> dict[str, int]:
    waiting = (
        view.state == "planned" and view.closes_at is not None and view.closes_at < NOW and view.order != HELD_ORDER
    )
    missed, not_given = view.state == "missed", view.state in ("held", "refused")
    if view.due_at is None:
        waiting = missed = not_given = False
    terms = {"missed": missed, "waiting": waiting, "not_given": not_given}
    terms |= {"due": missed or waiting, "due_or_not": missed or waiting or not_given}
    assert terms.keys() == set(OF_DOSES)
    return {name: int(n) for name, n in terms.items()}
