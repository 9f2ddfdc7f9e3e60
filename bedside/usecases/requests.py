"""My requests: what can be asked for, what I wait for, and what is sent to the ward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedside.usecases.refusals import last_refusal
from wardlink.clinical.meals.findings import Finding, blocks
from wardlink.clinical.requests.catalogue import LIST, Category
from wardlink.clinical.requests.shopping import Article, articles, findings_of
from wardlink.clinical.requests.states import OPEN, after
from wardlink.clock import ward_time
from wardlink.messages.requests import AskedLine, CancelRequest, PlaceRequest, WantedArticle
from wardlink.record.diet_cards import DIET_CARD, diet_card_id
from wardlink.record.requests import REQUEST

if TYPE_CHECKING:
    from bedside.ports import Board, Place, Terminal
    from bedside.usecases.session import Session
    from wardlink.clinical.meals.eater import Eater
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.requests import RequestView

COMMANDS = ("request.place", "request.cancel")

STARTS_H = (8, 18)
"""At which hours a care worker can begin, besides at once. A default of this product."""


@dataclass(frozen=True)
class MyRequests:
    """Everything asked for in this stay, as this screen holds it, the newest first.

    `unsent`: those of which something waits for the server. `refused`: what it said no to last.
    """

    stay: EncounterView
    requests: tuple[RequestView, ...]
    unsent: frozenset[str]
    refused: str | None = None
    eater: Eater | None = None

    def open(self, category: Category, code: str) -> RequestView | None:
        """The one that stands for the same thing."""
        same = (r for r in self.requests if (r.category, r.code) == (category, code) and r.state in OPEN)
        return next(same, None)

    def called(self, request: str) -> RequestView | None:
        """One by its id."""
        return next((one for one in self.requests if one.id == request), None)

    def choices(self, now: datetime) -> list[tuple[Article, list[Finding]]]:
        """The articles with what the diet's rules say of each; what is forbidden comes last."""
        found = [(article, findings_of(article, self.eater, now)) for article in articles().values()]
        return sorted(found, key=lambda one: bool(blocks(one[1])))

    def shopping(self) -> RequestView | None:
        """The open shopping list."""
        return self.open("shopping", LIST)


def read(terminal: Terminal, stay: EncounterView, *, of_bill: bool = True) -> MyRequests:
    """From this terminal's own disk; `of_bill`: also questions about the bill."""
    board: Board = terminal.replica
    found = board.records(REQUEST, encounter=stay.id)
    card = board.record(DIET_CARD, diet_card_id(stay.id))
    return MyRequests(
        stay=stay,
        requests=tuple(one for one in reversed(found) if of_bill or one.category != "query"),
        unsent=board.unsent_records(REQUEST),
        refused=last_refusal(terminal.outbox, COMMANDS, stay.id),
        eater=card.eater if card is not None else None,
    )


def queries(terminal: Terminal, encounter: str) -> dict[str, RequestView]:
    """The last question about each line of the bill, by the line."""
    found = terminal.replica.records(REQUEST, encounter=encounter)
    return {one.about.line: one for one in found if one.about is not None}


def starts(now: datetime) -> tuple[datetime | None, ...]:
    """From when a care worker can be asked for: at once, and the next full choices of today and tomorrow."""
    today = ward_time(now).replace(minute=0, second=0, microsecond=0)
    times = [today.replace(hour=hour) + timedelta(days=day) for day in (0, 1) for hour in STARTS_H]
    return (None, *(at for at in times if at > now))


def can_cancel(view: RequestView) -> bool:
    """Whether nobody has begun with it."""
    return after(view.state, "cancel") is not None


def place(
    terminal: Terminal,
    place: Place,
    session: Session,
    category: Category,
    code: str,
    *,
    from_at: datetime | None = None,
    wanted: Mapping[str, int] | None = None,
    about: AskedLine | None = None,
) -> None:
    """Ask for it. `wanted`: how many of each article.

    Raises:
        StoreFailed: it could not be kept.
    """
    listed = tuple(WantedArticle(code=name, quantity=n) for name, n in (wanted or {}).items() if n)
    body = PlaceRequest(category=category, code=code, from_at=from_at, articles=listed, about=about)
    terminal.record("request.place", body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def cancel(terminal: Terminal, place: Place, session: Session, request: str) -> None:
    """Tell the ward that it is not needed any more.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = CancelRequest(request=request)
    terminal.record("request.cancel", body, actor=session.actor, encounter=session.encounter, bed=place.bed)
