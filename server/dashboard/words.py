"""Words of the pages: codes of the ward, said in the language of the one who looks. Looked up when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from wardlink.clinical.bed_closing import reason_text as closing_text
from wardlink.clinical.bed_closing import reasons as closing_reasons
from wardlink.clinical.call_reasons import call_reasons
from wardlink.clinical.codes import CODES_OF, Acvpu
from wardlink.clinical.isolation import precautions
from wardlink.clinical.items import ITEMS
from wardlink.clinical.news2 import Parameter
from wardlink.clock import ward_date, ward_time
from wardlink.i18n import N_, domain

_ = domain("server").gettext

NOTHING = "—"

LEVELS: Mapping[str, str] = {
    "special": N_("special care"),
    "level1": N_("level 1"),
    "level2": N_("level 2"),
    "level3": N_("level 3"),
}
SEXES: Mapping[str, str] = {
    "male": N_("male"),
    "female": N_("female"),
    "other": N_("other sex"),
    "unknown": N_("sex unknown"),
}
_SEXES_SHORT = {"male": N_("M"), "female": N_("F"), "other": N_("X"), "unknown": N_("sex?")}
_LEVELS_SHORT = {"special": N_("special"), "level1": N_("L1"), "level2": N_("L2"), "level3": N_("L3")}
BANDS: Mapping[str, str] = {
    "low": N_("low"),
    "low-medium": N_("low-medium"),
    "medium": N_("medium"),
    "high": N_("high"),
}
KINDS: Mapping[str, str] = {
    "cart": N_("cart"),
    "terminal": N_("terminal"),
    "monitor": N_("monitor"),
    "room": N_("examination room"),
}
SOURCES: Mapping[str, str] = {"manual": N_("by hand"), "monitor": N_("monitor")}
CELLS: Mapping[str, str] = {
    "temp": N_("T °C"),
    "pulse": N_("P /min"),
    "resp": N_("R /min"),
    "bp": N_("BP mmHg"),
    "spo2": N_("SpO₂ %"),
}
PRESSERS: Mapping[str, str] = {
    "patient": N_("patient"),
    "family": N_("family"),
    "device": N_("the bed, nobody signed in"),
    "staff": N_("staff"),
}
"""Whose press a call was."""
CALL_STATES: Mapping[str, str] = {
    "raised": N_("waiting"),
    "acknowledged": N_("taken"),
    "arrived": N_("nurse is there"),
    "resolved": N_("done"),
    "cancelled": N_("taken back"),
}
ROLES: Mapping[str, str] = {
    "nurse": N_("nurse"),
    "charge-nurse": N_("charge nurse"),
    "head-nurse": N_("head nurse"),
    "doctor": N_("doctor"),
    "pharmacist": N_("pharmacist"),
    "dietitian": N_("dietitian"),
    "therapist": N_("therapist"),
    "kitchen": N_("kitchen"),
    "manager": N_("ward manager"),
    "technician": N_("technician"),
    "admin": N_("administrator"),
    "cashier": N_("cashier"),
    "coder": N_("record coder"),
    "relations": N_("patient relations"),
}
DIETS: Mapping[str, str] = {
    "regular": N_("regular"),
    "soft": N_("soft"),
    "semi-liquid": N_("semi-liquid"),
    "liquid": N_("liquid"),
    "low-salt": N_("low salt"),
    "low-fat": N_("low fat"),
    "low-protein": N_("low protein"),
    "low-purine": N_("low purine"),
    "high-protein": N_("high protein"),
    "diabetic": N_("diabetic"),
    "nil-by-mouth": N_("nil by mouth"),
    "tube": N_("tube feed"),
}
ACTIONS: Mapping[str, str] = {
    "view": N_("viewed"),
    "export": N_("exported"),
    "check": N_("checked"),
    "audit-check": N_("checked"),
    "audit-read": N_("read the access record"),
    "list": N_("listed"),
    "search": N_("searched"),
    "changes": N_("fetched changes"),
    "bed-added": N_("added a bed"),
    "ward-added": N_("added a ward"),
    "ward-renamed": N_("renamed a ward"),
    "bed-relabelled": N_("changed a bed's sign"),
    "bed-moved": N_("moved a bed in the list"),
    "device-enrolled": N_("enrolled a device"),
    "device-revoked": N_("revoked a device"),
    "device-restored": N_("gave a device its rights back"),
    "device-bound": N_("bound a device"),
    "assignment-given": N_("gave beds to a nurse"),
    "assignment-ended": N_("took beds from a nurse"),
    "roster-entered": N_("entered shifts in a roster"),
    "house-added": N_("put in a version of the hospital's files"),
    "house-taken-back": N_("took a version back"),
    "parked-closed": N_("closed a message set aside"),
    "parked-retried": N_("tried a message again"),
    "staff-added": N_("added staff"),
    "staff-changed": N_("changed staff"),
    "staff-activated": N_("gave access back"),
    "staff-deactivated": N_("ended access"),
    "staff-pin": N_("gave a new PIN"),
    "snapshot": N_("fetched a copy"),
    "settlement-begun": N_("began a settlement"),
    "settlement-step": N_("took a settlement further"),
    "settlement-payout": N_("handed out a rest"),
    "settlement-given-up": N_("gave a settlement up"),
    "sign-in": N_("signed in"),
    "sign-in-offline": N_("signed in, offline"),
    "sign-in-failed": N_("sign-in failed"),
    "sign-out": N_("signed out"),
    "open-bedside": N_("opened the bedside"),
    "open-bedside-failed": N_("bedside not opened"),
    "lock-bedside": N_("locked the bedside"),
    "family-code": N_("made a code for family"),
    "wipe": N_("wiped the terminal"),
    "scan-refused": N_("scan refused"),
    "refused": N_("was refused for want of a right"),
    "drg-coded": N_("coded a stay"),
    "drg-import": N_("imported groups"),
    "reconcile-run": N_("compared a channel's bill"),
    "reconcile-close": N_("worked off a difference"),
    "reconcile-sign": N_("signed a day's bill"),
    "payment-worked-off": N_("worked off a payment"),
    "print": N_("printed"),
    "import": N_("took a file in"),
    "survey": N_("answered the survey"),
    "complaint.submit": N_("complained"),
    "event-reported": N_("reported an adverse event"),
    "event-follow-up": N_("followed an adverse event up"),
    "tube-in": N_("entered a tube"),
    "tube-out": N_("entered a tube's end"),
    "tube-struck": N_("struck a tube out"),
    "event-strike-out": N_("struck an adverse event out"),
    "result-received": N_("sent a result"),
    "ward-set": N_("decided for the ward"),
    "deposit-in": N_("took a deposit"),
    "charge-waived": N_("waived a charge"),
    "payment-asked": N_("asked for a payment"),
    "payment-closed": N_("closed a payment"),
    "refund-asked": N_("asked for a refund"),
    "refund-agreed": N_("agreed to a refund"),
    "refund-declined": N_("declined a refund"),
    "insurance-account": N_("compared an insurance account"),
    "insurance-account-closed": N_("closed an insurance difference"),
    "insurance-decide": N_("decided about an insurance message"),
    "settlement-back-wanted": N_("wanted a settlement back"),
    "settlement-taken-back": N_("took a settlement back"),
    "settlement-without-platform": N_("settled without the platform"),
}
_AGES = {
    "seconds": N_("{n} s"),
    "minutes": N_("{n} min"),
    "hours": N_("{n} h"),
    "days": N_("{n} d"),
    "ahead": N_("in the future"),
}
_ONLINE = {"yes": N_("online"), "no": N_("silent"), "unheard": N_("not heard yet"), "unknown": N_("unknown")}
_TRENDS = {
    "up": N_("higher than the set before"),
    "down": N_("lower than the set before"),
    "same": N_("as the set before"),
}
_LOST = {
    "lost": N_("The connection is lost."),
    "lost_since": N_("What you see is from {time} and is not live. It comes back by itself."),
    "nothing_here": N_("Nothing here."),
    "not_live": N_("not live"),
}
_BOARD = {
    "summary": N_("The ward in one line"),
    "occupied": N_("occupied"),
    "empty_beds": N_("empty"),
    "closed_beds": N_("beds closed"),
    "closed_bed": N_("closed bed"),
    "closed_until": N_("until {time}"),
    "until_open": N_("until it is given back"),
    "closing_both": N_("{reason} ({words})"),
    "open_calls": N_("open calls"),
    "high_scores": N_("high NEWS2"),
    "old_beds": N_("beds without fresh values"),
    "silent_devices": N_("silent devices"),
    "exceptions": N_("to clear up"),
    "overdue_work": N_("overdue"),
    "overdue_here": N_("{n} overdue"),
    "link_good": N_("broker connected"),
    "link_bad": N_("broker away"),
    "server_unknown": N_("server not heard"),
    "show": N_("Show"),
    "show_all": N_("All beds"),
    "show_calls": N_("Calling"),
    "show_scores": N_("Raised NEWS2"),
    "show_old": N_("Old data"),
    "show_silent": N_("Silent device"),
    "show_exceptions": N_("To clear up"),
    "show_occupied": N_("Occupied"),
    "bed": N_("Bed"),
    "call": N_("Call"),
    "no_reason": N_("no reason given yet"),
    "years": N_("{n} y"),
    "vacant": N_("empty bed"),
    "two_in_bed": N_("Two stays in this bed"),
    "missing": N_("missing"),
    "partial": N_("Not complete: the score cannot be lower than this."),
    "measured_at": N_("Measured at {time}"),
    "no_score": N_("No score: nothing that it needs was measured, or it must not be used for this patient."),
    "lead_off": N_("lead off"),
    "before": N_("was {value}, {age}"),
    "not_measured": N_("no value"),
    "old": N_("old"),
    "unknown": N_("unknown"),
    "overdue": N_("overdue"),
    "incomplete": N_("incomplete"),
    "all_old": N_("Data is old"),
    "all_unknown": N_("Nothing measured yet"),
    "device_silent": N_("A device here is silent"),
    "to_clear": N_("{n} to clear up"),
    "by_family": N_("pressed by the family"),
}
_ALARMS = {
    "count": N_("{n} open, nobody has {open} of them yet"),
    "no_bed": N_("ward"),
    "next": N_("goes on to the next in {left}"),
    "asked": N_("asked"),
    "story": N_("What happened so far"),
    "coming": N_("There in {n} min"),
    "hand_on": N_("Hand on"),
    "to": N_("To"),
    "reason": N_("Reason"),
    "sound_on": N_("Sound is on"),
    "sound_off": N_("Sound is off: turn it on"),
    "fill": N_("Fill the screen"),
    "signed_out": N_("You are signed out. Please sign in again; nothing was said."),
    "not_sent": N_("The server was not reached; nothing was said."),
}
_TABLE = {
    "search": N_("Search"),
    "shown": N_("{n} of {all}"),
    "table": N_("Table"),
}


def word(table: Mapping[str, str], code: str | None) -> str:
    """The words for `code`; a code that the table does not know stands for itself, nothing stands as a dash."""
    if code is None:
        return NOTHING
    return _(table[code]) if code in table else code


def reason_text(code: str | None) -> str:
    """Why a patient calls."""
    if code is None:
        return _("no reason given yet")
    found = call_reasons().get(code)
    return code if found is None else found.label_text()


def time_text(at: datetime | None, now: datetime) -> str:
    """The ward's clock at that instant; with the day where it is not today."""
    if at is None:
        return NOTHING
    shown = ward_time(at)
    return shown.strftime("%H:%M:%S" if ward_date(at) == ward_date(now) else "%Y-%m-%d %H:%M:%S")


def _said(table: Mapping[str, str]) -> dict[str, str]:
    return {code: _(text) for code, text in table.items()}


def table_words() -> dict[str, Any]:
    """What the live table says by itself."""
    return {**_said(_LOST), **_said(_TABLE), "ages": _said(_AGES)}


def alarm_words() -> dict[str, Any]:
    """What the page of alerts says by itself."""
    return {**_said(_LOST), **_said(_ALARMS), "nothing_here": _("No open alert and no call."), "ages": _said(_AGES)}


def board_words() -> dict[str, Any]:
    """Everything that the board says, in the language of this context."""
    return {
        **_said(_LOST),
        **_said(_BOARD),
        "ages": _said(_AGES),
        "online": _said(_ONLINE),
        "trends": _said(_TRENDS),
        "levels": _said(_LEVELS_SHORT),
        "sexes": _said(_SEXES_SHORT),
        "bands": _said(BANDS),
        "kinds": _said(KINDS),
        "cells": _said(CELLS),
        "call_states": _said(CALL_STATES),
        "isolation": {code: rule.mark_text() for code, rule in precautions().items()},
        "closings": {reason: closing_text(reason) for reason in closing_reasons()},
        "reasons": {code: reason.label_text() for code, reason in call_reasons().items()},
        "parameters": {str(parameter): parameter.text() for parameter in Parameter},
        "codes": {str(code): code.text() for code in Acvpu},
        "oxygen": {"yes": _("oxygen"), "no": _("room air")},
        "units": _units(),
    }


@cache
def _units() -> dict[str, str]:
    return {key: item.unit for key, item in ITEMS.items() if item.unit}


def online_text(online: bool | None) -> str:
    """How a device is."""
    state = "unheard" if online is None else "yes" if online else "no"
    return word(_ONLINE, state)


def reading_text(key: str, value: Any) -> str:
    """A reading in words or digits, without its unit."""
    if value is None:
        return NOTHING
    codes = CODES_OF.get(key)
    if codes is not None:
        code = codes.of(str(value))
        return code.text() if code is not None else str(value)
    if isinstance(value, bool):
        return _("oxygen") if value else _("room air")
    return ITEMS[key].show(value) if isinstance(value, int | float) else str(value)


def actor_text(actor: str | None, names: Mapping[str, str]) -> str:
    """Who acted, from `kind:id`: a member of staff by name where the name is known; family by the whole of it."""
    if actor is None:
        return NOTHING
    kind, _colon, name = actor.partition(":")
    if kind == "staff":
        return names.get(name, name)
    if actor in names:
        return names[actor]
    shown = {"patient": _("patient"), "family": _("family"), "device": _("device"), "system": _("system")}
    return f"{shown[kind]} {name}" if kind in shown else actor


_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def weekday_text(day: int) -> str:
    """A day of the week in brief; 1 is Monday, as ISO 8601 counts."""
    return _(_WEEKDAYS[day - 1])
