"""My requests in words: what was asked for, how far it is, and who said what of it when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.usecases.bill import money_text
from bedside.usecases.words import clock_text, day_text
from wardlink.clinical.meals.findings import Finding, blocks
from wardlink.clinical.requests.catalogue import category_text, offer_text
from wardlink.clinical.requests.shopping import Article, article_text
from wardlink.clinical.requests.states import OPEN, state_text
from wardlink.clock import ward_date
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bedside.usecases.requests import MyRequests
    from wardlink.messages.requests import RequestStep, RequestView

_ = domain("bedside").gettext

ASKING: Mapping[str, str] = {
    "care": N_("For how long do you need a care worker?"),
    "cleaning": N_("What should be cleaned?"),
    "repair": N_("What does not work?"),
    "interpreter": N_("For which language do you need an interpreter?"),
}
"""What the page of a category asks."""

_STEPS: Mapping[str, str] = {
    "place": N_("{time} asked for"),
    "accept": N_("{time} accepted by {name}"),
    "begin": N_("{time} begun by {name}"),
    "complete": N_("{time} done by {name}"),
    "reject": N_("{time} not possible, says {name}"),
    "cancel": N_("{time} you cancelled it"),
    "end": N_("{time} ended with your stay"),
}


def request_text(view: RequestView) -> str:
    """What was asked for."""
    if view.category == "query" and view.about is not None:
        return _("Question: {line}").format(line=plain(view.about.name))
    if view.category == "shopping":
        return category_text(view.category)
    return f"{category_text(view.category)} · {offer_text(view.category, view.code)}"


def standing_text(mine: MyRequests, view: RequestView) -> str:
    """How far it is; that it waits here, where the ward has not heard of it."""
    if view.id in mine.unsent:
        return _("waits to be sent")
    if view.category == "query" and view.state == "completed":
        return _("answered")
    if view.state in ("accepted", "in-progress") and view.owner_name:
        return f"{state_text(view.state)} · {plain(view.owner_name)}"
    return state_text(view.state)


def when_text(at: datetime, now: datetime) -> str:
    """An instant: the time today, else with its day."""
    said = clock_text(at)
    return said if ward_date(at) == ward_date(now) else f"{day_text(ward_date(at))} {said}"


def start_text(at: datetime | None, now: datetime) -> str:
    """From when somebody is wanted."""
    return _("From: now") if at is None else _("From: {time}").format(time=when_text(at, now))


def notes_of(mine: MyRequests, view: RequestView, now: datetime) -> list[str]:
    """How it stands, for its field."""
    return [standing_text(mine, view), when_text(view.changed_at, now)]


def option_notes(mine: MyRequests, view: RequestView | None) -> list[str]:
    """That it was asked for already."""
    return [] if view is None else [standing_text(mine, view)]


def detail_lines(mine: MyRequests, view: RequestView, now: datetime) -> list[tuple[str, str]]:
    """Everything about one request, each line with how it is set."""
    said = [(_("State: {state}").format(state=standing_text(mine, view)), "heading")]
    if view.text:
        answer = _("Answer: {text}") if view.state == "completed" else _("Why: {text}")
        said.append((answer.format(text=plain(view.text)), "prose"))
    if view.about is not None and view.about.amount_fen is not None:
        said.append((f"{day_text(view.about.day)} · {money_text(view.about.amount_fen)}", "point"))
    if view.category == "care":
        said.append((start_text(view.from_at, now), "point"))
    said += [(f"{article_text(one.code)} × {one.quantity}", "point") for one in view.articles]
    if view.urgent and view.state in OPEN:
        said.append((_("This is urgent: the ward sees it first. If you need help, touch Call nurse."), "prose"))
    said += [(_step_text(step, now), "point") for step in view.steps if step.counted]
    return said


def _step_text(step: RequestStep, now: datetime) -> str:
    name = plain(step.by_name or "") or _("the ward")
    return _(_STEPS[step.what]).format(time=when_text(step.at, now), name=name)


def article_notes(found: Sequence[Finding], article: Article, chosen: int) -> list[str]:
    """Why an article cannot be had; else how many of it are wanted, and what to mind."""
    forbidden = blocks(found)
    if forbidden:
        return [_("Not for you:"), forbidden[0].text()]
    count = _("{n} of at most {most}").format(n=chosen, most=article.most)
    return [count, *(finding.text() for finding in found)] if chosen else [finding.text() for finding in found]


def list_text(wanted: Mapping[str, int]) -> str:
    """What is on the list, in a line."""
    listed = [f"{article_text(code)} × {n}" for code, n in wanted.items() if n]
    return _(", ").join(listed) if listed else _("Touch what should be bought; each touch adds one.")
