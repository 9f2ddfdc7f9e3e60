"""The ways to the pages of the bed's screen: one list for everything that is measured on every page.

A new page gets a line in `WAYS`; most are `signed_in` with the fields that lead to it. A page in more than one state
that is worth looking at (offline, empty, refused) gets a line for each. The walk begins on the locked screen at the
design size, on the sample bed of `bedside.sample`.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module

import bedside.screens
from bedside.sample.ecg import WHOLE
from bedside.sample.results import COUNT, SALTS, XRAY
from bedside.screens.base import BedScreen
from bedside.screens.pad_page import PadPage
from tests.bedside import family, family_walks, walks
from tests.bedside.rehabilitation import halfway, monitored, rehab, rehab_run
from tests.bedside.walks import Walk, dose_asked, offline, signed_in, touching


@dataclass(frozen=True)
class Way:
    """How a patient comes to a page. `page` is its class, by name."""

    page: str
    walk: Walk


WAYS: dict[str, Way] = {
    # without a login
    "locked": Way("LockedScreen", touching()),
    "locked-offline": Way("LockedScreen", offline(touching())),
    "presence": Way("PresenceScreen", touching("presence")),
    "identify": Way("IdentifyScreen", touching("identify")),
    "identify-letters": Way("IdentifyScreen", walks.letters),
    "identify-refused": Way("IdentifyScreen", walks.refused),
    "call-offline": Way("CallScreen", walks.call_offline),
    "call-unconfirmed": Way("CallScreen", walks.call_unconfirmed),
    "call-taken": Way("CallScreen", walks.call_taken),
    "family-in": Way("FamilyInScreen", touching("family-in")),
    "family-pin": Way("FamilyPinScreen", touching("family-in", "am-son")),
    "family-pin-refused": Way("FamilyPinScreen", family_walks.refused),
    "family-pin-new": Way("FamilyPinScreen", family_walks.new_pin),
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
    "home-family": Way("HomeScreen", family_walks.home),
    "home-family-medical": Way("HomeScreen", family_walks.medical_home),
    "special-family": Way("AreaScreen", family_walks.special),
    "plan": Way("PlanScreen", signed_in("plan")),
    "visitors": Way("HiddenScreen", signed_in("visitors", "area-medical", "entry-vitals")),
    "medical": Way("AreaScreen", signed_in("area-medical")),
    "health": Way("AreaScreen", signed_in("area-health")),
    "life": Way("AreaScreen", signed_in("area-life")),
    "special": Way("AreaScreen", signed_in("area-special")),
    # medical care
    "me": Way("MeScreen", signed_in("area-medical", "entry-me")),
    "team": Way("TeamScreen", signed_in(*walks.TEAM)),
    "team-unknown": Way("TeamScreen", walks.team_unknown),
    "vitals": Way("VitalsScreen", signed_in("area-medical", "entry-vitals", "group-spo2", "period")),
    "vitals-offline": Way("VitalsScreen", offline(signed_in("area-medical", "entry-vitals", "group-pressure"))),
    "ecgs": Way("EcgsScreen", signed_in(*walks.ECG)),
    "ecgs-none": Way("EcgsScreen", walks.no_ecg),
    "ecgs-offline": Way("EcgsScreen", walks.ecg_offline),
    "ecg": Way("EcgScreen", signed_in(*walks.ECG, f"ecg-{WHOLE}")),
    "ecg-gone": Way("EcgScreen", walks.ecg_gone),
    "ecg-curve": Way("EcgCurveScreen", signed_in(*walks.ECG, f"ecg-{WHOLE}", "ecg-curve")),
    "ecg-curve-offline": Way("EcgCurveScreen", walks.ecg_curve_offline),
    "lessons": Way("LessonsScreen", signed_in("area-medical", "entry-lessons")),
    "lessons-unsent": Way("LessonsScreen", walks.lessons_done),
    "lesson": Way("LessonScreen", signed_in("area-medical", "entry-lessons", "lesson-low-salt")),
    "lesson-question": Way("LessonQuestionsScreen", walks.lesson_wrong),
    "lesson-understood": Way("LessonQuestionsScreen", walks.lesson_understood),
    "lesson-repeat": Way("LessonQuestionsScreen", walks.lesson_repeat),
    "consults": Way("ConsultsScreen", walks.consults),
    "consults-empty": Way("ConsultsScreen", signed_in("area-medical", "entry-consults")),
    "consult": Way("ConsultScreen", walks.consult),
    "consult-help": Way("ConsultHelpScreen", signed_in("area-medical", "entry-consults", "ask")),
    "consult-form": Way("ConsultFormScreen", signed_in("area-medical", "entry-consults", "ask", "help-pain")),
    "consult-times": Way("ConsultTimesScreen", walks.consult_times_operation),
    "consult-times-offline": Way("ConsultTimesScreen", walks.consult_times_offline),
    "rehab": Way("RehabScreen", rehab()),
    "rehab-done": Way("RehabScreen", rehab(done=True)),
    "rehab-offline": Way("RehabScreen", offline(rehab(done=True))),
    "rehab-empty": Way("RehabScreen", signed_in("area-medical", "entry-rehabilitation")),
    "rehab-session": Way("RehabSessionScreen", rehab("session-1")),
    "rehab-session-done": Way("RehabSessionScreen", rehab("session-1", done=True)),
    "rehab-exercise": Way("RehabExerciseScreen", rehab("session-1", "exercise-1")),
    "rehab-check": Way("RehabCheckScreen", rehab("session-1", "begin-session")),
    "rehab-before": Way("RehabRunScreen", rehab_run()),
    "rehab-step": Way("RehabRunScreen", rehab_run("run-pain-1")),
    "rehab-set": Way("RehabRunScreen", rehab_run("run-pain-1", "run-next", "run-next", "run-next")),
    "rehab-halfway": Way("RehabSessionScreen", halfway),
    "rehab-measured": Way("RehabRunScreen", monitored),
    "rehab-stopped": Way("RehabRunScreen", rehab_run("run-pain-1", "run-stop")),
    "rehab-effort": Way("RehabRunScreen", rehab_run("run-pain-1", "run-stop", "run-tired")),
    "rehab-pain": Way("RehabRunScreen", rehab_run("run-pain-1", "run-stop", "run-hurts", "run-high")),
    "rehab-well": Way(
        "RehabRunScreen", rehab_run("run-pain-1", "run-stop", "run-tired", "run-effort-light", "run-pain-1")
    ),
    "rehab-call": Way("RehabRunScreen", rehab_run("run-pain-1", "run-stop", "run-sign-dizzy")),
    "results": Way("ResultsScreen", signed_in("area-medical", "entry-results")),
    "results-offline": Way("ResultsScreen", walks.results_offline),
    "results-none": Way("ResultsScreen", walks.no_results),
    "result": Way("ResultScreen", signed_in("area-medical", "entry-results", f"result-{COUNT}")),
    "result-corrected": Way("ResultScreen", signed_in("area-medical", "entry-results", f"result-{SALTS}")),
    "result-report": Way("ResultScreen", signed_in("area-medical", "entry-results", f"result-{XRAY}")),
    "result-withdrawn": Way("ResultScreen", walks.withdrawn),
    # health
    "pay": Way("PayScreen", signed_in("area-health", "entry-pay")),
    "pay-offline": Way("PayScreen", walks.pay_offline),
    "pay-amount": Way("PayAmountScreen", signed_in("area-health", "entry-pay", "pay-other")),
    "payment": Way("PaymentScreen", signed_in("area-health", "entry-pay", "pay-500")),
    "bill": Way("BillScreen", signed_in("area-health", "entry-bill")),
    "bill-day": Way("BillDayScreen", walks.bill_day),
    "bill-answered": Way("BillDayScreen", walks.bill_answered),
    "bill-query": Way("BillQueryScreen", walks.bill_query),
    "wellness": Way("WellnessScreen", signed_in("area-health", "entry-wellness")),
    "exercise-refused": Way("ExerciseCheckScreen", signed_in("area-health", "entry-wellness", "begin-breathing")),
    "exercise-check": Way("ExerciseCheckScreen", walks.exercise_check),
    "exercise": Way("ExerciseScreen", walks.exercise),
    # daily life
    "meals": Way("MealsScreen", signed_in("area-life", "entry-meals")),
    "meals-stopped": Way("MealsScreen", walks.meals_stopped),
    "dishes": Way("DishesScreen", signed_in("area-life", "entry-meals", "meal-4", "dish-0")),
    "confirm-meal": Way("ConfirmMealScreen", signed_in("area-life", "entry-meals", "suggest")),
    "ordered": Way("OrderedScreen", signed_in("area-life", "entry-meals", "suggest", "order", "meal-2")),
    "care": Way("AskScreen", signed_in("area-life", "entry-care", "offer-1")),
    "cleaning": Way("AskScreen", signed_in("area-life", "entry-cleaning")),
    "repair": Way("AskScreen", signed_in("area-life", "entry-repair", "offer-0")),
    "interpreter": Way("AskScreen", signed_in("area-special", "entry-interpreter", "offer-0")),
    "shopping": Way("ShoppingScreen", signed_in("area-life", "entry-shopping", "article-0", "article-0")),
    "requests-none": Way("RequestsScreen", signed_in("area-life", "entry-requests")),
    "requests": Way("RequestsScreen", walks.asked_four),
    "request": Way("RequestScreen", walks.request),
    "request-cancel": Way("RequestScreen", walks.request_cancel),
    "request-rejected": Way("RequestScreen", walks.request_rejected),
    # other services
    "nutrition": Way("NutritionScreen", signed_in("area-health", "entry-nutrition")),
    "nutrition-wish": Way("NutritionScreen", walks.wish),
    "guides": Way("GuidesScreen", signed_in("area-special", "entry-policy")),
    "guides-search": Way("GuidesScreen", signed_in("area-special", "entry-policy", "search")),
    "guides-digits": Way("GuidesScreen", walks.guides_digits),
    "guide": Way("GuideScreen", signed_in("area-special", "entry-reimbursement")),
    "estimate": Way("EstimateScreen", signed_in("area-special", "entry-estimate")),
    "complaints-none": Way("ComplaintsScreen", signed_in(*walks.COMPLAINTS)),
    "complaints": Way("ComplaintsScreen", walks.several_complaints),
    "complaints-offline": Way("ComplaintsScreen", offline(walks.several_complaints)),
    "complaint": Way("ComplaintScreen", walks.one_complaint),
    "complaint-late": Way("ComplaintScreen", walks.complaint_late),
    "complaint-replied": Way("ComplaintScreen", walks.complaint_replied),
    "complaint-unsent": Way("ComplaintScreen", walks.complaint_unsent),
    "complaint-kind": Way("ComplaintKindScreen", signed_in(*walks.COMPLAINTS, "write")),
    "complaint-topic": Way("ComplaintTopicScreen", signed_in(*walks.COMPLAINTS, "write", "kind-suggestion")),
    "complaint-sentences": Way("ComplaintSentencesScreen", signed_in(*walks.WRITING, "sentence-manner-1", "talk")),
    "own-words": Way("OwnWordsScreen", walks.own_words),
    "survey": Way("SurveyScreen", signed_in(*walks.SURVEY)),
    "survey-offline": Way("SurveyScreen", offline(signed_in(*walks.SURVEY))),
    "survey-changed": Way("SurveyScreen", signed_in(*walks.SURVEY, "answer-2", "survey-next", "back", "back")),
    "survey-recommend": Way("SurveyScreen", signed_in(*walks.SURVEY, *(["survey-next"] * 10))),
    "survey-low": Way("SurveyScreen", signed_in(*walks.SURVEY, *(["survey-next"] * 10), "answer-low")),
    "survey-end": Way("SurveyScreen", walks.survey_end),
    "survey-unsent": Way("SurveyScreen", walks.survey_unsent),
    "survey-done": Way("SurveyScreen", walks.survey_done),
    "family-none": Way("FamilyScreen", signed_in(*family.PAGE)),
    "family-offline": Way("FamilyScreen", offline(signed_in(*family.PAGE))),
    "family": Way("FamilyScreen", family_walks.listed),
    "family-who": Way("FamilyWhoScreen", signed_in(*family.PAGE, "let")),
    "family-name": Way("FamilyNameScreen", family_walks.named),
    "family-scopes": Way("FamilyScopesScreen", family_walks.chosen),
    "family-medical": Way("FamilyMedicalScreen", family_walks.medical),
    "family-check": Way("FamilyCheckScreen", family_walks.check),
    "family-check-offline": Way("FamilyCheckScreen", family_walks.check_offline),
    "family-member": Way("FamilyMemberScreen", family_walks.let_in),
    "family-member-offline": Way("FamilyMemberScreen", family_walks.unsent),
    "family-member-end": Way("FamilyMemberScreen", family_walks.ends),
    "family-code": Way("FamilyCodeScreen", family_walks.code),
    "complaint-check": Way("ComplaintCheckScreen", walks.complaint_check),
}


def page_classes() -> dict[str, type[BedScreen]]:
    """Every page that can be shown, by the name of its class; what only others are made of is none."""
    for module in pkgutil.walk_packages(bedside.screens.__path__, f"{bedside.screens.__name__}."):
        import_module(module.name)
    ours = (cls for cls in _below(BedScreen) if cls.__module__.startswith(bedside.screens.__name__))
    return {cls.__name__: cls for cls in ours if cls.body is not BedScreen.body and cls is not PadPage}


def _below(cls: type[BedScreen]) -> set[type[BedScreen]]:
    children = set(cls.__subclasses__())
    return children.union(*map(_below, children))
