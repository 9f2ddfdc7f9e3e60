"""Which page belongs to what was touched. Pages are imported when they are first shown."""

from __future__ import annotations

from bedside.screens.base import BedScreen
from bedside.usecases.areas import AREA, ENTRY


def page_of(code: str, *, visitors: bool) -> BedScreen:
    """The page of an area or of an entry of one; while visitors are here, what is private stays closed."""
    if code in AREA:
        from bedside.screens.area import AreaScreen

        return AreaScreen(AREA[code])
    entry = ENTRY[code]
    if visitors and entry.private:
        from bedside.screens.hidden import HiddenScreen

        return HiddenScreen(entry)
    if entry.opens == "me":
        from bedside.screens.me import MeScreen

        return MeScreen()
    if entry.opens == "bill":
        from bedside.screens.bill import BillScreen

        return BillScreen()
    if entry.opens == "estimate":
        from bedside.screens.estimate import EstimateScreen

        return EstimateScreen()
    if entry.opens == "guides":
        from bedside.screens.guides import GuidesScreen

        return GuidesScreen()
    if entry.opens == "guide":
        from bedside.screens.guide import GuideScreen
        from bedside.usecases.guides import OUTPATIENT

        return GuideScreen(OUTPATIENT)
    if entry.opens == "wellness":
        from bedside.screens.wellness import WellnessScreen

        return WellnessScreen()
    if entry.opens == "pay":
        from bedside.screens.pay import PayScreen

        return PayScreen()
    if entry.opens == "nutrition":
        from bedside.screens.nutrition import NutritionScreen

        return NutritionScreen()
    if entry.opens == "consults":
        from bedside.screens.consults import ConsultsScreen

        return ConsultsScreen()
    if entry.opens == "meals":
        from bedside.screens.meals import MealsScreen

        return MealsScreen()
    if entry.opens == "results":
        from bedside.screens.results import ResultsScreen

        return ResultsScreen()
    if entry.opens == "rehabilitation":
        from bedside.screens.rehabilitation import RehabScreen

        return RehabScreen()
    if entry.opens == "plan":
        from bedside.screens.plan import PlanScreen

        return PlanScreen()
    if entry.opens in ("care", "cleaning", "repair", "interpreter"):
        from bedside.screens.ask import AskScreen

        return AskScreen(entry.opens)
    if entry.opens == "shopping":
        from bedside.screens.shopping import ShoppingScreen

        return ShoppingScreen()
    if entry.opens == "requests":
        from bedside.screens.requests import RequestsScreen

        return RequestsScreen()
    if entry.opens == "survey":
        from bedside.screens.survey import SurveyScreen

        return SurveyScreen()
    if entry.opens == "complaints":
        from bedside.screens.complaints import ComplaintsScreen

        return ComplaintsScreen()
    if entry.opens == "family":
        from bedside.screens.family import FamilyScreen

        return FamilyScreen()
    if entry.opens == "lessons":
        from bedside.screens.lessons import LessonsScreen

        return LessonsScreen()
    from bedside.screens.vitals import VitalsScreen

    return VitalsScreen()
