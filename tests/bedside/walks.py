"""The walks to the pages of the bed's screen: fields to touch, and how the ward stands meanwhile.

`tests.bedside.ways` makes its list of them. Each begins on the locked screen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bedside.sample.dose_asks import sample_ask
from bedside.sample.ecg import MONITORED, WHOLE
from bedside.sample.results import LIVER
from bedside.widgets.touch import Touch
from tests.bedside import complaints
from tests.bedside.asked import said_of_all
from tests.bedside.consults import tell_consult
from tests.bedside.meals import eats, stop_last_meal
from tests.bedside.screens import Hand
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import Finding
from wardlink.clock import ward_date
from wardlink.errors import SignInFailed
from wardlink.record.care_team import care_team_id
from wardlink.record.dose_asks import DOSE_ASK

Walk = Callable[[Hand], Awaitable[None]]


def touching(*fields: str) -> Walk:
    """Touch these, one after the other, from the locked screen."""

    async def walk(hand: Hand) -> None:
        for field in fields:
            await hand.tap(field)

    return walk


def signed_in(*fields: str) -> Walk:
    """The patient has said who they are; then touch these from the home page."""

    async def walk(hand: Hand) -> None:
        await hand.enter()
        await touching(*fields)(hand)

    return walk


def offline(walk: Walk) -> Walk:
    """The same way; then the connection is cut."""

    async def cut(hand: Hand) -> None:
        await walk(hand)
        hand.terminal.connect(online=False, server_alive=False)
        await hand.changed()

    return cut


async def _other_keys(hand: Hand) -> None:
    other = next(touch for touch in hand.app.screen.query(Touch) if touch.value == "key:other")
    await hand.pilot.click(other)
    await hand.settle()


async def letters(hand: Hand) -> None:
    await hand.tap("identify")
    await _other_keys(hand)


async def wish(hand: Hand) -> None:
    await signed_in("area-health")(hand)
    eats(hand, Eater(diets=("low-salt", "diabetic"), allergens=("soy",), iddsi=5, avoids=("halal",)))
    await hand.changed()
    await hand.tap("entry-nutrition")
    await hand.tap("wish-halal")


async def guides_digits(hand: Hand) -> None:
    await signed_in("area-special", "entry-policy", "search")(hand)
    await _other_keys(hand)


async def refused(hand: Hand) -> None:
    hand.terminal.opening_fails_with = SignInFailed()
    hand.terminal.connect(online=False, server_alive=False)
    await hand.login()


async def call_offline(hand: Hand) -> None:
    hand.terminal.connect(online=False, server_alive=False)
    await hand.tap("call")


async def call_unconfirmed(hand: Hand) -> None:
    hand.terminal.connect(online=True, server_alive=False)
    await hand.tap("call")


async def call_taken(hand: Hand) -> None:
    await hand.tap("call")
    await hand.tap("reason-INFUSION")
    hand.terminal.deliver()
    hand.terminal.take(eta_min=3)
    await hand.changed()


async def meals_stopped(hand: Hand) -> None:
    await signed_in("area-life", "entry-meals", "suggest", "order")(hand)
    stop_last_meal(hand, Finding("M04", "block", "LD1", params={"allergen": "soy"}))
    await hand.changed()


async def bill_day(hand: Hand) -> None:
    await signed_in("area-health", "entry-bill", f"day-{ward_date(hand.clock.now()).isoformat()}")(hand)


async def pay_offline(hand: Hand) -> None:
    await signed_in("area-health")(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("entry-pay")


TEAM = ("area-medical", "entry-me", "open-team")
ECG = ("area-medical", "entry-vitals", "open-ecg")


async def team_unknown(hand: Hand) -> None:
    stay = hand.terminal.replica.stay
    assert stay is not None
    name = ("care-team", care_team_id(stay.id))
    team = hand.terminal.replica.kept[name]
    hand.terminal.replica.kept[name] = team.model_copy(update={"members": ()})
    await signed_in(*TEAM)(hand)


async def no_ecg(hand: Hand) -> None:
    hand.terminal.ecg.pages.clear()
    hand.terminal.ecg.taken_back = 1
    await signed_in(*ECG)(hand)


async def ecg_offline(hand: Hand) -> None:
    await signed_in("area-medical", "entry-vitals")(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("open-ecg")


async def ecg_gone(hand: Hand) -> None:
    await signed_in(*ECG, f"ecg-{WHOLE}")(hand)
    hand.terminal.ecg.strike(WHOLE)
    await hand.pass_time(61)


async def ecg_curve_offline(hand: Hand) -> None:
    await signed_in(*ECG, f"ecg-{MONITORED}", "ecg-curve", "curve-more")(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.pass_time(61)


async def results_offline(hand: Hand) -> None:
    await signed_in("area-medical")(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("entry-results")


async def no_results(hand: Hand) -> None:
    hand.terminal.results.pages.clear()
    await signed_in("area-medical", "entry-results")(hand)


async def withdrawn(hand: Hand) -> None:
    hand.terminal.results.mark(LIVER, "withdrawn")
    await signed_in("area-medical", "entry-results", f"result-{LIVER}")(hand)


async def exercise_check(hand: Hand) -> None:
    board = hand.terminal.replica
    board.sets = [found.model_copy(update={"lead_off": ()}) for found in board.sets]
    await signed_in("area-health", "entry-wellness", "begin-baduanjin")(hand)


async def exercise(hand: Hand) -> None:
    await exercise_check(hand)
    while hand.touch("on").display:
        await hand.tap("on")
    await hand.tap("begin")


async def consults(hand: Hand) -> None:
    await signed_in("area-medical", "entry-consults")(hand)
    for state in ("scheduled", "requested", "declined"):
        tell_consult(hand, state)
    await hand.changed()


async def consult(hand: Hand) -> None:
    await consults(hand)
    await hand.tap("consult-0")


async def consult_times_offline(hand: Hand) -> None:
    await signed_in("area-medical", "entry-consults", "ask", "help-heart")(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("form-video")


async def consult_times_operation(hand: Hand) -> None:
    hand.terminal.consult_times.unknown_operation = True
    await signed_in("area-medical", "entry-consults", "ask", "help-heart", "form-bedside", "time-1")(hand)


def dose_asked(walk: Walk, *then: str, server_alive: bool = True) -> Walk:
    """The same way; then a nurse begins with a dose at this bed, and these are touched."""

    async def asked(hand: Hand) -> None:
        await walk(hand)
        stay = hand.terminal.replica.stay
        assert stay is not None
        hand.terminal.tell_record(DOSE_ASK, sample_ask(stay, hand.clock.now()))
        await hand.changed()
        await hand.pass_time(2)
        for field in then:
            await hand.tap(field)
        if server_alive:
            hand.terminal.deliver()
        await hand.changed()

    return asked


COMPLAINTS = ("area-special", "entry-complaint")
WRITING = (*COMPLAINTS, "write", "kind-complaint", "topic-manner")


async def several_complaints(hand: Hand) -> None:
    await complaints.opened(hand)
    await complaints.sent(hand)
    hand.terminal.deliver()
    await hand.changed()
    await hand.tap("write")
    await hand.tap("kind-praise")
    await hand.tap("topic-waiting")
    await hand.tap("sentence-praise-2")
    await hand.tap("next")
    await hand.tap("send")


async def one_complaint(hand: Hand) -> None:
    await complaints.opened(hand)
    await complaints.arrived(hand)


async def complaint_late(hand: Hand) -> None:
    await complaints.opened(hand)
    complaint = await complaints.arrived(hand)
    hand.terminal.voice.set(complaint, reply_by=hand.clock.now() - timedelta(hours=2, minutes=5))
    await hand.pass_time(31)


async def complaint_replied(hand: Hand) -> None:
    await complaints.opened(hand)
    await complaints.replied(hand)


async def complaint_unsent(hand: Hand) -> None:
    await complaints.opened(hand)
    complaint = await complaints.sent(hand)
    await hand.tap(f"complaint-{complaint}")


async def own_words(hand: Hand) -> None:
    await signed_in(*WRITING, "own-words")(hand)
    await hand.press(*"夜里走廊的灯太亮，睡不着。")


async def complaint_check(hand: Hand) -> None:
    await complaints.opened(hand)
    await complaints.put_together(hand, "complaint", "manner", "sentence-manner-1", "sentence-manner-3", "talk")
    await hand.tap("about-nurse")


async def bill_query(hand: Hand) -> None:
    await bill_day(hand)
    await hand.tap("question")
    await hand.tap("line-4")


async def bill_answered(hand: Hand) -> None:
    await bill_query(hand)
    await hand.tap("ask")
    await said_of_all(hand, "complete", answer="上午、下午各做一次雾化，共两次。")
    await hand.tap("back")


async def asked_four(hand: Hand) -> None:
    """Four requests, each in another state; the newest waits here."""
    await signed_in("area-life", "entry-cleaning", "offer-4", "ask")(hand)
    await said_of_all(hand, "accept", "complete")
    await _ask(hand, "care", "offer-0")
    await said_of_all(hand, "reject", reason="今天没有空闲的护工，明天早上可以来。")
    await _ask(hand, "repair", "offer-3")
    await said_of_all(hand, "accept")
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await _ask(hand, "repair", "offer-0")


async def _ask(hand: Hand, entry: str, offer: str) -> None:
    await touching("back", f"entry-{entry}", offer, "ask")(hand)


async def request(hand: Hand) -> None:
    await asked_four(hand)
    await hand.tap("request-0")


async def request_cancel(hand: Hand) -> None:
    await request(hand)
    await hand.tap("cancel")


async def request_rejected(hand: Hand) -> None:
    await asked_four(hand)
    await hand.tap("request-2")


SURVEY = ("area-special", "entry-survey")


async def survey_end(hand: Hand) -> None:
    await signed_in(*SURVEY, *(["answer-4"] * 10), "answer-low", "answer-3")(hand)


async def survey_unsent(hand: Hand) -> None:
    await survey_end(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("survey-next")


async def survey_done(hand: Hand) -> None:
    await survey_end(hand)
    await hand.tap("survey-next")
    hand.terminal.deliver()
    await hand.pass_time(1)


async def _lesson_end(hand: Hand) -> None:
    await signed_in("area-medical", "entry-lessons", "lesson-low-salt")(hand)
    while hand.touch("on").display:
        await hand.tap("on")


async def lesson_wrong(hand: Hand) -> None:
    await _lesson_end(hand)
    for field in ("ask", "choice-0"):
        await hand.tap(field)


async def _lesson_answered(hand: Hand, *choices: int) -> None:
    await _lesson_end(hand)
    await hand.tap("ask")
    for choice in choices:
        await hand.tap(f"choice-{choice}")
        await hand.tap("go")


async def lesson_understood(hand: Hand) -> None:
    await _lesson_answered(hand, 2, 0, 1)


async def lesson_repeat(hand: Hand) -> None:
    await _lesson_answered(hand, 0, 0, 1)


async def lessons_done(hand: Hand) -> None:
    await lesson_understood(hand)
    await hand.tap("go")
    await hand.changed()
