"""What goes into a patient and what comes out: the kinds that a nurse chooses from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from wardlink.clinical.codes import Coded
from wardlink.clinical.tables import load
from wardlink.i18n import N_, gettext

Direction = Literal["intake", "output"]
DIRECTIONS: tuple[Direction, ...] = ("intake", "output")


class Manner(Coded):
    """How urine or stool came."""

    SPONTANEOUS = "spontaneous", N_("By itself")
    CATHETER = "catheter", N_("By catheter")
    INCONTINENT = "incontinent", N_("Incontinent")
    STOMA = "stoma", N_("By stoma")


@dataclass(frozen=True)
class FluidKind:
    """One kind. `key`: the key that picks it. `manners`: how it may have come, the first one if nobody says.

    `wants_volume`: without a volume the sum is not whole. `counts`: how often is what matters. `estimated`: nobody
    measures it. `needs_site`: it is added up by site, so the site must be said.
    """

    direction: Direction
    code: str
    label: str
    key: str
    wants_volume: bool
    estimated: bool = False
    takes_site: bool = False
    needs_site: bool = False
    counts: bool = False
    manners: tuple[Manner, ...] = ()

    def text(self) -> str:
        """Its name, in the language of this context."""
        return gettext(self.label)


@cache
def fluid_kinds(direction: Direction) -> Mapping[str, FluidKind]:
    """The kinds of one direction by their code, in the order of the cart."""
    return {code: _kind(direction, code, row) for code, row in load("fluid_balance")["kinds"][direction].items()}


def _kind(direction: Direction, code: str, row: Mapping[str, Any]) -> FluidKind:
    flags = {name: row[name] for name in ("estimated", "takes_site", "needs_site", "counts") if name in row}
    manners = tuple(manner for manner in Manner if manner.value in row.get("manners", ()))
    return FluidKind(direction, code, row["label"], row["key"], row["wants_volume"], manners=manners, **flags)


def fluid_text(direction: Direction, code: str) -> str:
    """The name of a kind; a code that the table does not know stands for itself."""
    kind = fluid_kinds(direction).get(code)
    return code if kind is None else kind.text()


class Amount(Coded):
    """How a volume is known."""

    MEASURED = "measured", N_("measured")
    ESTIMATED = "estimated", N_("estimated")
