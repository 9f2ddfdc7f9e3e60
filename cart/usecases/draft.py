"""A set of vital signs while it is being typed: what stands in the form, and what it means so far. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from wardlink.clinical.codes import Comparator, O2Mode
from wardlink.clinical.items import ITEMS
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from wardlink.clinical.findings import Finding

_ = domain("cart").gettext

USUAL = (
    "temp_c",
    "temp_method",
    "pulse_per_min",
    "rr_per_min",
    "sbp_mmhg",
    "dbp_mmhg",
    "spo2_pct",
    "o2_mode",
    "acvpu",
    "pain_nrs",
)
"""The first page, in the order in which a round is made: the readings that NEWS2 scores, and pain."""

OTHERS = (
    "hr_per_min",
    "map_mmhg",
    "abp_sbp_mmhg",
    "abp_dbp_mmhg",
    "abp_map_mmhg",
    "o2_flow_l_per_min",
    "fio2_pct",
    "gcs_eye",
    "gcs_verbal",
    "gcs_motor",
    "glucose_mmol_per_l",
    "glucose_slot",
    "weight_kg",
    "height_cm",
    "intake_24h_ml",
    "urine_24h_ml",
    "output_24h_ml",
    "stool",
)
"""The second page. Supplemental oxygen follows from its device, LO and HI are typed into the glucose."""

COUNTED_FIELDS = ("hr_per_min", "pulse_per_min")
"""What two nurses count at the same time."""

METHOD_IF_NOT_SAID = "axillary"
"""Where a ward takes temperatures unless somebody says otherwise: shown in the form, and changed by a key."""

_STANDS_FOR = str.maketrans({"。": ".", "．": ".", "*": "※", "^": "☆"})
_METER = {"lo": Comparator.LOW, "<": Comparator.LOW, "hi": Comparator.HIGH, ">": Comparator.HIGH}

NOT_A_NUMBER = N_("“{typed}” is not a number.")
NOT_WHOLE = N_("“{typed}” is not a whole number.")
TOO_LONG = N_("“{typed}” is too long.")
NOT_A_TIME = N_("“{typed}” is not a time. Type 14:30 or 11-23 14:30, or leave it empty for now.")
_UNREADABLE = {"integer": NOT_WHOLE, "number": NOT_A_NUMBER, "text": TOO_LONG, "code": TOO_LONG}
LONGEST_TEXT = 20
"""Characters of a reading that is no number; also what fits of any typed text into a sentence about it."""


@dataclass(frozen=True)
class Draft:
    """What stands in the form. `texts`: by field, as typed, or the code that was picked.

    `reasons`: why a reading has no value. `confirmed`: findings that the nurse has looked at and stands by; a
    changed value is confirmed anew. `counted`: two nurses have counted heart and
    pulse at the same time. `partial_reason`: why the round is not whole.
    """

    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    at: str = ""
    late_reason: str = ""
    partial_reason: str = ""
    note: str = ""
    counted: bool = False
    confirmed: frozenset[Finding] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing worth keeping."""
        return not (any(self.texts.values()) or self.reasons or self.at or self.late_reason or self.note)

    def typed(self, key: str, text: str) -> Draft:
        """With this text in a field; a reason why it has no value is gone, and so is what was said of the old one."""
        if text == self.texts.get(key, "") and (key not in self.reasons or not text):
            return self
        reasons = {name: code for name, code in self.reasons.items() if name != key or not text}
        return replace(self._changed(key), texts={**self.texts, key: text}, reasons=reasons)

    def not_measured(self, key: str, reason: str | None) -> Draft:
        """With a reason in place of a value, or without one."""
        reasons = {name: code for name, code in self.reasons.items() if name != key}
        if reason is not None:
            reasons[key] = reason
        return replace(self._changed(key), texts={**self.texts, key: ""}, reasons=reasons)

    def _changed(self, key: str) -> Draft:
        # A word given for one value must not stand for another that happens to ask the same question.
        confirmed = frozenset(finding for finding in self.confirmed if key not in finding.fields)
        return replace(self, confirmed=confirmed, counted=self.counted and key not in COUNTED_FIELDS)


@dataclass(frozen=True)
class Unreadable:
    """A field whose text is nothing that could be checked."""

    key: str
    message: str
    typed: str

    def text(self) -> str:
        """The sentence for the nurse."""
        return _(self.message).format(typed=self.typed)


def read(draft: Draft) -> tuple[VitalSet, tuple[Unreadable, ...]]:
    """The readings that stand in the form, and the fields that say nothing readable."""
    values: dict[str, Any] = {}
    unreadable: list[Unreadable] = []
    for key in (*USUAL, *OTHERS):
        typed = unicodedata.normalize("NFKC", draft.texts.get(key, "").strip())
        if not typed:
            continue
        if key == "glucose_mmol_per_l" and typed.casefold() in _METER:
            values["glucose_comparator"] = _METER[typed.casefold()].value
            continue
        try:
            values[key] = _value(key, typed)
        except ValueError:
            unreadable.append(Unreadable(key, _UNREADABLE[ITEMS[key].kind], clip(plain(typed), LONGEST_TEXT)))
    if values.get("temp_c") is None:
        values.pop("temp_method", None)
    if "o2_mode" in values:
        values["o2_on"] = values["o2_mode"] != O2Mode.AIR
    return VitalSet(**values), tuple(unreadable)


def _value(key: str, typed: str) -> float | int | str:
    text = typed.translate(_STANDS_FOR)
    kind = ITEMS[key].kind
    if kind in ("text", "code") and len(text) > LONGEST_TEXT:
        raise ValueError(text)
    if kind == "integer":
        return _digits(text, int)
    return _digits(text, float) if kind == "number" else text


def _digits(text: str, kind: type[int] | type[float]) -> float | int:
    # float() would also take "1e3", "inf" and "1_000", none of which anybody means at a bed.
    if not text.isascii() or not text.removeprefix("-").replace(".", "", 1).isdigit():
        raise ValueError(text)
    return kind(text)


def measured_at(draft: Draft, now: datetime) -> datetime | None:
    """When the readings were taken: now, unless a time was typed; None where it is no time.

    A time without a day is today's, also when that lies ahead: the check will say so, and nothing is guessed.
    """
    typed = unicodedata.normalize("NFKC", draft.at).strip()
    if not typed:
        return now
    day, _space, clock = typed.rpartition(" ")
    digits = clock.replace(":", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in (3, 4)):
        return None
    try:
        at = time(int(digits[:-2]), int(digits[-2:]))
        here = ward_time(now)
        on = here.date() if not day else datetime.strptime(f"{here.year}-{day.strip()}", "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        return None
    found = datetime.combine(on, at, WARD_ZONE)
    # "12-31" typed in January means last year's.
    if day and found - now > timedelta(days=180):
        found = found.replace(year=found.year - 1)
    return found
