"""The states of an order and of a refund, read from `states.toml`. Pure; the service writes what this allows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


class NoMove(LookupError):
    """This cannot happen in this state: a fault of the program, never of a person."""


@dataclass(frozen=True)
class Machine:
    """One life. `groups` are sets of states under a name, as `open`."""

    start: str
    moves: dict[tuple[str, str], str]
    groups: dict[str, frozenset[str]]

    @property
    def states(self) -> frozenset[str]:
        """Every state there is."""
        return frozenset({self.start, *self.moves.values()})

    @property
    def acts(self) -> frozenset[str]:
        """Everything that can happen."""
        return frozenset(act for _, act in self.moves)

    def after(self, state: str, act: str) -> str:
        """The state after this.

        Raises:
            NoMove: it cannot happen in this state.
        """
        try:
            return self.moves[state, act]
        except KeyError:
            raise NoMove(f"{act} in {state}") from None

    def before(self, act: str) -> frozenset[str]:
        """The states in which this can happen: the condition of the update that writes it."""
        return frozenset(state for state, known in self.moves if known == act)

    def to(self, act: str) -> str:
        """The state that this leads to, whatever it was before."""
        (found,) = {state for (_, known), state in self.moves.items() if known == act}
        return found


def _machine(table: dict[str, Any]) -> Machine:
    moves = {(state, move["act"]): move["to"] for move in table["move"] for state in move["from"]}
    groups = {name: frozenset(value) for name, value in table.items() if name not in ("start", "move")}
    return Machine(table["start"], moves, groups)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("states.toml").read_text("utf-8"))


@cache
def order_machine() -> Machine:
    """The life of a payment order."""
    return _machine(_tables()["order"])


@cache
def refund_machine() -> Machine:
    """The life of a refund."""
    return _machine(_tables()["refund"])
