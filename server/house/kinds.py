"""The kinds of what the hospital writes itself: a row each says how one is read, and what holds where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from server.alerts.escalation import Escalation, escalation_notes, our_escalation, our_text, read_escalation
from server.house.texts import WRONG
from server.identity.roles import Right
from server.insurance.book import RuleBook, read_book
from server.insurance.documents import joined, read_documents
from server.money.price_table import as_table, from_table
from server.money.prices import PriceList, read_prices, sample_prices, sample_text
from server.money.rules import price_notes
from server.orders.schedules import MINUTE, Schedules, our_schedules, read_schedules, schedule_notes, times_text
from server.orders.schedules import our_text as schedules_text
from server.orders.scheduling import orders_that_go_on
from wardlink.clinical.alert_rules import CODES, alert_rule
from wardlink.clinical.guides import Guides, our_guides, read_guides
from wardlink.clinical.lessons import Lessons, our_lessons, read_lessons
from wardlink.clinical.meals.menu import Menu
from wardlink.clinical.meals.menu_file import read_menu, sample_menu
from wardlink.errors import Fault, FileWrong
from wardlink.i18n import N_, language
from wardlink.messages.base import Message
from wardlink.messages.guides import SetGuides
from wardlink.messages.lessons import SetLessons
from wardlink.messages.meals import SetMenu
from wardlink.money import yuan

T = TypeVar("T")

_MOST_TOLD = 60_000
"""So many bytes go to a device at once; a message holds no more than 64 KiB."""
_LARGE = N_("this is {size} bytes for the devices, and {most} is the most they can be sent at once")


_BEGUN = N_(
    "Rules that have begun already are new or different: {ids}. Settlements that are done stay as they are; estimates "
    "and settlements from now on go by the new ones."
)
_NONE_TODAY = N_("No rules hold on {on}: there would be no estimates.")
_ENDS = N_("The last rules end on {on}. From the day after there are no estimates.")


@dataclass(frozen=True)
class Entry:
    """Something that stands in a file: what it is called, everything that is said of it, and in brief what counts."""

    label: str
    said: object
    brief: str = ""


Note = tuple[str, Mapping[str, object]]
"""A sentence with its values, for who is about to confirm."""


@dataclass(frozen=True)
class HouseKind(Generic[T]):
    """`label`: what it is called; `setting`: which setting may name a file of it; `right`: who may put in versions.

    `head`: the table that stands in every such file and in no other. `entries`: what stands in it, by code. `told`:
    what goes to the devices, None where only the server needs it. `ours_text`: what ships, as it is written. `notes`:
    what should be known of the change from what holds to a new version, on this day. `in_use`: what the database says
    that would not go by a new version. `as_table`, `from_table`: a table for spreadsheets, and back to a text, given
    what holds now. `named`, `named_text`: read what the setting names where that is a folder.
    """

    name: str
    label: str
    setting: str
    right: Right
    head: str
    parse: Callable[[str], T]
    ours: Callable[[], T]
    ours_text: Callable[[], str]
    entries: Callable[[T], Mapping[str, Entry]]
    told: Callable[[T], Message] | None = None
    notes: Callable[[T | None, T, date], Sequence[Note]] = lambda _before, _after, _today: ()
    in_use: Callable[[Connection, T], Sequence[Note]] = lambda _conn, _after: ()
    as_table: Callable[[T], bytes] | None = None
    from_table: Callable[[bytes, T], str] | None = None
    named: Callable[[Path], T] | None = None
    named_text: Callable[[Path], str] | None = None
    suffix: str = "toml"

    def read(self, text: str) -> T:
        """What stands in this text.

        Raises:
            Misconfigured: something is wrong; says in which line and what. `FileWrong` names all that is.
        """
        found = self.parse(text)
        size = len(self.told(found).model_dump_json(exclude_none=True).encode()) if self.told is not None else 0
        if size > _MOST_TOLD:
            raise FileWrong(WRONG, [Fault(_LARGE, text.count("\n") + 1, {"size": size, "most": _MOST_TOLD})])
        return found


def _shipped(package: str, name: str) -> Callable[[], str]:
    return lambda: files(package).joinpath(name).read_text("utf-8")


def _of_menu(menu: Menu) -> Mapping[str, Entry]:
    chinese = language() == "zh_CN"
    dishes = {
        dish.code: Entry(dish.zh if chinese else dish.en, asdict(dish), yuan(dish.prices[-1].fen))
        for dish in menu.dishes
    }
    return dishes | {f"[[cycles]] {cycle.from_on}": Entry("", asdict(cycle)) for cycle in menu.cycles}


def _of_prices(prices: PriceList) -> Mapping[str, Entry]:
    classes = {f"[classes] {code}": Entry("", names) for code, names in prices.class_names.items()}
    items = {code: Entry(item.name(), item, yuan(item.prices[-1].fen)) for code, item in prices.items.items()}
    return classes | items


def _of_rules(book: RuleBook) -> Mapping[str, Entry]:
    return {
        rules.id: Entry(rules.area, rules, f"{rules.effective_from} – {rules.effective_until or ''}".strip())
        for rules in book.sets
    }


def _rule_notes(before: RuleBook | None, after: RuleBook, today: date) -> Sequence[Note]:
    known = {} if before is None else {rules.id: rules for rules in before.sets}
    begun = [rules.id for rules in after.sets if rules.effective_from <= today and known.get(rules.id) != rules]
    notes: list[Note] = [(_BEGUN, {"ids": ", ".join(begun)})] if begun and known else []
    ends = [rules.effective_until for rules in after.sets]
    if not any(rules.effective_from <= today <= (rules.effective_until or today) for rules in after.sets):
        notes.append((_NONE_TODAY, {"on": today}))
    elif None not in ends:
        notes.append((_ENDS, {"on": max(end for end in ends if end is not None)}))
    return notes


def _of_escalation(found: Escalation) -> Mapping[str, Entry]:
    chains = {f"[chains] {name}": Entry("", steps) for name, steps in found.chains.items()}
    return chains | {code: Entry(alert_rule(code).text(), found.of(code)) for code in CODES}


def _of_schedules(found: Schedules) -> Mapping[str, Entry]:
    codes = {code: Entry(row.label_text(), row, times_text(row)) for code, row in found.frequencies.items()}
    windows = {
        f"[windows] {rule.name}": Entry("", rule, f"± {rule.either_side // MINUTE}") for rule in found.windows.rules
    }
    missed = found.windows.missed_after
    return codes | windows | {"[missed]": Entry("", missed, f"+ {missed // MINUTE}")}


def _of_guides(guides: Guides) -> Mapping[str, Entry]:
    return {guide.code: Entry(guide.title.text(), guide) for guide in guides.guides}


def _of_lessons(lessons: Lessons) -> Mapping[str, Entry]:
    return {lesson.code: Entry(lesson.title.text(), lesson) for lesson in lessons.lessons}


MENU = HouseKind[Menu](
    name="menu",
    label=N_("Menu"),
    setting="WARDLINK_MENU",
    right="house.menu",
    head="dishes",
    parse=read_menu,
    ours=sample_menu,
    ours_text=_shipped("wardlink.clinical.meals", "sample_menu.toml"),
    entries=_of_menu,
    told=lambda menu: SetMenu(menu=menu),
)
GUIDES = HouseKind[Guides](
    name="guides",
    label=N_("Guides for patients"),
    setting="WARDLINK_GUIDES",
    right="house.manage",
    head="guides",
    parse=read_guides,
    ours=our_guides,
    ours_text=_shipped("wardlink.clinical.guides", "guides.toml"),
    entries=_of_guides,
    told=lambda guides: SetGuides(guides=guides),
)
LESSONS = HouseKind[Lessons](
    name="lessons",
    label=N_("Health lessons"),
    setting="WARDLINK_LESSONS",
    right="house.manage",
    head="lessons",
    parse=read_lessons,
    ours=our_lessons,
    ours_text=_shipped("wardlink.clinical.lessons", "lessons.toml"),
    entries=_of_lessons,
    told=lambda lessons: SetLessons(lessons=lessons),
)

PRICES = HouseKind[PriceList](
    name="prices",
    label=N_("Price list"),
    setting="WARDLINK_PRICE_LIST",
    right="house.manage",
    head="items",
    parse=read_prices,
    ours=sample_prices,
    ours_text=sample_text,
    entries=_of_prices,
    notes=price_notes,
    as_table=as_table,
    from_table=from_table,
)

INSURANCE = HouseKind[RuleBook](
    name="insurance-rules",
    label=N_("Insurance rules"),
    setting="WARDLINK_INSURANCE_RULES",
    right="house.manage",
    head="schemes",
    parse=read_documents,
    ours=read_book,
    ours_text=joined,
    entries=_of_rules,
    notes=_rule_notes,
    named=read_book,
    named_text=joined,
    suffix="yaml",
)

ESCALATION = HouseKind[Escalation](
    name="escalation",
    label=N_("Escalation chains"),
    setting="",
    right="house.manage",
    head="escalation",
    parse=read_escalation,
    ours=our_escalation,
    ours_text=our_text,
    entries=_of_escalation,
    notes=escalation_notes,
)

SCHEDULES = HouseKind[Schedules](
    name="schedules",
    label=N_("Frequencies and dose windows"),
    setting="",
    right="house.manage",
    head="frequencies",
    parse=read_schedules,
    ours=our_schedules,
    ours_text=schedules_text,
    entries=_of_schedules,
    notes=schedule_notes,
    in_use=orders_that_go_on,
)

KINDS: Mapping[str, HouseKind[Any]] = {
    kind.name: kind for kind in (MENU, PRICES, INSURANCE, ESCALATION, SCHEDULES, GUIDES, LESSONS)
}
"""By name, in the order of the page."""
