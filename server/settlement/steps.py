"""The steps of a settlement as data (`steps.toml`), and their names in words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from wardlink.i18n import N_, domain

_ = domain("server").gettext

StepName = Literal[
    "tasks",
    "audit",
    "upload",
    "presettle",
    "decide",
    "confirm",
    "settle",
    "collect",
    "book",
    "refund",
    "receipt",
    "done",
]

NAMES: Mapping[str, str] = {
    "tasks": N_("Orders and tasks are closed"),
    "audit": N_("The bill is checked"),
    "upload": N_("The insurance has the lines of the bill"),
    "presettle": N_("Worked out who pays what"),
    "decide": N_("Decided whether to go by the estimate"),
    "confirm": N_("The patient agrees"),
    "settle": N_("The insurance has settled"),
    "collect": N_("What was missing is paid"),
    "book": N_("The own part is taken from the deposit"),
    "refund": N_("The rest is given back"),
    "receipt": N_("The receipt is written"),
    "done": N_("Settled"),
}


@dataclass(frozen=True)
class Step:
    """One step. `person`: somebody must say so. `at_bed`: the patient's own terminal may take part."""

    name: StepName
    person: bool = False
    at_bed: bool = False


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("steps.toml").read_text("utf-8"))


@cache
def steps() -> tuple[Step, ...]:
    """The steps in their order; after the last comes `done`."""
    return tuple(Step(**row) for row in _table()["step"])


@cache
def open_kinds() -> tuple[str, ...]:
    """The kinds of the ward record of which none may wait any more."""
    return tuple(_table()["open_kinds"])


def after(name: str) -> StepName:
    """The step that comes after this one.

    Raises:
        ValueError: there is no such step.
    """
    names = [step.name for step in steps()]
    at = names.index(name)  # type: ignore[arg-type]
    return names[at + 1] if at + 1 < len(names) else "done"


def is_at_bed(name: str) -> bool:
    """Whether the patient's own terminal may take part in this step."""
    return name == "done" or any(step.at_bed for step in steps() if step.name == name)


def name_of(name: str) -> str:
    """What is true after this step, in words."""
    return _(NAMES[name])
