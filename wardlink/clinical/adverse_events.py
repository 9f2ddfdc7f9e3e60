"""Adverse events of the ward: what is asked about each kind, and which of them the KPIs count.

The desk asks by this table, the server keeps by it and the KPIs count by it. Source: ward domain sheet 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

from wardlink.clinical.tables import load
from wardlink.errors import InvalidInput
from wardlink.i18n import N_, gettext

Asked = Literal["harm", "stage", "began", "tube", "infection"]
ASKED: tuple[Asked, ...] = get_args(Asked)

_UNKNOWN_KIND = N_("Please say what happened.")
_MISSING: Mapping[Asked, str] = {
    "harm": N_("Please say how badly it hurt."),
    "stage": N_("Please say which stage the pressure injury has."),
    "began": N_("Please say whether it began in this ward."),
    "tube": N_("Please say which tube it was."),
    "infection": N_("Please say which infection it was."),
}


@cache
def event_kinds() -> tuple[str, ...]:
    """Every kind, in the order of the form."""
    return tuple(load("adverse_events")["kinds"])


@cache
def devices() -> tuple[str, ...]:
    """Tubes and machines whose days are counted."""
    return (*load("adverse_events")["tube"], *load("adverse_events")["device"])


def device_text(device: str) -> str:
    """What it is called."""
    return _label("tube" if device in load("adverse_events")["tube"] else "device", device)


@cache
def asks(kind: str) -> frozenset[str]:
    """What has to be said of this kind."""
    return frozenset(load("adverse_events")["kinds"][kind]["asks"])


@cache
def answers(asked: Asked) -> tuple[str, ...]:
    """What can be said to it."""
    return tuple(load("adverse_events")[asked])


def kind_text(kind: str) -> str:
    """What happened, in words."""
    return _label("kinds", kind)


def answer_text(asked: Asked, code: str) -> str:
    """What was said to it, in words."""
    return _label(asked, code)


def told(kind: str, said: Mapping[str, str]) -> dict[str, str | None]:
    """What is kept of what was said about an event of this kind: what it asks for, and nothing else.

    Raises:
        InvalidInput: there is no such kind, or something it asks for was not said.
    """
    if kind not in event_kinds():
        raise InvalidInput(_UNKNOWN_KIND)
    kept: dict[str, str | None] = {}
    for asked in ASKED:
        answer = said.get(asked)
        if asked not in asks(kind):
            kept[asked] = None
        elif answer in answers(asked):
            kept[asked] = answer
        else:
            raise InvalidInput(_MISSING[asked])
    return kept


def harm_of(kind: str, harm: str) -> str:
    """A grade of harm for an event of this kind, said later.

    Raises:
        InvalidInput: there is no such grade, or the kind has none.
    """
    if "harm" not in asks(kind) or harm not in answers("harm"):
        raise InvalidInput(_MISSING["harm"])
    return harm


def is_harm(harm: str | None) -> bool:
    """Whether somebody was hurt."""
    return harm is not None and bool(load("adverse_events")["harm"][harm]["harmed"])


def is_new_injury(kind: str, stage: str | None, began: str | None) -> bool:
    """Whether it is a pressure injury that counts as one of this ward: new here, of stage 2 or worse."""
    if kind != "pressure-injury" or stage is None or began is None:
        return False
    table = load("adverse_events")
    return bool(table["stage"][stage]["counts"] and table["began"][began]["counts"])


def terms_of(
    kind: str, harm: str | None, *, tube: str | None = None, infection: str | None = None, of_patient: bool
) -> Mapping[str, int]:
    """What one event adds to the terms of the KPIs; new pressure injuries count by patient, elsewhere.

    A visitor's event is none of the patients'.
    """
    if not of_patient:
        return {}
    if kind == "fall":
        return {"falls": 1, "falls_harmed": int(is_harm(harm))}
    if kind == "tube" and tube is not None:
        return {f"slipped_{tube}": 1}
    if kind == "infection" and infection is not None:
        return {infection: 1}
    return {"medication-error": {"medication_errors": 1}, "near-miss": {"near_misses": 1}}.get(kind, {})


def _label(table: str, code: str) -> str:
    label: str = load("adverse_events")[table][code]["label"]
    return gettext(label)
