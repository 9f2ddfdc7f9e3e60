"""How patients are isolated: the table of precautions, with their signs. Cart, server and board ask here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from wardlink.clinical.tables import load
from wardlink.i18n import gettext

Precaution = Literal["airborne", "droplet", "contact", "protective"]


@dataclass(frozen=True)
class Rule:
    """One precaution: `sign` for a row, `mark` for a heading, `text` for whoever goes in, `colour` of the card."""

    code: Precaution
    sign: str
    mark: str
    text: str
    colour: str

    def mark_text(self) -> str:
        """Its name."""
        return gettext(self.mark)

    def rule_text(self) -> str:
        """What whoever goes in must do."""
        return gettext(self.text)


@cache
def precautions() -> Mapping[str, Rule]:
    """The precautions by their code, the strictest first."""
    return {code: _rule(code, row) for code, row in load("isolation")["precautions"].items()}


def _rule(code: str, row: Mapping[str, Any]) -> Rule:
    return Rule(cast(Precaution, code), row["sign"], row["mark"], row["text"], row["colour"])
