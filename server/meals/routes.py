"""Meals over HTTP: the menu, what the kitchen cooks and how far it is, and how patients eat. Reads are audited.

Patients and nurses order from their devices, by commands.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from server.http import CoreOf, StaffOf, staff_with
from server.identity.staff import Person
from server.meals.facts import card_of
from server.meals.kitchen import Production, as_csv, item_text, production
from server.meals.menus import menu_of
from server.meals.moving import KitchenAct, move_all
from server.patients.routes import known
from server.record.service import records_of
from wardlink.clinical.meals.menu import Menu
from wardlink.clinical.meals.times import Meal, Slot
from wardlink.errors import NotFound
from wardlink.ids import Id, Slug
from wardlink.messages.meals import DietCardView, MealView, SetDietCard
from wardlink.record.meals import MEAL

router = APIRouter(prefix="/api/v1", tags=["meals"])

Reader = Annotated[Person, Depends(staff_with("ward.read"))]
Cook = Annotated[Person, Depends(staff_with("meal.kitchen"))]


class DishCount(BaseModel):
    """So many portions of a dish."""

    code: str
    name: str
    portions: int


class TrayOut(BaseModel):
    """One tray; `code` is on its label."""

    meal: Id
    bed: str
    name: str
    dishes: str
    diet: str
    care: str
    state: str
    code: str


class ProductionOut(BaseModel):
    """What a ward gets for one meal."""

    on: date
    meal: Meal
    counts: list[DishCount]
    trays: list[TrayOut]


class Moved(BaseModel):
    """So many trays were moved on."""

    trays: int


@router.get("/wards/{ward}/menu", summary="The menu that a ward was told")
def menu(core: CoreOf, reader: Reader, ward: Slug) -> Menu:
    """Dishes and cycles."""
    reader.demand("ward.read", ward)
    with core.db.read() as conn:
        found = menu_of(conn, ward)
    if found is None:
        raise NotFound(what="menu", name=ward)
    return found


@router.get("/wards/{ward}/kitchen/{on}/{meal}.csv", summary="What is to be cooked for a meal, as a file")
def kitchen_csv(core: CoreOf, cook: Cook, ward: Slug, on: date, meal: Meal) -> Response:
    """For a spreadsheet: UTF-8 with its mark, so that Chinese is read as such."""
    body = "\ufeff" + as_csv(_production(core, cook, ward, Slot(on, meal)))
    name = f"kitchen-{ward}-{on.isoformat()}-{meal}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/wards/{ward}/kitchen/{on}/{meal}", summary="What is to be cooked for a meal, and for whom")
def kitchen(core: CoreOf, cook: Cook, ward: Slug, on: date, meal: Meal) -> ProductionOut:
    """Counts by dish, and a tray a bed; cancelled ones stand there with the reason."""
    found = _production(core, cook, ward, Slot(on, meal))
    return ProductionOut(
        on=on,
        meal=meal,
        counts=[DishCount(code=c.item.code, name=item_text(c.item), portions=c.portions) for c in found.counts],
        trays=[
            TrayOut(
                meal=tray.meal.id,
                bed=tray.bed,
                name=tray.name,
                dishes=tray.dishes_text(),
                diet=tray.diet_text(),
                care=tray.care_text(),
                state=tray.state_text(),
                code=tray.code,
            )
            for tray in found.trays
        ],
    )


@router.post("/wards/{ward}/kitchen/{on}/{meal}/{act}", summary="All trays of a meal are cooked, or leave the kitchen")
def move(core: CoreOf, cook: Cook, ward: Slug, on: date, meal: Meal, act: KitchenAct) -> Moved:
    """In one transaction; a tray that is further already stays where it is."""
    cook.demand("meal.kitchen", ward)
    return Moved(trays=move_all(core, ward, Slot(on, meal), act, cook.actor))


@router.get("/encounters/{encounter}/meals", summary="The meals of a stay")
def of_stay(core: CoreOf, reader: StaffOf, encounter: Id) -> list[MealView]:
    """In the order in which they are served."""
    with core.db.read() as conn:
        known(conn, encounter, reader, "ward.read")
        found = records_of(conn, MEAL, encounter=encounter)
    core.audit("list", actor=str(reader.actor), what="meals", encounter=encounter)
    return found


@router.put("/encounters/{encounter}/diet-card", summary="Say how a patient eats")
def set_card(core: CoreOf, writer: StaffOf, encounter: Id, body: SetDietCard) -> DietCardView:
    """Texture, what an allergy is, what somebody does not eat."""
    with core.db.read() as conn:
        stay = known(conn, encounter, writer, "meal.order")
    core.execute("diet-card.set", body, ward=stay.ward, actor=writer.actor, encounter=encounter, bed=stay.bed)
    with core.db.read() as conn:
        card = card_of(conn, encounter)
    assert card is not None
    return card


def _production(core: CoreOf, cook: Person, ward: str, slot: Slot) -> Production:
    cook.demand("meal.kitchen", ward)
    with core.db.read() as conn:
        found = production(conn, ward, slot)
    core.audit("list", actor=str(cook.actor), what=f"kitchen of ward {ward}")
    return found
