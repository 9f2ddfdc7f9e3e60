"""What a check of an entry says, and what it must know to say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import gettext


class Severity(StrEnum):
    """What the form does with a finding."""

    HARD = "hard"  # cannot be saved
    ASK = "ask"  # saved once a second value or a reason is given
    SOFT = "soft"  # saved after an explicit confirmation


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or doubtful about an entry.

    `code` is stable and unique within a set: it is what `RecordVitals.confirmed` holds. `message` is a
    message id; only `text()` is for people.
    """

    severity: Severity
    code: str
    fields: tuple[str, ...]
    message: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def text(self) -> str:
        """The sentence for the nurse, in the language of this context."""
        return gettext(self.message).format_map(dict(self.params))


def hard(code: str, fields: tuple[str, ...], message: str, **params: object) -> Finding:
    """A finding that keeps the entry from being saved."""
    return Finding(Severity.HARD, code, fields, message, MappingProxyType(params))


def ask(code: str, fields: tuple[str, ...], message: str, **params: object) -> Finding:
    """A finding that goes away when its second value or reason has been given."""
    return Finding(Severity.ASK, code, fields, message, MappingProxyType(params))


def soft(code: str, fields: tuple[str, ...], message: str, **params: object) -> Finding:
    """A finding that a person may confirm."""
    return Finding(Severity.SOFT, code, fields, message, MappingProxyType(params))


@dataclass(frozen=True)
class CheckContext:
    """What a check knows beside the readings.

    Args:
        source: who gave the numbers. A monitor keeps its decimals, and nobody stands there to be asked.
        now: this instant, aware.
        measured_at: when the readings were taken, aware.
        last: the newest earlier weight and height, wherever they come from.
        age_years: None where unknown; then the limits for adults hold.
        discharged_at: the end of the stay, if it has ended.
        late_reason: why the entry comes more than a day late.
        not_measured: field name to a code of `NotMeasured`.
        pulse_deficit_counted: two nurses have counted heart and pulse at the same time for a minute.
    """

    source: Literal["manual", "monitor"]
    now: datetime
    measured_at: datetime
    last: VitalSet | None = None
    age_years: int | None = None
    discharged_at: datetime | None = None
    late_reason: str | None = None
    not_measured: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pulse_deficit_counted: bool = False

    def __post_init__(self) -> None:
        for at in (self.now, self.measured_at, self.discharged_at):
            if at is not None and at.tzinfo is None:
                raise ValueError("an instant needs a time zone")
