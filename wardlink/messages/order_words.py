"""The words of orders, in one place for the cart and the pages."""

from __future__ import annotations

from collections.abc import Mapping

from wardlink.clinical.dose_states import DoseState
from wardlink.clinical.frequencies import frequencies
from wardlink.clinical.order_states import OrderState
from wardlink.clinical.routes import routes
from wardlink.i18n import N_, gettext, language
from wardlink.messages.orders import OrderedDrug, OrderKind, OrderView

STATES: Mapping[OrderState, str] = {
    "issued": N_("new"),
    "reviewed": N_("reviewed"),
    "transcribed": N_("taken over"),
    "active": N_("active"),
    "on-hold": N_("on hold"),
    "stopped": N_("stopped"),
    "completed": N_("completed"),
    "rejected": N_("sent back"),
    "cancelled": N_("order taken back"),
    "entered-in-error": N_("in error"),
}
KINDS: Mapping[OrderKind, str] = {
    "standing": N_("long-term"),
    "temporary": N_("once only"),
    "standing-prn": N_("as needed"),
    "temporary-prn": N_("once, if needed"),
    "verbal": N_("verbal"),
    "instruction": N_("instruction"),
}
_STEPS: Mapping[str, str] = {
    "review": N_("reviewed"),
    "reject": N_("sent back"),
    "transcribe": N_("taken over"),
    "check": N_("checked"),
    "hold": N_("put on hold"),
    "resume": N_("resumed"),
    "stop": N_("stopped"),
    "complete": N_("completed"),
    "cancel": N_("order taken back"),
    "mark-wrong": N_("marked as wrong"),
}
_DOSES: Mapping[DoseState, str] = {
    "planned": N_("to be given"),
    "running": N_("running"),
    "paused": N_("paused"),
    "done": N_("given"),
    "held": N_("held"),
    "refused": N_("refused by the patient"),
    "missed": N_("missed"),
    "cancelled": N_("cancelled"),
}
_RESULTS: Mapping[str, str] = {
    "negative": N_("negative (-)"),
    "positive": N_("positive (+)"),
    "doubtful": N_("doubtful (±)"),
}
ENTRIES: Mapping[str, str] = {
    "give": N_("given"),
    "start": N_("started"),
    "patrol": N_("looked after"),
    "pause": N_("paused"),
    "resume": N_("runs again"),
    "end": N_("ended"),
    "hold": N_("held"),
    "refuse": N_("refused by the patient"),
    "miss": N_("missed"),
}


def dose_text(state: DoseState) -> str:
    """Where a dose stands."""
    return gettext(_DOSES[state])


def result_text(result: str) -> str:
    """The result of a skin test."""
    return gettext(_RESULTS[result]) if result in _RESULTS else result


def entry_text(act: str) -> str:
    """What an entry says of a dose; one that is not known stands for itself."""
    return gettext(ENTRIES[act]) if act in ENTRIES else act


def state_text(state: OrderState) -> str:
    """Where the order stands."""
    return gettext(STATES[state])


def kind_text(kind: OrderKind) -> str:
    """For how long it is meant."""
    return gettext(KINDS[kind])


def step_text(what: str) -> str:
    """What was done about it; a step that is not known stands for itself."""
    return gettext(_STEPS[what]) if what in _STEPS else what


def what_text(order: OrderView) -> str:
    """What is to be given or done, in a line, as it was written."""
    return " + ".join(drug_text(item) for item in order.items) or order.text or "—"


def how_text(order: OrderView) -> str:
    """By which way and how often."""
    route = routes().get(order.route or "")
    parts = [route.label_text() if route else "", often_text(order)]
    if order.rate_ml_per_h is not None:
        parts.append(f"{order.rate_ml_per_h:g} mL/h")
    return " · ".join(part for part in parts if part)


def often_text(order: OrderView) -> str:
    """How often, in words; a code of the hospital's own with the hospital's words, one that nobody knows as written."""
    if order.frequency_label is not None:
        return f"{order.frequency} {order.frequency_label}"
    frequency = frequencies().get(order.frequency)
    return frequency.label_text() if frequency else order.frequency


def alert_text(order: OrderView) -> str:
    """What must not be overlooked about its drugs; empty if nothing."""
    grades = sorted({item.high_alert for item in order.items if item.high_alert})
    said = [gettext("high-alert {grade}").format(grade="/".join(grades))] if grades else []
    if any(item.skin_test for item in order.items):
        said.append(gettext("skin test"))
    return " · ".join(said)


def drug_text(item: OrderedDrug) -> str:
    """One drug with its dose."""
    name = item.name_zh if language() == "zh_CN" else item.name_en
    return f"{name} {item.dose:g} {item.unit}"
