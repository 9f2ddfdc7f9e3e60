"""The ways a drug is given, and what each of them asks for beside the usual checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from wardlink.clinical.frequencies import Schedule
from wardlink.clinical.tables import load
from wardlink.i18n import gettext


@dataclass(frozen=True)
class Route:
    """One way. `infusion`: it takes time, is patrolled and ends; `two_people`: two nurses check before it is given."""

    code: str
    label: str
    schedule: Schedule
    aliases: tuple[str, ...] = ()
    infusion: bool = False
    two_people: bool = False
    rate_checked_by_two: bool = False
    check_tube: bool = False

    def label_text(self) -> str:
        """What it means, in words."""
        return gettext(self.label)


@cache
def routes() -> Mapping[str, Route]:
    """The routes by their code."""
    return {code: _route(code, row) for code, row in load("routes")["routes"].items()}


def _route(code: str, row: Mapping[str, Any]) -> Route:
    return Route(
        code=code,
        label=row["label"],
        schedule=row["schedule"],
        aliases=tuple(row.get("aliases", ())),
        infusion=row.get("infusion", False),
        two_people=row.get("two_people", False),
        rate_checked_by_two=row.get("rate_checked_by_two", False),
        check_tube=row.get("check_tube", False),
    )


def route_written(text: str) -> Route | None:
    """The route that a doctor means by `text`: its code or one of the old abbreviations; None if it is none.

    `ih` is hypodermic: under the skin (ward domain sheet 4.3).
    """
    wanted = " ".join(text.lower().split())
    return next((route for route in routes().values() if wanted in (route.code, *route.aliases)), None)
