"""What a kind of record is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from wardlink.messages.commands import Command
from wardlink.messages.records import RecordView

V = TypeVar("V", bound=RecordView)


@dataclass(frozen=True)
class Said:
    """A command with its typed body, and what only the one who folds knows of it.

    `received_at` is None on a device whose command the server does not have yet.
    """

    command: Command
    body: Any
    actor_name: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class Fold(Generic[V]):
    """How one kind of command changes one record.

    `target` names the record by its id; the default is a new record with the command's id. `apply` is given None
    where nobody knows that record, and then answers None if the command alone does not make one. It never raises,
    never forgets what was there, and changes nothing when it is given the same command twice.
    """

    apply: Callable[[V | None, Said], V | None]
    target: Callable[[Command, Any], str] = lambda command, body: command.id


@dataclass(frozen=True)
class Kind(Generic[V]):
    """One kind of record.

    `at` says by which instant records of this kind are put in order. `is_open`: somebody still waits for it, so that
    every device keeps it; a closed one is kept `kept_for` after its `at`, and with `newest_per_stay` only those of
    the newest so many instants of its stay. `state` is a short word for lists.
    `for_bed`: whether the terminal of its bed may hold it; `for_every_bed`: it belongs to the ward, and to all of them.
    """

    name: str
    view: type[V]
    at: Callable[[V], datetime]
    folds: Mapping[str, Fold[V]] = field(default_factory=dict)
    is_open: Callable[[V], bool] = lambda view: False
    state: Callable[[V], str] = lambda view: ""
    kept_for: timedelta = timedelta(hours=72)
    for_bed: bool = False
    for_every_bed: bool = False
    newest_per_stay: int | None = None

    @property
    def change(self) -> str:
        """The kind of change that tells of it."""
        return f"{self.name}.changed"

    def is_kept(self, view: V, now: datetime) -> bool:
        """Whether a device still needs it."""
        return self.is_open(view) or self.at(view) + self.kept_for > now

    def fold(self, view: V | None, said: Said) -> V | None:
        """The record after this command."""
        return self.folds[said.command.kind].apply(view, said)

    def target(self, command: Command, body: Any) -> str:
        """The id of the record that this command changes or makes."""
        return self.folds[command.kind].target(command, body)
