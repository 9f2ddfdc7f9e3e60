"""What an alert says to a person, in one place for the cart and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from wardlink.clinical.alert_rules import MARKS, Priority, alert_rule
from wardlink.clinical.call_reasons import call_reasons
from wardlink.clinical.items import ITEMS
from wardlink.clinical.results.catalogue import category_text
from wardlink.clinical.results.release import Category
from wardlink.i18n import N_, gettext
from wardlink.messages.alerts import AlertDeed, AlertState, AlertView
from wardlink.messages.exception_words import kind_text
from wardlink.messages.exceptions import ExceptionKind

STATES: Mapping[AlertState, str] = {
    "raised": N_("with others"),
    "offered": N_("nobody has it yet"),
    "accepted": N_("taken"),
    "arrived": N_("somebody is there"),
    "resolved": N_("dealt with"),
}
PRIORITIES: Mapping[Priority, str] = {
    "high": N_("high priority"),
    "medium": N_("medium priority"),
    "low": N_("low priority"),
}
ROLES: Mapping[str, str] = {
    "nurse": N_("nurses"),
    "charge-nurse": N_("charge nurse"),
    "head-nurse": N_("head nurse"),
    "doctor": N_("doctor"),
}
_DEEDS: Mapping[AlertDeed, str] = {
    "raised": N_("raised"),
    "offered": N_("offered to: {to}"),
    "worse": N_("has become worse"),
    "timed-out": N_("nobody arrived in time"),
    "accepted": N_("{who} took it"),
    "refused": N_("{who} could not: {reason}"),
    "handed-on": N_("{who} handed it on to {to}: {reason}"),
    "arrived": N_("{who} is there"),
    "resolved": N_("{who} dealt with it: {reason}"),
    "gone": N_("its cause is gone"),
    "back": N_("its cause is back"),
}
_UNITS: Mapping[str, str] = {"spo2_pct": "%", "hr_per_min": "/min", "pulse_per_min": "/min"}
_TAKEN = N_("{who} has it")
_SOON = N_("{who} comes in {n} min")
_THERE = N_("{who} is there")
_MANY = N_("{what}: {n} of them")
_SILENT = N_("{device} has not been heard")
_BY_FAMILY = N_("pressed by the family")
_LEFT = N_("about {ml} mL left")


def marked(view: AlertView) -> str:
    """The marks of its priority: three stars, two, or one."""
    return MARKS[view.priority]


def title(view: AlertView) -> str:
    """What has happened, in a few words."""
    what = alert_rule(view.code).text()
    if view.code.startswith("news2") and "news2" in view.detail:
        total = f"NEWS2 {view.detail['news2']}"
        return f"{total} · {what}" if view.code == "news2-red" else total
    return gettext(_MANY).format(what=what, n=view.members) if view.members else what


def detail_text(view: AlertView) -> str:
    """The figures behind it, in one line; empty where there are none."""
    found = view.detail
    parts = []
    if "news2" in found and not view.code.startswith("news2"):
        parts.append(f"NEWS2 {found['news2']}")
    parts += [f"{ITEMS[key].text()} {found[key]}{_UNITS.get(key, '')}" for key in found if key in ITEMS]
    if found.get("reason") in call_reasons():
        parts.append(call_reasons()[found["reason"]].label_text())
    if found.get("by") == "family":
        parts.append(gettext(_BY_FAMILY))
    if "drug" in found:
        parts.append(found["drug"])
    if "left_ml" in found:
        parts.append(gettext(_LEFT).format(ml=found["left_ml"]))
    if "device" in found:
        parts.append(gettext(_SILENT).format(device=found["device"]))
    if found.get("result") in get_args(Category):
        parts.append(category_text(cast(Category, found["result"])))
    if found.get("kind") in get_args(ExceptionKind):
        parts.append(kind_text(cast(ExceptionKind, found["kind"])))
    return " · ".join(part for part in parts if part)


def priority_text(priority: Priority) -> str:
    """How urgent it is, in words."""
    return gettext(PRIORITIES[priority])


def state_text(view: AlertView) -> str:
    """How far it is, and with whom."""
    if view.state == "arrived" and view.arrived_name:
        return gettext(_THERE).format(who=view.arrived_name)
    if view.state == "accepted" and view.accepted_name:
        words = _TAKEN if view.eta_min is None else _SOON
        return gettext(words).format(who=view.accepted_name, n=view.eta_min)
    return gettext(STATES[view.state])


def role_text(role: str) -> str:
    """A role of the chain in words; another name as it is."""
    return gettext(ROLES[role]) if role in ROLES else role


def event_text(view: AlertView, index: int) -> str:
    """One line of its story, without its time."""
    event = view.events[index]
    who = event.by_name or (event.by.id if event.by else "")
    to = role_text(event.to or "")
    return gettext(_DEEDS[event.deed]).format(who=who, to=to, reason=event.reason or "")
