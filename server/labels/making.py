"""Which labels a ward needs now, from what the server knows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.identity.staff import StaffEntry
from server.labels.label import Label, Line
from server.meals.kitchen import Tray, item_text
from server.patients.service import residents
from server.record.service import records_of
from server.wards.service import WardEntry
from wardlink.clinical.drugs import Drug
from wardlink.clinical.meals.times import Slot, times
from wardlink.clinical.names import age_years, masked_name
from wardlink.clinical.routes import routes
from wardlink.clock import ward_date, ward_time
from wardlink.codes.gs1 import write_gs1
from wardlink.codes.kinds import Badge, BedTag, DrugPack, Wristband
from wardlink.i18n import N_, domain
from wardlink.messages.doses import DoseView
from wardlink.messages.encounters import EncounterView
from wardlink.messages.orders import OrderView
from wardlink.record.bags import label_of
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER

_ = domain("server").gettext

_SEXES = {"male": N_("male"), "female": N_("female")}
_LEVELS = {
    "special": N_("special care"),
    "level1": N_("level 1 care"),
    "level2": N_("level 2 care"),
    "level3": N_("level 3 care"),
}
_ROLES = {
    "nurse": N_("nurse"),
    "charge-nurse": N_("charge nurse"),
    "head-nurse": N_("head nurse"),
    "doctor": N_("doctor"),
    "pharmacist": N_("pharmacist"),
    "dietitian": N_("dietitian"),
    "therapist": N_("therapist"),
    "kitchen": N_("kitchen"),
    "manager": N_("ward manager"),
    "cashier": N_("cashier"),
    "coder": N_("record coder"),
    "relations": N_("patient relations"),
    "admin": N_("administrator"),
}


def wristbands(conn: Connection, ward: WardEntry, now: datetime) -> list[Label]:
    """One for everybody who lies in the ward. The bed is not on it: people are moved, their bands are not."""
    return [_wristband(stay, ward, now) for stay in residents(conn, ward.id)]


def beds(conn: Connection, ward: WardEntry) -> list[Label]:
    """One for every bed. Whoever passes by can read it: the name is masked, and no diagnosis is on it.

    Source: ward domain sheet 10.8.
    """
    lying = {stay.bed: stay for stay in residents(conn, ward.id)}
    return [_bed(ward, bed.id, bed.label, lying.get(bed.id)) for bed in ward.beds]


def badges(staff: Iterable[StaffEntry]) -> list[Label]:
    """One for everybody who works here."""
    found = []
    for one in staff:
        role = _(_ROLES[one.role]) if one.role in _ROLES else one.role
        lines = (Line(one.name, 20), Line(role, 12), Line(one.badge, 10))
        found.append(Label("badges", Badge(one.badge).text(), lines))
    return found


def bags(
    conn: Connection, ward: WardEntry, now: datetime, *, within: timedelta, use_within: timedelta | None = None
) -> list[Label]:
    """One for every infusion that is due within so long. `use_within`: so long after now it must not be hung."""
    orders = {order.id: order for order in records_of(conn, ORDER, ward=ward.id)}
    stays = {stay.id: stay for stay in residents(conn, ward.id)}
    found = []
    for dose in records_of(conn, DOSE, ward=ward.id, states=("planned",), until=now + within):
        order, stay = orders.get(dose.order), stays.get(dose.encounter or "")
        if order is not None and stay is not None and dose.due_at is not None and _drips(order):
            found.append(_bag(dose, order, stay, None if use_within is None else now + use_within))
    return found


def drugs(listed: Sequence[Drug]) -> list[Label]:
    """One for a pack of each drug, as its maker would mark it."""
    return [
        Label(
            "drugs",
            write_gs1(DrugPack(drug.gtins[0])),
            (Line(drug.name_zh, 9), Line(drug.name_en, 7), Line(drug.strength, 9), Line(drug.gtins[0], 6)),
            is_alert=drug.high_alert in ("A", "B"),
        )
        for drug in listed
        if drug.gtins
    ]


def trays(found: Iterable[Tray], slot: Slot, ward: str) -> list[Label]:
    """One for each of these trays: bed, masked name, diet, what to mind in red, what is on it, when it is served.

    Source: ward domain sheet 6.3.
    """
    when = _("{meal}  {on:%m-%d}  {at:%H:%M}").format(
        meal=times(slot.meal).text(), on=slot.on, at=ward_time(slot.served_at)
    )
    return [_tray(tray, f"{ward}  {when}") for tray in found]


def _tray(tray: Tray, where: str) -> Label:
    care, diet = tray.care_text(), tray.diet_text()
    lines = [Line(_("bed {bed}  {name}").format(bed=tray.bed, name=tray.name), 16)]
    lines += [Line(diet, 12)] if diet else []
    lines += [Line(care, 11, is_red=True)] if care else []
    lines += [Line(item_text(item), 9) for item in tray.meal.items]
    lines.append(Line(where, 8))
    return Label("trays", tray.code, tuple(lines))


def _wristband(stay: EncounterView, ward: WardEntry, now: datetime) -> Label:
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(now)))
    sex = _(_SEXES[stay.sex]) if stay.sex in _SEXES else "—"
    about = _("{sex}  {years} years  born {born}").format(sex=sex, years=years, born=stay.birth_on.isoformat())
    lines = (
        Line(stay.name, 14),
        Line(about, 9),
        Line(_("admission no. {number}  {ward}").format(number=stay.admission_no, ward=ward.name), 9),
        *_allergies(stay),
    )
    return Label("wristbands", Wristband(stay.id).text(), lines)


def _bed(ward: WardEntry, bed: str, label: str, stay: EncounterView | None) -> Label:
    lines = [Line(_("bed {bed}").format(bed=label), 24), Line(ward.name, 10)]
    if stay is not None:
        lines += [Line(masked_name(stay.name), 14), Line(_(_LEVELS[stay.level]), 10)]
        # That there is one is for everybody who brings something; which one is not for those who pass by.
        lines += [Line(_("allergy: ask"), 10, is_red=True)] if stay.allergies else []
    return Label("beds", BedTag(ward.id, bed).text(), tuple(lines))


def _bag(dose: DoseView, order: OrderView, stay: EncounterView, use_by: datetime | None) -> Label:
    assert dose.due_at is not None
    who = _("bed {bed}  {name}  {number}").format(bed=stay.bed, name=stay.name, number=stay.admission_no)
    lines = [Line(who, 10)]
    lines += [Line(f"{item.name_zh} {item.strength}  {item.dose:g} {item.unit}", 9) for item in dose.items]
    lines += _how(order)
    lines.append(Line(_("due {at}").format(at=f"{ward_time(dose.due_at):%Y-%m-%d %H:%M}"), 9))
    if use_by is not None:
        lines.append(Line(_("hang by {at}").format(at=f"{ward_time(use_by):%Y-%m-%d %H:%M}"), 9))
    grades = sorted({item.high_alert for item in dose.items if item.high_alert in ("A", "B")})
    if grades:
        lines.insert(0, Line(_("HIGH ALERT {grade}").format(grade="/".join(grades)), 11, is_red=True))
    lines += _allergies(stay)
    return Label("bags", label_of(dose, use_by=use_by).text(), tuple(lines), is_alert=bool(grades))


def _how(order: OrderView) -> Iterator[Line]:
    route = routes().get(order.route or "")
    parts = [route.label_text() if route is not None else ""]
    parts += [f"{order.volume_ml:g} mL"] if order.volume_ml is not None else []
    parts += [f"{order.rate_ml_per_h:g} mL/h"] if order.rate_ml_per_h is not None else []
    yield Line("  ".join(part for part in parts if part), 9)


def _allergies(stay: EncounterView) -> list[Line]:
    said = ", ".join(stay.allergies)
    return [Line(_("allergy: {what}").format(what=said), 9, is_red=True)] if said else []


def _drips(order: OrderView) -> bool:
    route = routes().get(order.route or "")
    return route is not None and route.infusion
