"""What stands in a file of the hospital's own, as a person reads it: a few facts, and a table. A row a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.alerts.escalation import Escalation
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.words import NOTHING, weekday_text
from server.insurance.book import RuleBook
from server.insurance.ruleset import LevelRule, RuleSet, SchemeRules
from server.money.prices import Item, PriceList
from server.orders.schedules import MINUTE, Schedules
from wardlink.clinical.alert_rules import CODES, AlertCode, Step, alert_rule
from wardlink.clinical.dose_windows import WindowRule
from wardlink.clinical.frequencies import Frequency
from wardlink.clinical.guides import Guides
from wardlink.clinical.lessons import Lessons
from wardlink.clinical.meals.diets import diet_text
from wardlink.clinical.meals.dishes import Dish
from wardlink.clinical.meals.menu import Menu
from wardlink.clinical.meals.times import times
from wardlink.i18n import N_, domain, language
from wardlink.messages.alert_words import role_text
from wardlink.money import yuan

_ = domain("server").gettext

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Contents:
    """How a kind is shown."""

    facts: Callable[[Any], Facts]
    sheet: Callable[[Any, date], Sheet]


def facts_of(kind: str, held: Any) -> Facts:
    """What is said of the whole file."""
    return CONTENTS[kind].facts(held)


def sheet_of(kind: str, held: Any, today: date) -> Sheet:
    """What stands in it."""
    return CONTENTS[kind].sheet(held, today)


def _listed(names: list[str]) -> str:
    return ("、" if language() == "zh_CN" else ", ").join(names)


def _menu_facts(menu: Menu) -> Facts:
    return [
        (_("Dishes"), str(len(menu.dishes))),
        (_("Cycles from"), _listed([cycle.from_on.isoformat() for cycle in menu.cycles])),
        (_("Source"), menu.source),
        (_("As of"), menu.as_of.isoformat()),
    ]


def _menu_sheet(menu: Menu, today: date) -> Sheet:
    columns = (
        Column("code", _("Code"), "mono"),
        Column("name", _("Dish"), "wide"),
        Column("meals", _("Meals")),
        Column("diets", _("Diets")),
        Column("kcal", _("kcal"), "number"),
        Column("price", _("Price today (yuan)"), "number"),
    )
    return Sheet(columns, tuple(_dish(dish, today) for dish in menu.dishes))


def _dish(dish: Dish, today: date) -> Row:
    fen = dish.fen_on(today)
    cells = {
        "code": Cell(dish.code),
        "name": Cell(dish.zh if language() == "zh_CN" else dish.en),
        "meals": Cell(_listed([times(meal).text() for meal in dish.meals])),
        "diets": Cell(_listed([diet_text(diet) for diet in dish.diets])),
        "kcal": Cell(f"{dish.nutrition.kcal:g}"),
        "price": Cell("" if fen is None else yuan(fen)),
    }
    return Row(dish.code, cells)


def _guide_facts(guides: Guides) -> Facts:
    return [
        (_("Guides"), str(len(guides.guides))),
        (_("Source"), guides.source),
        (_("As of"), guides.as_of.isoformat()),
        (_("Trust"), guides.trust),
    ]


def _guide_sheet(guides: Guides, _today: date) -> Sheet:
    columns = (
        Column("code", _("Code"), "mono"),
        Column("title", _("Title"), "wide"),
        Column("sections", _("Sections"), "wide"),
        Column("words", _("Found by")),
    )
    rows = [
        Row(
            guide.code,
            {
                "code": Cell(guide.code),
                "title": Cell(guide.title.text()),
                "sections": Cell(_listed([section.title.text() for section in guide.sections])),
                "words": Cell(_listed([word.word for word in guide.words])),
            },
        )
        for guide in guides.guides
    ]
    return Sheet(columns, tuple(rows))


def _lesson_facts(lessons: Lessons) -> Facts:
    return [
        (_("Lessons"), str(len(lessons.lessons))),
        (_("Questions"), str(sum(len(lesson.questions) for lesson in lessons.lessons))),
        (_("As of"), max(lesson.as_of for lesson in lessons.lessons).isoformat()),
    ]


def _lesson_sheet(lessons: Lessons, _today: date) -> Sheet:
    columns = (
        Column("code", _("Code"), "mono"),
        Column("title", _("Title"), "wide"),
        Column("minutes", _("Minutes"), "number"),
        Column("questions", _("Questions"), "number"),
        Column("source", _("Source"), "wide"),
        Column("as_of", _("As of"), "mono"),
        Column("trust", _("Trust"), "mono"),
    )
    rows = [
        Row(
            lesson.code,
            {
                "code": Cell(lesson.code),
                "title": Cell(lesson.title.text()),
                "minutes": Cell(str(lesson.minutes)),
                "questions": Cell(str(len(lesson.questions))),
                "source": Cell(lesson.source),
                "as_of": Cell(lesson.as_of.isoformat()),
                "trust": Cell(lesson.trust),
            },
        )
        for lesson in lessons.lessons
    ]
    return Sheet(columns, tuple(rows))


def _price_facts(prices: PriceList) -> Facts:
    chinese = language() == "zh_CN"
    by_class = [f"{code} {names[0] if chinese else names[1]}" for code, names in prices.class_names.items()]
    days = {price.from_on for item in prices.items.values() for price in item.prices}
    return [
        (_("Items"), str(len(prices.items))),
        (_("Classes"), _listed(by_class)),
        (_("Newest price from"), max(days).isoformat() if days else NOTHING),
    ]


def _price_sheet(prices: PriceList, today: date) -> Sheet:
    columns = (
        Column("code", _("Code"), "mono"),
        Column("name", _("Item"), "wide"),
        Column("spec", _("Specification")),
        Column("unit", _("Unit")),
        Column("class", _("Class")),
        Column("national", _("National code"), "mono"),
        Column("price", _("Price today (yuan)"), "number"),
        Column("later", _("Later prices"), "number"),
    )
    return Sheet(columns, tuple(_item(item, today) for item in prices.items.values()))


def _item(item: Item, today: date) -> Row:
    fen = item.fen_on(today)
    later = [f"{price.from_on} {yuan(price.fen)}" for price in item.prices if price.from_on > today]
    cells = {
        "code": Cell(item.code),
        "name": Cell(item.name()),
        "spec": Cell(item.spec),
        "unit": Cell(item.unit),
        "class": Cell(item.insurance_class),
        "national": Cell(item.national),
        "price": Cell("" if fen is None else yuan(fen)),
        "later": Cell(_listed(later)),
    }
    return Row(item.code, cells)


SCHEMES: Mapping[str, str] = {"employee": N_("Employee insurance"), "resident": N_("Resident insurance")}
LEVELS: Mapping[str, str] = {
    "community": N_("Community"),
    "first": N_("First level"),
    "second": N_("Second level"),
    "third": N_("Third level"),
}


def _rule_facts(book: RuleBook) -> Facts:
    return [
        (_("Rule sets"), str(len(book.sets))),
        (_("Source"), _listed(list(dict.fromkeys(rules.source for rules in book.sets)))),
        (_("As of"), max(rules.as_of for rules in book.sets).isoformat()),
        (_("Trust"), _listed(list(dict.fromkeys(str(rules.trust) for rules in book.sets)))),
    ]


def _rule_sheet(book: RuleBook, _today: date) -> Sheet:
    columns = (
        Column("id", _("Rule set"), "mono"),
        Column("area", _("Area"), "mono"),
        Column("from", _("First day"), "mono"),
        Column("until", _("Last day"), "mono"),
        Column("scheme", _("Scheme")),
        Column("level", _("Level of hospital")),
        Column("deductible", _("Deductible (yuan)"), "number"),
        Column("ratio", _("Ratio (%)"), "number"),
        Column("cap", _("Cap of a year (yuan)"), "number"),
    )
    rows = [
        _level(rules, scheme, part, level, getattr(part.inpatient.levels, level))
        for rules in book.sets
        for scheme, part in (("employee", rules.schemes.employee), ("resident", rules.schemes.resident))
        for level in LEVELS
    ]
    return Sheet(columns, tuple(rows))


def _level(rules: RuleSet, scheme: str, part: SchemeRules, level: str, rule: LevelRule) -> Row:
    cells = {
        "id": Cell(rules.id),
        "area": Cell(rules.area),
        "from": Cell(rules.effective_from.isoformat()),
        "until": Cell("" if rules.effective_until is None else rules.effective_until.isoformat()),
        "scheme": Cell(_(SCHEMES[scheme])),
        "level": Cell(_(LEVELS[level])),
        "deductible": Cell(yuan(rule.deductible_fen)),
        "ratio": Cell(f"{rule.ratio_bp / 100:g}"),
        "cap": Cell(yuan(part.inpatient.yearly_cap_fen)),
    }
    return Row(f"{rules.id}/{scheme}/{level}", cells)


def _chain_facts(found: Escalation) -> Facts:
    return [
        (_("Chains"), _listed(list(found.chains))),
        (_("Source"), found.source),
        (_("As of"), found.as_of.isoformat()),
    ]


def _chain_sheet(found: Escalation, _today: date) -> Sheet:
    columns = (
        Column("code", _("Code"), "mono"),
        Column("what", _("What"), "wide"),
        Column("chain", _("Who is asked, in this order"), "wide"),
        Column("answer", _("Answered within (s)"), "number"),
        Column("arrive", _("There within (s)"), "number"),
    )
    return Sheet(columns, tuple(_code(found, code) for code in CODES))


def _code(found: Escalation, code: AlertCode) -> Row:
    times_ = found.of(code)
    cells = {
        "code": Cell(code),
        "what": Cell(alert_rule(code).text()),
        "chain": Cell(_listed([_step(step) for step in found.steps(code)])),
        "answer": Cell(f"{times_.answer_within.total_seconds():g}"),
        "arrive": Cell(f"{times_.arrive_within.total_seconds():g}"),
    }
    return Row(code, cells)


def _step(step: Step) -> str:
    role = role_text(step.role)
    return role if step.hours is None else f"{role} {step.hours[0]:%H:%M}–{step.hours[1]:%H:%M}"


def _schedule_facts(found: Schedules) -> Facts:
    return [
        (_("Frequencies"), str(len(found.frequencies))),
        *((_window_text(rule), _("± {n} min").format(n=rule.either_side // MINUTE)) for rule in found.windows.rules),
        (_("Missed, so long after the window"), _("{n} min").format(n=found.windows.missed_after // MINUTE)),
        (_("Source"), _listed(list(found.sources))),
        (_("As of"), found.as_of.isoformat()),
    ]


def _window_text(rule: WindowRule) -> str:
    if rule.frequencies is not None:
        return _("On time with {codes}").format(codes=_listed(sorted(rule.frequencies)))
    if rule.time_critical is not None or rule.times_per_day_from is not None:
        return _("On time, drugs that cannot wait and what is due very often")
    if rule.times_per_day_up_to is not None:
        return _("On time up to {n:g} times a day").format(n=rule.times_per_day_up_to)
    return _("On time otherwise")


def _schedule_sheet(found: Schedules, _today: date) -> Sheet:
    columns = (
        Column("code", _("Code"), "mono"),
        Column("label", _("Meaning"), "wide"),
        Column("times", _("Due at"), "wide"),
        Column("injections", _("Times of injections"), "wide"),
        Column("days", _("Days")),
        Column("window", _("On time, minutes on either side"), "number"),
    )
    return Sheet(columns, tuple(_frequency(found, row) for row in found.frequencies.values()))


def _frequency(found: Schedules, row: Frequency) -> Row:
    days = _listed([weekday_text(day) for day in sorted(row.weekdays)])
    often = _("every {n} days").format(n=row.every_days) if row.every_days > 1 else ""
    cells = {
        "code": Cell(row.code),
        "label": Cell(row.label_text()),
        "times": Cell(_listed([f"{at:%H:%M}" for at in row.times])),
        "injections": Cell(_listed([f"{at:%H:%M}" for at in row.injection_times])),
        "days": Cell(days or often),
        "window": Cell("" if row.plan == "on-demand" else str(found.windows.either_side(row) // MINUTE)),
    }
    return Row(row.code, cells)


CONTENTS: Mapping[str, Contents] = {
    "schedules": Contents(_schedule_facts, _schedule_sheet),
    "escalation": Contents(_chain_facts, _chain_sheet),
    "insurance-rules": Contents(_rule_facts, _rule_sheet),
    "prices": Contents(_price_facts, _price_sheet),
    "menu": Contents(_menu_facts, _menu_sheet),
    "guides": Contents(_guide_facts, _guide_sheet),
    "lessons": Contents(_lesson_facts, _lesson_sheet),
}
