"""A patient asks for something: checked, merged with the open request of the same thing, or refused in words."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from server.batch import Batch
from server.meals.facts import card_of
from server.meals.ordering import MealRefused
from server.money.lines import LINE
from server.patients.asking import who_asks
from server.record.service import open_of, records_of
from server.record.writing import fold_in, tell
from wardlink.clinical.meals.findings import blocks
from wardlink.clinical.requests.catalogue import LIST, most_a_day, most_open, offers, start_within
from wardlink.clinical.requests.shopping import articles, findings_of
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.requests import AskedLine, PlaceRequest, RequestView
from wardlink.record.kind import Said
from wardlink.record.requests import REQUEST, placed

OTHERS = N_("This request is of another patient.")
_UNKNOWN = N_("This is not offered here. Please ask your nurse.")
_TOO_MANY = N_("You are waiting for several things already. Please ask your nurse for more.")
_TOO_OFTEN = N_("You have asked for many things today. Please ask your nurse for more.")
_WHEN = N_("This can be asked for from now on until the day after tomorrow.")
_EMPTY = N_("The shopping list is empty.")
_TOO_MUCH = N_("The list holds more of something than can be brought.")
_BEGUN = N_("This is arranged already. To change it, cancel it first or ask your nurse.")

_DAY = timedelta(hours=24)
_LATE = timedelta(hours=24)
"""A request that waited on the terminal was for the moment in which it was made."""


class ArticleForbidden(MealRefused):
    """The rules of the meals forbid something on the list; each says why."""

    code = "article-forbidden"
    sentence = N_("Something on the list does not go with your diet.")


def place(batch: Batch, command: Command, body: PlaceRequest) -> int:
    """Take a request; the same thing again goes into the open one.

    Raises:
        NotAllowed: in another patient's name, or without the right to.
        InvalidInput: it is not offered, or not at that time.
        Collision: too many are open, somebody has arranged it already, or the diet forbids it.
        NotFound: the bill has no such line.
    """
    stay, _role = who_asks(batch, command, "request.place", others=OTHERS)
    about = _checked(batch, command, body, stay)
    body = body.model_copy(update={"about": about})
    mine = open_of(batch.conn, REQUEST, [stay.id])
    same = next((one for one in mine if (one.category, one.code) == (body.category, body.code)), None)
    if same is not None:
        return _again(batch, command, body, same, stay)
    if len(mine) >= most_open():
        raise Collision(_TOO_MANY)
    since = batch.now - _DAY
    if len(records_of(batch.conn, REQUEST, encounter=stay.id, since=since, limit=most_a_day())) >= most_a_day():
        raise Collision(_TOO_OFTEN)
    filled = {"about": about, "bed": stay.bed}
    return fold_in(batch, REQUEST, command, body, then=lambda view: view.model_copy(update=filled)).seq


def _again(batch: Batch, command: Command, body: PlaceRequest, same: RequestView, stay: EncounterView) -> int:
    wanted = (body.from_at, body.articles)
    if same.state != "requested" and wanted != (same.from_at, same.articles):
        raise Collision(_BEGUN)
    name = batch.census.staff_name(batch.conn, command.actor.id) if command.actor.kind == "staff" else None
    view = placed(same, Said(command, body, name, batch.now))
    resident = batch.census.resident(batch.conn, stay.id)
    return tell(batch, REQUEST, view, ward=stay.ward, is_new=False, command=command, resident=resident)


def _checked(batch: Batch, command: Command, body: PlaceRequest, stay: EncounterView) -> AskedLine | None:
    """The line of the bill as the ledger has it, where one is asked about."""
    if (body.from_at is not None and body.category != "care") or (body.articles and body.category != "shopping"):
        raise InvalidInput(_UNKNOWN)
    if body.category == "query":
        return _line(batch, body, stay)
    if body.about is not None:
        raise InvalidInput(_UNKNOWN)
    if body.category == "shopping":
        _check_list(batch, body, stay)
    elif body.code not in offers(body.category):
        raise InvalidInput(_UNKNOWN)
    if body.from_at is not None and not (
        command.measured_at - _LATE <= body.from_at <= command.measured_at + start_within()
    ):
        raise InvalidInput(_WHEN)
    return None


def _check_list(batch: Batch, body: PlaceRequest, stay: EncounterView) -> None:
    if body.code != LIST:
        raise InvalidInput(_UNKNOWN)
    if not body.articles:
        raise InvalidInput(_EMPTY)
    codes = [wanted.code for wanted in body.articles]
    if len(set(codes)) < len(codes) or not set(codes) <= articles().keys():
        raise InvalidInput(_UNKNOWN)
    if any(wanted.quantity > articles()[wanted.code].most for wanted in body.articles):
        raise InvalidInput(_TOO_MUCH)
    card = card_of(batch.conn, stay.id)
    eater = card.eater if card is not None else None
    said = [f for code in codes for f in blocks(findings_of(articles()[code], eater, batch.now))]
    if said:
        raise ArticleForbidden(said)


def _line(batch: Batch, body: PlaceRequest, stay: EncounterView) -> AskedLine:
    if body.about is None or body.about.line != body.code:
        raise InvalidInput(_UNKNOWN)
    query = select(LINE).where(LINE.c.entry == body.about.line, LINE.c.encounter == stay.id)
    row = batch.conn.execute(query).first()
    if row is None:
        raise NotFound(what="line of the bill", name=body.about.line)
    return AskedLine(line=row.entry, day=row.charged_on, name=row.name_zh[:200], amount_fen=row.amount_fen)
