"""The words of a medication round: states, reasons, and the lines that a nurse reads before she gives a dose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases import skin_test
from cart.usecases.words import time_text, word
from wardlink.clinical.dose_checks import drug_name
from wardlink.i18n import N_, domain
from wardlink.messages.order_words import dose_text, entry_text
from wardlink.record.doses import reason_text
from wardlink.record.drips import drip_of
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.medication import Due
    from wardlink.messages.doses import DoseEvent
    from wardlink.messages.orders import OrderedDrug

_ = domain("cart").gettext

TONES: Mapping[str, str] = {
    "running": "good",
    "paused": "warn",
    "done": "dim",
    "held": "warn",
    "refused": "warn",
    "missed": "warn",
    "cancelled": "struck",
}
WITHHOLDING: Mapping[str, tuple[str, ...]] = {
    "held": (N_("by the doctor's word"), N_("fasting for a procedure"), N_("vital signs do not allow it")),
    "refused": (N_("feels unwell"), N_("does not want it"), N_("wants to ask the doctor first")),
    "missed": (N_("patient was not in the ward"), N_("drug was not here"), N_("overlooked")),
}
TIMING_REASONS = (
    N_("patient was away"),
    N_("drug came late"),
    N_("by the doctor's word"),
    N_("patient asked for it"),
    N_("emergency in the ward"),
)
OVERRIDE_REASONS = (
    N_("code cannot be read"),
    N_("scanner does not work"),
    N_("doctor was asked and confirmed it"),
    N_("result is in the paper record"),
)
PART_REASONS = (
    N_("spat out or vomited"),
    N_("does not want more"),
    N_("felt unwell during it"),
    N_("by the doctor's word"),
)
PAUSE_REASONS = (
    N_("examination"),
    N_("site must be changed"),
    N_("reaction of the patient"),
    N_("by the doctor's word"),
)
STRIKE_REASONS = (N_("wrong patient"), N_("wrong dose"), N_("wrong time"), N_("entered twice"))
SITES: Mapping[str, str] = {
    "good": N_("good"),
    "swollen": N_("swollen"),
    "red": N_("red"),
    "leaking": N_("leaking"),
    "blocked": N_("blocked"),
}


def drugs_text(items: Iterable[OrderedDrug]) -> str:
    """The drugs with their doses, in a line."""
    return " + ".join(drug_text(item) for item in items) or "—"


def drug_text(item: OrderedDrug) -> str:
    """One drug with its dose."""
    return plain(f"{drug_name(item)} {item.dose:g} {item.unit}")


def route_text(line: Due) -> str:
    """The way it is given."""
    return line.route.label_text() if line.route is not None else "—"


def marks_text(line: Due) -> str:
    """What must not be overlooked: high alert, another cart, not sent yet."""
    grades = sorted({item.high_alert for item in line.items if item.high_alert is not None})
    marks = [_("high-alert {grade}").format(grade="/".join(grades))] if grades else []
    if line.lease is not None:
        marks.append(_("other cart"))
    if line.unsent:
        marks.append(_("unsent"))
    return " ".join(marks)


def due_line(line: Due, now: datetime) -> str:
    """When it is due."""
    if line.dose is None:
        return _("if needed")
    return time_text(line.dose.due_at, now) if line.dose.due_at is not None else _("if needed")


def state_line(line: Due, now: datetime) -> tuple[str, str]:
    """The state and its tone; of an infusion how it runs, of an order what is wrong with it."""
    order_state = line.order.state if line.order is not None else None
    test = skin_test.state_of(line, now)
    if test is not None:
        return test
    if line.state == "planned":
        if order_state in ("stopped", "on-hold", "cancelled", "entered-in-error"):
            return (_("order on hold") if order_state == "on-hold" else _("order stopped")), "alarm"
        dose = line.dose
        if dose is not None and dose.closes_at is not None and now > dose.closes_at:
            return _("late"), "warn"
        if dose is not None and dose.opens_at is not None and now < dose.opens_at:
            return _("not yet"), "dim"
        return dose_text("planned"), "strong"
    drip = drip_of(line.dose) if line.dose is not None else None
    if drip is not None:
        said = _("{state} {left} mL").format(state=dose_text(line.state), left=round(drip.left_now_ml(now)))
        due = drip.is_nearly_empty(now) or now >= drip.patrol_at
        return said, "warn" if due or line.state == "paused" else "good"
    return dose_text(line.state), TONES.get(line.state, "plain")


def drip_text(line: Due, now: datetime) -> str | None:
    """How an infusion runs, in a sentence."""
    drip = drip_of(line.dose) if line.dose is not None else None
    if drip is None:
        return None
    said = _("{rate} mL/h, about {left} of {volume} mL left; look again at {at}").format(
        rate=f"{drip.rate_ml_per_h:g}",
        left=round(drip.left_now_ml(now)),
        volume=f"{drip.volume_ml:g}",
        at=time_text(drip.patrol_at, now),
    )
    return said + (" · " + _("nearly empty") if drip.is_nearly_empty(now) else "")


def event_text(event: DoseEvent, names: Mapping[str, str], now: datetime) -> str:
    """One entry: when, what, who, and what was said about it. `names`: of members of staff."""
    who = event.by_name or names.get(event.by.id, event.by.id)
    parts = [time_text(event.at, now), entry_text(event.act), plain(who)]
    if event.amount_pct is not None and event.amount_pct < 100:
        parts.append(" ".join(filter(None, (f"{event.amount_pct:g} %", plain(event.part_reason or "")))))
    if event.witness:
        parts.append(_("with {who}").format(who=plain(names.get(event.witness, event.witness))))
    if event.remaining_ml is not None:
        parts.append(_("{n} mL left").format(n=f"{event.remaining_ml:g}"))
    if event.rate_ml_per_h is not None:
        parts.append(f"{event.rate_ml_per_h:g} mL/h")
    if event.infused_ml is not None:
        parts.append(_("{n} mL went in").format(n=f"{event.infused_ml:g}"))
    if event.site is not None and event.site != "good":
        parts.append(word(SITES, event.site))
    if event.reason:
        parts.append(plain(reason_text(event.reason)))
    if event.overrides:
        parts.append(_("{n} checks passed over").format(n=len(event.overrides)))
    if event.struck_at is not None:
        parts.append(_("struck out: {reason}").format(reason=plain(event.struck_reason or "")))
    return "  ".join(parts)
