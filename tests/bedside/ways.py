"""The ways to the pages of the bed's screen: one list for everything that is measured on every page.

A new page gets a line in `WAYS`; most are `signed_in` with the fields that lead to it. A page in more than one state
that is worth looking at (offline, empty, refused) gets a line for each. The walk begins on the locked screen at the
design size, on the sample bed of `bedside.sample`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

import bedside.screens
from bedside.sample.dose_asks import sample_ask
from bedside.sample.results import COUNT, LIVER, SALTS, XRAY
from bedside.screens.base import BedScreen
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
from wardlink.record.dose_asks import DOSE_ASK

Walk = Callable[[Hand], Awaitable[None]]


@dataclass(frozen=True)
class Way:
    """How a patient comes to a page. `page` is its class, by name."""

    page: str
    walk: Walk


def touching(*fields: str) -> Walk:
    """Touch these, one after the other, from the locked screen."""

    async def walk(hand: Hand) -> None:
        for field in fields:
            await hand.tap(field)

    return walk


def signed_in(*fields: str) -> Walk:
    """The patient has said who they are; then touch these from the home page."""

    async def walk(hand: Hand) -> None:
        await hand.login()
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


async def _letters(hand: Hand) -> None:
    await hand.tap("identify")
    await _other_keys(hand)


async def _wish(hand: Hand) -> None:
    await signed_in("area-life")(hand)
    eats(hand, Eater(diets=("low-salt", "diabetic"), allergens=("soy",), iddsi=5, avoids=("halal",)))
    await hand.changed()
    await hand.tap("entry-nutrition")
    await hand.tap("wish-halal")


async def _guides_digits(hand: Hand) -> None:
    await signed_in("area-special", "entry-policy", "search")(hand)
    await _other_keys(hand)


async def _refused(hand: Hand) -> None:
    hand.terminal.opening_fails_with = SignInFailed()
    hand.terminal.connect(online=False, server_alive=False)
    await hand.login()


async def _call_offline(hand: Hand) -> None:
    hand.terminal.connect(online=False, server_alive=False)
    await hand.tap("call")


async def _call_unconfirmed(hand: Hand) -> None:
    hand.terminal.connect(online=True, server_alive=False)
    await hand.tap("call")


async def _call_taken(hand: Hand) -> None:
    await hand.tap("call")
    await hand.tap("reason-INFUSION")
    hand.terminal.deliver()
    hand.terminal.take(eta_min=3)
    await hand.changed()


async def _meals_stopped(hand: Hand) -> None:
    await signed_in("area-life", "entry-meals", "suggest", "order")(hand)
    stop_last_meal(hand, Finding("M04", "block", "LD1", params={"allergen": "soy"}))
    await hand.changed()


async def _bill_day(hand: Hand) -> None:
    await signed_in("area-health", "entry-bill", f"day-{ward_date(hand.clock.now()).isoformat()}")(hand)


async def _pay_offline(hand: Hand) -> None:
    await signed_in("area-health")(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("entry-pay")


async def _results_offline(hand: Hand) -> None:
    await signed_in("area-medical")(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("entry-results")


async def _no_results(hand: Hand) -> None:
    hand.terminal.results.pages.clear()
    await signed_in("area-medical", "entry-results")(hand)


async def _withdrawn(hand: Hand) -> None:
    hand.terminal.results.mark(LIVER, "withdrawn")
    await signed_in("area-medical", "entry-results", f"result-{LIVER}")(hand)


async def _exercise_check(hand: Hand) -> None:
    board = hand.terminal.replica
    board.sets = [found.model_copy(update={"lead_off": ()}) for found in board.sets]
    await signed_in("area-health", "entry-wellness", "begin-baduanjin")(hand)


async def _exercise(hand: Hand) -> None:
    await _exercise_check(hand)
    while hand.touch("on").display:
        await hand.tap("on")
    await hand.tap("begin")


async def _consults(hand: Hand) -> None:
    await signed_in("area-medical", "entry-consults")(hand)
    for state in ("scheduled", "requested", "declined"):
        tell_consult(hand, state)
    await hand.changed()


async def _consult(hand: Hand) -> None:
    await _consults(hand)
    await hand.tap("consult-0")


async def _consult_times_offline(hand: Hand) -> None:
    await signed_in("area-medical", "entry-consults", "ask", "help-heart")(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("form-video")


async def _consult_times_operation(hand: Hand) -> None:
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


_COMPLAINTS = ("area-special", "entry-complaint")
_WRITING = (*_COMPLAINTS, "write", "kind-complaint", "topic-manner")


async def _complaints(hand: Hand) -> None:
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


async def _complaint(hand: Hand) -> None:
    await complaints.opened(hand)
    await complaints.arrived(hand)


async def _complaint_late(hand: Hand) -> None:
    await complaints.opened(hand)
    complaint = await complaints.arrived(hand)
    hand.terminal.voice.set(complaint, reply_by=hand.clock.now() - timedelta(hours=2, minutes=5))
    await hand.pass_time(31)


async def _complaint_replied(hand: Hand) -> None:
    await complaints.opened(hand)
    await complaints.replied(hand)


async def _complaint_unsent(hand: Hand) -> None:
    await complaints.opened(hand)
    complaint = await complaints.sent(hand)
    await hand.tap(f"complaint-{complaint}")


async def _own_words(hand: Hand) -> None:
    await signed_in(*_WRITING, "own-words")(hand)
    await hand.press(*"夜里走廊的灯太亮，睡不着。")


async def _complaint_check(hand: Hand) -> None:
    await complaints.opened(hand)
    await complaints.put_together(hand, "complaint", "manner", "sentence-manner-1", "sentence-manner-3", "talk")
    await hand.tap("about-nurse")


async def _bill_query(hand: Hand) -> None:
    await _bill_day(hand)
    await hand.tap("question")
    await hand.tap("line-4")


async def _bill_answered(hand: Hand) -> None:
    await _bill_query(hand)
    await hand.tap("ask")
    await said_of_all(hand, "complete", answer="上午、下午各做一次雾化，共两次。")
    await hand.tap("back")


async def _asked(hand: Hand) -> None:
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


async def _request(hand: Hand) -> None:
    await _asked(hand)
    await hand.tap("request-0")


async def _request_cancel(hand: Hand) -> None:
    await _request(hand)
    await hand.tap("cancel")


async def _request_rejected(hand: Hand) -> None:
    await _asked(hand)
    await hand.tap("request-2")


_SURVEY = ("area-special", "entry-survey")


async def _survey_end(hand: Hand) -> None:
    await signed_in(*_SURVEY, *(["answer-4"] * 10), "answer-low", "answer-3")(hand)


async def _survey_unsent(hand: Hand) -> None:
    await _survey_end(hand)
    hand.terminal.connect(online=False, server_alive=False)
    await hand.changed()
    await hand.tap("survey-next")


async def _survey_done(hand: Hand) -> None:
    await _survey_end(hand)
    await hand.tap("survey-next")


async def _lesson_end(hand: Hand) -> None:
    await signed_in("area-medical", "entry-lessons", "lesson-low-salt")(hand)
    while hand.touch("on").display:
        await hand.tap("on")


async def _lesson_wrong(hand: Hand) -> None:
    await _lesson_end(hand)
    for field in ("ask", "choice-0"):
        await hand.tap(field)


async def _lesson_answered(hand: Hand, *choices: int) -> None:
    await _lesson_end(hand)
    await hand.tap("ask")
    for choice in choices:
        await hand.tap(f"choice-{choice}")
        await hand.tap("go")


async def _lesson_understood(hand: Hand) -> None:
    await _lesson_answered(hand, 2, 0, 1)


async def _lesson_repeat(hand: Hand) -> None:
    await _lesson_answered(hand, 0, 0, 1)


async def _lessons_done(hand: Hand) -> None:
    await _lesson_understood(hand)
    await hand.tap("go")
    await hand.changed()


WAYS: dict[str, Way] = {
    # without a login
    "locked": Way("LockedScreen", touching()),
    "locked-offline": Way("LockedScreen", offline(touching())),
    "presence": Way("PresenceScreen", touching("presence")),
    "identify": Way("IdentifyScreen", touching("identify")),
    "identify-letters": Way("IdentifyScreen", _letters),
    "identify-refused": Way("IdentifyScreen", _refused),
    "call-offline": Way("CallScreen", _call_offline),
    "call-unconfirmed": Way("CallScreen", _call_unconfirmed),
    "call-taken": Way("CallScreen", _call_taken),
    # a dose that a nurse begins with
    "dose-waits": Way("DoseWaitsScreen", dose_asked(touching())),
    "dose-waits-visitors": Way("DoseWaitsScreen", dose_asked(signed_in("visitors"))),
    "dose-ask": Way("DoseAskScreen", dose_asked(signed_in())),
    "dose-query": Way("DoseAskScreen", dose_asked(signed_in(), "say-query")),
    "dose-query-unsent": Way("DoseAskScreen", dose_asked(signed_in(), "say-query", server_alive=False)),
    # home and areas
    "home": Way("HomeScreen", signed_in()),
    "home-offline": Way("HomeScreen", offline(signed_in())),
    "home-visitors": Way("HomeScreen", signed_in("visitors")),
    "plan": Way("PlanScreen", signed_in("plan")),
    "visitors": Way("LaterScreen", signed_in("visitors", "area-medical", "entry-vitals")),
    "medical": Way("AreaScreen", signed_in("area-medical")),
    "health": Way("AreaScreen", signed_in("area-health")),
    "life": Way("AreaScreen", signed_in("area-life")),
    "special": Way("AreaScreen", signed_in("area-special")),
    # medical care
    "me": Way("MeScreen", signed_in("area-medical", "entry-me")),
    "vitals": Way("VitalsScreen", signed_in("area-medical", "entry-vitals", "group-spo2", "period")),
    "vitals-offline": Way("VitalsScreen", offline(signed_in("area-medical", "entry-vitals", "group-pressure"))),
    "lessons": Way("LessonsScreen", signed_in("area-medical", "entry-lessons")),
    "lessons-unsent": Way("LessonsScreen", _lessons_done),
    "lesson": Way("LessonScreen", signed_in("area-medical", "entry-lessons", "lesson-low-salt")),
    "lesson-question": Way("LessonQuestionsScreen", _lesson_wrong),
    "lesson-understood": Way("LessonQuestionsScreen", _lesson_understood),
    "lesson-repeat": Way("LessonQuestionsScreen", _lesson_repeat),
    "consults": Way("ConsultsScreen", _consults),
    "consults-empty": Way("ConsultsScreen", signed_in("area-medical", "entry-consults")),
    "consult": Way("ConsultScreen", _consult),
    "consult-help": Way("ConsultHelpScreen", signed_in("area-medical", "entry-consults", "ask")),
    "consult-form": Way("ConsultFormScreen", signed_in("area-medical", "entry-consults", "ask", "help-pain")),
    "consult-times": Way("ConsultTimesScreen", _consult_times_operation),
    "consult-times-offline": Way("ConsultTimesScreen", _consult_times_offline),
    "results": Way("ResultsScreen", signed_in("area-medical", "entry-results")),
    "results-offline": Way("ResultsScreen", _results_offline),
    "results-none": Way("ResultsScreen", _no_results),
    "result": Way("ResultScreen", signed_in("area-medical", "entry-results", f"result-{COUNT}")),
    "result-corrected": Way("ResultScreen", signed_in("area-medical", "entry-results", f"result-{SALTS}")),
    "result-report": Way("ResultScreen", signed_in("area-medical", "entry-results", f"result-{XRAY}")),
    "result-withdrawn": Way("ResultScreen", _withdrawn),
    # health
    "pay": Way("PayScreen", signed_in("area-health", "entry-pay")),
    "pay-offline": Way("PayScreen", _pay_offline),
    "pay-amount": Way("PayAmountScreen", signed_in("area-health", "entry-pay", "pay-other")),
    "payment": Way("PaymentScreen", signed_in("area-health", "entry-pay", "pay-500")),
    "bill": Way("BillScreen", signed_in("area-health", "entry-bill")),
    "bill-day": Way("BillDayScreen", _bill_day),
    "bill-answered": Way("BillDayScreen", _bill_answered),
    "bill-query": Way("BillQueryScreen", _bill_query),
    "wellness": Way("WellnessScreen", signed_in("area-health", "entry-wellness")),
    "exercise-refused": Way("ExerciseCheckScreen", signed_in("area-health", "entry-wellness", "begin-breathing")),
    "exercise-check": Way("ExerciseCheckScreen", _exercise_check),
    "exercise": Way("ExerciseScreen", _exercise),
    # daily life
    "meals": Way("MealsScreen", signed_in("area-life", "entry-meals")),
    "meals-stopped": Way("MealsScreen", _meals_stopped),
    "dishes": Way("DishesScreen", signed_in("area-life", "entry-meals", "meal-4", "dish-0")),
    "confirm-meal": Way("ConfirmMealScreen", signed_in("area-life", "entry-meals", "suggest")),
    "ordered": Way("OrderedScreen", signed_in("area-life", "entry-meals", "suggest", "order", "meal-2")),
    "care": Way("AskScreen", signed_in("area-life", "entry-care", "offer-1")),
    "cleaning": Way("AskScreen", signed_in("area-life", "entry-cleaning")),
    "repair": Way("AskScreen", signed_in("area-life", "entry-repair", "offer-0")),
    "interpreter": Way("AskScreen", signed_in("area-life", "entry-requests", "interpreter", "offer-0")),
    "shopping": Way("ShoppingScreen", signed_in("area-life", "entry-requests", "shopping", "article-0", "article-0")),
    "requests-none": Way("RequestsScreen", signed_in("area-life", "entry-requests")),
    "requests": Way("RequestsScreen", _asked),
    "request": Way("RequestScreen", _request),
    "request-cancel": Way("RequestScreen", _request_cancel),
    "request-rejected": Way("RequestScreen", _request_rejected),
    # other services
    "nutrition": Way("NutritionScreen", signed_in("area-life", "entry-nutrition")),
    "nutrition-wish": Way("NutritionScreen", _wish),
    "guides": Way("GuidesScreen", signed_in("area-special", "entry-policy")),
    "guides-search": Way("GuidesScreen", signed_in("area-special", "entry-policy", "search")),
    "guides-digits": Way("GuidesScreen", _guides_digits),
    "guide": Way("GuideScreen", signed_in("area-special", "entry-reimbursement")),
    "estimate": Way("EstimateScreen", signed_in("area-special", "entry-estimate")),
    "complaints-none": Way("ComplaintsScreen", signed_in(*_COMPLAINTS)),
    "complaints": Way("ComplaintsScreen", _complaints),
    "complaints-offline": Way("ComplaintsScreen", offline(_complaints)),
    "complaint": Way("ComplaintScreen", _complaint),
    "complaint-late": Way("ComplaintScreen", _complaint_late),
    "complaint-replied": Way("ComplaintScreen", _complaint_replied),
    "complaint-unsent": Way("ComplaintScreen", _complaint_unsent),
    "complaint-kind": Way("ComplaintKindScreen", signed_in(*_COMPLAINTS, "write")),
    "complaint-topic": Way("ComplaintTopicScreen", signed_in(*_COMPLAINTS, "write", "kind-suggestion")),
    "complaint-sentences": Way("ComplaintSentencesScreen", signed_in(*_WRITING, "sentence-manner-1", "talk")),
    "own-words": Way("OwnWordsScreen", _own_words),
    "survey": Way("SurveyScreen", signed_in(*_SURVEY)),
    "survey-offline": Way("SurveyScreen", offline(signed_in(*_SURVEY))),
    "survey-changed": Way("SurveyScreen", signed_in(*_SURVEY, "answer-2", "survey-next", "back", "back")),
    "survey-recommend": Way("SurveyScreen", signed_in(*_SURVEY, *(["survey-next"] * 10))),
    "survey-low": Way("SurveyScreen", signed_in(*_SURVEY, *(["survey-next"] * 10), "answer-low")),
    "survey-end": Way("SurveyScreen", _survey_end),
    "survey-unsent": Way("SurveyScreen", _survey_unsent),
    "survey-done": Way("SurveyScreen", _survey_done),
    "complaint-check": Way("ComplaintCheckScreen", _complaint_check),
}


def page_classes() -> dict[str, type[BedScreen]]:
    """Every page that can be shown, by the name of its class; what only others are made of is none."""
    for module in pkgutil.walk_packages(bedside.screens.__path__, f"{bedside.screens.__name__}."):
        import_module(module.name)
    ours = (cls for cls in _below(BedScreen) if cls.__module__.startswith(bedside.screens.__name__))
    return {cls.__name__: cls for cls in ours if cls.body is not BedScreen.body}


def _below(cls: type[BedScreen]) -> set[type[BedScreen]]:
    children = set(cls.__subclasses__())
    return children.union(*map(_below, children))
