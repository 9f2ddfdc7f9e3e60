"""A due thing, and the facts of one stay from which all of them follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, TypeVar, cast

from wardlink.clinical.dose_checks import drug_name
from wardlink.clinical.tables import load
from wardlink.i18n import gettext
from wardlink.messages.encounters import EncounterView
from wardlink.messages.orders import OrderedDrug
from wardlink.messages.records import RecordView
from wardlink.record.due.measured import Measured
from wardlink.record.kind import Kind

V = TypeVar("V", bound=RecordView)

Code = Literal["vitals", "cooling", "round", "dose", "patrol", "bag", "skin-test", "pain", "assessment", "reminder"]
"""What kind of thing is due; it says on which page it is done."""

ForRole = Literal["nurse"]


@dataclass(frozen=True)
class Due:
    """One thing that somebody must do about one stay.

    Args:
        due_at: when it should be done.
        opens_at, closes_at: the window around it, both ends in it; past its end it is overdue.
        why: the id of the record from which it follows; None where it follows from the stay alone.
        text_id: message id of its words; `params` go into them, `{drugs}` are the drugs' names, and `{about}` is the
            translated message id `about`.
    """

    code: Code
    encounter: str
    bed: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    why: str | None
    text_id: str
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    drugs: tuple[OrderedDrug, ...] = ()
    about: str | None = None
    for_role: ForRole = "nurse"

    @property
    def key(self) -> str:
        """The same as long as it is the same thing; another once it was done and is due again after that."""
        return f"{self.code}:{self.encounter}:{self.why or ''}"

    def is_open(self, now: datetime) -> bool:
        """Whether it may be done now without being early."""
        return now >= self.opens_at

    def is_due(self, now: datetime) -> bool:
        """Whether its time has come."""
        return now >= self.due_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is too late for doing it in time."""
        return now > self.closes_at

    def overdue_since(self, now: datetime) -> datetime | None:
        """Since when it is overdue; None while it is not."""
        return self.closes_at if self.is_overdue(now) else None

    def text(self) -> str:
        """What to do, in the language of this context."""
        drugs = " + ".join(f"{drug_name(item)} {item.dose:g} {item.unit}" for item in self.drugs)
        about = gettext(self.about) if self.about else ""
        return gettext(self.text_id).format_map({**self.params, "drugs": drugs, "about": about})


@dataclass(frozen=True)
class Facts:
    """Everything known of one stay that makes something due.

    `records`: by the names of `NEEDED` kinds, all that a device holds of each.
    """

    stay: EncounterView
    measured: Measured = field(default_factory=Measured)
    records: Mapping[str, tuple[RecordView, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, kind: Kind[V]) -> tuple[V, ...]:
        """The stay's things of one kind, in their order."""
        return cast("tuple[V, ...]", self.records.get(kind.name, ()))


Source = Callable[[Facts, datetime], "list[Due]"]
"""One reason for things to be due. Pure; it may tell things that are due later as well."""


def grace(name: str) -> timedelta:
    """How long a thing of this row may wait before it is overdue."""
    return timedelta(minutes=load("due")["after"][name]["grace_min"])


def lapses_after(name: str) -> timedelta:
    """After how long nothing is gained by doing it."""
    return timedelta(minutes=load("due")["after"][name]["lapses_after_min"])
