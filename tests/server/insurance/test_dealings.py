"""Dealing with the platform: in order, each step once, and nothing sent again before what got no answer is cleared."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.insurance.keeping import SETTLEMENT, differences
from server.insurance.port import Card, CardKind, Fee, NotEntitled, PlatformAway, PlatformRefused, ResultUnknown
from server.insurance.stages import Stage
from tests.server.insurance.office import CASHIER, CHEN, FEES, MESSAGE, Office
from tests.server.wards import NOW, STAY_1, SmallWard
from tests.waiting import wait_until
from wardlink.errors import Collision, InvalidInput, NotFound, WardlinkError


def test_a_stay_is_settled_from_admission_to_settlement(office: Office) -> None:
    """9001, 2001, 2401, 2301, 2402, 2303, 2304: and the amounts are those of the worked example."""
    office.ready()
    tried = office.dealings.presettle(STAY_1, office.card(), use_account=True, invoice="FP1", actor=CASHIER)
    found = office.settle()

    assert office.platform.taken == ["9001", "2001", "2401", "2301", "2402", "2303", "2304"]
    assert (found.total, found.own, found.first, found.scope) == (2000000, 200000, 60000, 1740000)
    assert (found.deductible, found.pooled, found.person) == (80000, 1411000, 589000)
    assert (found.account, found.cash, found.ratio_bp) == (100000, 489000, 8500)
    assert (tried.setl_id, tried.cash) == ("", found.cash)
    assert office.standing() == office.platform.standing() == [found.setl_id]


def test_what_is_done_is_not_done_again(office: Office) -> None:
    """Each step asked a second time answers the same and sends nothing."""
    office.ready()
    first = office.settle()
    before = list(office.platform.taken)
    office.dealings.register(STAY_1, office.card(), actor=CASHIER)
    office.dealings.discharge(STAY_1, actor=CASHIER)

    assert office.settle() == first
    assert office.platform.taken == before


@pytest.mark.parametrize("discharge_first", [True, False])
def test_the_way_back_is_the_way_there_in_reverse(quick_ward: SmallWard, discharge_first: bool) -> None:
    """2305, 2405, 2302, 2404; or the discharge first where the province has it last."""
    office = Office(quick_ward, discharge_first=discharge_first)
    office.ready()
    office.settle()
    if not discharge_first:
        office.dealings.discharge(STAY_1, actor=CASHIER)
    sent = len(office.platform.taken)
    stood: list[Stage] = [office.dealings.back(STAY_1, actor=CASHIER) for _ in range(4)]

    assert stood[1:] == ["uploaded", "registered", "none"]
    expected = ["2305", "2405", "2302", "2404"] if discharge_first else ["2405", "2305", "2302", "2404"]
    assert office.platform.taken[sent:] == expected
    assert office.platform.visits == {}
    assert office.standing() == []
    with pytest.raises(Collision):
        office.dealings.back(STAY_1, actor=CASHIER)
    office.close()


def test_steps_out_of_order_are_refused_here(office: Office) -> None:
    """The platform is not even asked."""
    asks: list[Callable[[], object]] = [
        lambda: office.dealings.upload(STAY_1, FEES, actor=CASHIER),
        lambda: office.dealings.discharge(STAY_1, actor=CASHIER),
        office.settle,
    ]
    for ask in asks:
        with pytest.raises(Collision):
            ask()
    office.ready()
    more = (*FEES, Fee("F9", NOW, "XA01", "H1", 100, 10000, 100))
    with pytest.raises(Collision):
        office.dealings.upload(STAY_1, more, actor=CASHIER)


def test_lines_go_out_day_by_day_and_a_line_that_is_gone_takes_all_back(office: Office) -> None:
    """What stands over there is what stands here."""
    office.dealings.register(STAY_1, office.card(), actor=CASHIER)
    office.dealings.upload(STAY_1, FEES[:1], actor=CASHIER)
    office.dealings.upload(STAY_1, FEES[:2], actor=CASHIER)
    office.dealings.upload(STAY_1, FEES[1:], actor=CASHIER)

    (visit,) = office.platform.visits.values()
    assert set(visit.fees) == {"F0002", "F0003"}
    assert office.platform.taken[3:] == ["2301", "2301", "2302", "2301"]


UNANSWERED = ["before", "after", "late", "garbage", "broken"]


@pytest.mark.parametrize("fate", UNANSWERED)
def test_a_settlement_without_an_answer_is_asked_for_and_not_sent_again(office: Office, fate: str) -> None:
    """Whether it was done or not, there is one in the end, and its answer is the platform's."""
    office.ready()
    office.platform.fates.append(fate)  # type: ignore[arg-type]
    with pytest.raises(ResultUnknown):
        office.settle()
    sent = len(office.platform.taken)
    office.restart()
    found = office.settle()
    office.platform.deliver_late()

    assert office.platform.standing() == office.standing() == [found.setl_id]
    assert office.platform.taken[sent] == "5203"
    assert office.states("2304")[0] == ("adopted" if fate in ("after", "garbage") else "reversed")


@pytest.mark.parametrize("fate", UNANSWERED)
@pytest.mark.parametrize("step", ["register", "upload", "discharge", "back"])
def test_any_step_without_an_answer_is_taken_back_before_it_is_sent_again(
    quick_office: Office, step: str, fate: str
) -> None:
    """2601 names the message; a late one is refused when it arrives."""
    office = quick_office
    steps: dict[str, Callable[[], object]] = {
        "register": lambda: office.dealings.register(STAY_1, office.card(), actor=CASHIER),
        "upload": lambda: office.dealings.upload(STAY_1, FEES, actor=CASHIER),
        "discharge": lambda: office.dealings.discharge(STAY_1, actor=CASHIER),
        "back": lambda: office.dealings.back(STAY_1, actor=CASHIER),
    }
    for name in list(steps)[: list(steps).index(step)]:
        steps[name]()
    # An admission begins with the question whether benefits are paid.
    office.platform.fates.extend(["ok", fate] if step == "register" else [fate])  # type: ignore[list-item]
    with pytest.raises(ResultUnknown):
        steps[step]()
    sent = len(office.platform.taken)
    steps[step]()
    office.platform.deliver_late()

    assert office.platform.taken[sent:][0] == "2601"
    if step == "back":
        assert office.stage() == "uploaded"
    office.dealings.discharge(STAY_1, actor=CASHIER) if step in ("back", "upload") else None
    if step != "register":
        office.dealings.discharge(STAY_1, actor=CASHIER)
        assert office.settle().cash == 489000
    assert len(office.platform.visits) == 1


def test_a_taking_back_without_an_answer_is_asked_for(office: Office) -> None:
    """2305 done or not: where the settlement is gone over there, it is gone here."""
    for fate in ("after", "before"):
        office.insure()
        office.ready()
        office.settle()
        office.platform.fates.append(fate)  # type: ignore[arg-type]
        with pytest.raises(ResultUnknown):
            office.dealings.back(STAY_1, actor=CASHIER)
        office.dealings.clear(STAY_1, actor=CASHIER)

        assert office.standing() == office.platform.standing()
        assert len(office.standing()) == (0 if fate == "after" else 1)


def test_a_refused_step_changes_nothing_and_may_be_tried_again(office: Office) -> None:
    """The reason is the platform's own."""
    office.ready()
    office.platform.fates.append("fail")
    with pytest.raises(PlatformRefused, match="系统繁忙"):
        office.settle()

    assert office.stage() == "discharged"
    assert office.settle().cash == 489000


def test_a_platform_that_is_away_has_done_nothing(office: Office) -> None:
    """Where nobody listens, nothing has left: it is said at once, and sent anew later."""
    office.unplug()
    with pytest.raises(PlatformAway):
        office.dealings.register(STAY_1, office.card(), actor=CASHIER)

    assert office.stage() == "none"


def test_a_platform_that_does_not_know_a_message_is_waited_for(quick_ward: SmallWard) -> None:
    """It may not have got it yet: only after a while, and asked once more, is a settlement sent anew."""
    office = Office(quick_ward, knows_unseen=False)
    office.ready()
    office.platform.fates.append("late")
    for _ in range(3):
        with pytest.raises(ResultUnknown):
            office.settle()
    assert office.platform.taken.count("2304") == 0
    office.ward.clock.advance(301)
    found = office.settle()

    assert office.platform.standing() == office.standing() == [found.setl_id]
    office.close()


def test_a_settlement_that_arrives_late_is_the_one_that_counts(quick_ward: SmallWard) -> None:
    """It was done meanwhile: the question finds it."""
    office = Office(quick_ward, knows_unseen=False)
    office.ready()
    office.platform.fates.append("late")
    with pytest.raises(ResultUnknown):
        office.settle()
    office.platform.deliver_late()
    found = office.settle()

    assert office.platform.settlements == office.standing() == [found.setl_id]
    office.close()


def test_two_cashiers_at_once_are_one_too_many(office: Office) -> None:
    """While one waits for the answer, the other is told so, and sends nothing."""
    office.ready()
    office.platform.fates.append("hold")
    first = Thread(target=office.settle)
    first.start()
    wait_until(lambda: office.platform.settlements, "the first cashier's message arrives", timeout_s=60)
    with pytest.raises(Collision):
        office.settle()
    office.platform.release()
    first.join(60)

    assert office.standing() == office.platform.standing()
    assert office.platform.taken.count("2304") == 1


def test_the_answer_counts_and_the_difference_is_kept(office: Office) -> None:
    """What was expected stands beside it, to the fen, also where the answer was found later."""
    expected = {"total": 2000000, "pooled": 1411001, "cash": 488999, "person": 589000}
    office.ready()
    office.platform.fates.append("after")
    with pytest.raises(ResultUnknown):
        office.dealings.settle(STAY_1, office.card(), use_account=True, invoice="", actor=CASHIER, estimate=expected)
    office.dealings.clear(STAY_1, actor=CASHIER)
    with office.ward.db.read() as conn:
        row = conn.execute(select(SETTLEMENT)).one()

    assert row.answer["cash"] == 489000
    assert differences(row.answer, row.estimate) == {"pooled": -1, "cash": 1}
    assert row.doubts == []


def test_messages_are_kept_without_names_and_numbers_of_persons(office: Office) -> None:
    """Request, reply, both ids: and neither name, ID number, token nor signature."""
    office.dealings.person(Card(CardKind.ID_NUMBER, CHEN.id_number), actor=CASHIER)
    office.ready()
    office.settle()
    with office.ward.db.read() as conn:
        rows = conn.execute(select(MESSAGE).order_by(MESSAGE.c.no)).all()
    kept = " ".join(str((row.request, row.reply)) for row in rows)

    assert all(row.inf_refmsgid and len(row.inf_refmsgid) == 30 and row.state == "answered" for row in rows)
    assert len({row.msgid for row in rows}) == len(rows)
    for secret in (CHEN.name, CHEN.id_number, "token-", CHEN.birth_on):
        assert secret not in kept
    assert rows[-1].request["input"]["data"]["medfee_sumamt"] == "20000.00"


def test_who_is_paid_nothing_is_not_registered(office: Office) -> None:
    """The platform says so before anything is reported."""
    office.replace_member(frozen=True)
    office.insure()
    with pytest.raises(NotEntitled):
        office.dealings.register(STAY_1, office.card(), actor=CASHIER)

    assert office.platform.visits == {}


def test_a_changed_admission_is_reported(office: Office) -> None:
    """Once it is registered; it may be reported again and again."""
    with pytest.raises(Collision):
        office.dealings.change(STAY_1, actor=CASHIER)
    office.dealings.register(STAY_1, office.card(), actor=CASHIER)
    office.dealings.change(STAY_1, actor=CASHIER)
    office.dealings.change(STAY_1, actor=CASHIER)

    assert office.platform.taken.count("2403") == 2


def stuck(ward: SmallWard, steps: int, fate: str) -> Office:
    """A platform that reverses nothing it has not seen, and a step that got no answer."""
    office = Office(ward, knows_unseen=False)
    acts: list[Callable[[], object]] = [
        lambda: office.dealings.register(STAY_1, office.card(), actor=CASHIER),
        lambda: office.dealings.upload(STAY_1, FEES, actor=CASHIER),
        lambda: office.dealings.discharge(STAY_1, actor=CASHIER),
        office.settle,
    ]
    for act in acts[:steps]:
        act()
    office.platform.fates.extend(["ok", fate] if steps == 0 else [fate])  # type: ignore[list-item]
    with pytest.raises(ResultUnknown):
        acts[steps]()
    return office


def test_what_nobody_can_find_out_is_decided_by_a_person(quick_ward: SmallWard) -> None:
    """Until then nothing else is sent, however long it takes; then the stay goes on from what they saw."""
    office = stuck(quick_ward, 2, "before")
    for _ in range(2):
        office.ward.clock.advance(10_000)
        with pytest.raises(ResultUnknown):
            office.dealings.discharge(STAY_1, actor=CASHIER)
    office.dealings.decide(STAY_1, office.last(), done=False, actor=CASHIER)
    office.dealings.discharge(STAY_1, actor=CASHIER)

    assert office.states("2402") == ["decided", "answered"]
    assert office.settle().cash == 489000
    office.close()


def test_an_admission_that_was_done_gets_its_number_from_a_person(quick_ward: SmallWard) -> None:
    """Without the number it cannot be gone on with."""
    office = stuck(quick_ward, 0, "after")
    (number,) = office.platform.visits
    with pytest.raises(InvalidInput):
        office.dealings.decide(STAY_1, office.last(), done=True, actor=CASHIER)
    office.dealings.decide(STAY_1, office.last(), done=True, actor=CASHIER, mdtrt_id=number)
    with pytest.raises(NotFound):
        office.dealings.decide(STAY_1, office.last(), done=True, actor=CASHIER, mdtrt_id=number)
    office.ready()

    assert list(office.platform.visits) == [number]
    assert office.settle().cash == 489000
    office.close()


@pytest.mark.parametrize(("steps", "done"), [(3, True), (3, False), (1, True)])
def test_nobody_decides_what_can_be_asked_or_has_amounts(quick_ward: SmallWard, steps: int, done: bool) -> None:
    """A settlement is asked for; lines that were split over there are taken back over there."""
    office = stuck(quick_ward, steps, "before")

    with pytest.raises(Collision):
        office.dealings.decide(STAY_1, office.last(), done=done, actor=CASHIER)
    office.close()


FATES = st.lists(st.sampled_from(["ok", "before", "after", "late", "fail", "garbage", "broken"]), max_size=14)
ACTS = st.lists(st.sampled_from(["settle", "settle", "back", "restart", "arrive", "wait"]), min_size=1, max_size=6)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(FATES, ACTS, st.booleans())
def test_whatever_is_lost_there_is_one_settlement_on_both_sides_or_none(
    quick_office: Office, fates: list[str], acts: list[str], knows_unseen: bool
) -> None:
    """Random losses, refusals, late arrivals and restarts: never two, and in the end the same here and there."""
    office = quick_office
    office.insure()
    office.platform._knows_unseen = knows_unseen
    office.ready()
    office.platform.fates.extend(fates)  # type: ignore[arg-type]
    deeds: dict[str, Callable[[], object]] = {
        "settle": office.settle,
        "back": lambda: office.dealings.back(STAY_1, actor=CASHIER) if office.stage() == "settled" else None,
        "restart": office.restart,
        "arrive": office.platform.deliver_late,
        "wait": lambda: office.ward.clock.advance(120),
    }
    for act in acts:
        with suppress(WardlinkError):
            deeds[act]()
        assert len(office.platform.standing()) <= 1
    office.platform.fates.clear()
    if not knows_unseen:
        office.platform.deliver_late()
    office.ward.clock.advance(400)
    office.dealings.clear(STAY_1, actor=CASHIER)
    if knows_unseen:
        # What was taken back is refused, however late it arrives.
        office.platform.deliver_late()

    assert office.standing() == office.platform.standing()
    assert set(office.states()) <= {"answered", "refused", "away", "reversed", "adopted", "sent"}
    assert (office.stage() == "settled") == (len(office.standing()) == 1)
