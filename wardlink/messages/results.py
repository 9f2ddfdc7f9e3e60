"""Results of the laboratory and of imaging: as they come in, and as the terminal of a bed is told of them.

Names after FHIR R4 DiagnosticReport and Observation; codes are LOINC, units UCUM. None of it is a command or a change:
results lie on the server, and a bed is told of a released one when its patient asks.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from wardlink.clinical.results.release import Category, Flag, Status
from wardlink.ids import Id
from wardlink.messages.base import Instant, Message

Number = Annotated[Decimal, Field(max_digits=15, decimal_places=6)]
"""A value with the digits that the laboratory gave: 7.50 stays 7.50."""

Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z._-]+$")]
MOST_ITEMS = 200


class ResultItem(Message):
    """One Observation: a number with its unit, or a text.

    `comparator`: the value lies beyond what could be measured. `low`, `high`: the reference range for this patient.
    """

    code: Code
    name: str = Field(min_length=1, max_length=120)
    value: Number | None = None
    comparator: Literal["<", "<=", ">=", ">"] | None = None
    text: str | None = Field(default=None, min_length=1, max_length=400)
    unit: str | None = Field(default=None, min_length=1, max_length=40)
    low: Number | None = None
    high: Number | None = None
    flag: Flag | None = None


class ReportResult(Message):
    """One version of a DiagnosticReport. `number`: what its laboratory calls it; versions of a report share it.

    `issued_at`: when it was verified, or written where it is not verified yet; `verified_by`: by whom.
    """

    number: str = Field(min_length=1, max_length=60)
    category: Category = "LAB"
    code: Code
    name: str = Field(min_length=1, max_length=120)
    status: Status
    collected_at: Instant | None = None
    issued_at: Instant | None = None
    verified_by: str | None = Field(default=None, min_length=1, max_length=60)
    items: tuple[ResultItem, ...] = Field(default=(), max_length=MOST_ITEMS)
    conclusion: str | None = Field(default=None, min_length=1, max_length=4_000)


Shown = Literal["final", "corrected", "reviewed", "withdrawn"]
"""`reviewed`: a later version is not released yet. `withdrawn`: the laboratory has taken it back."""


class ResultLine(Message):
    """A released report in a list. `is_new`: nobody has opened this version at the bed. `beyond`: so many values lie
    outside their range."""

    id: Id
    code: str
    name: str
    category: Category
    issued_at: Instant
    state: Shown
    is_new: bool
    beyond: int = 0


class Results(Message):
    """Everything released of a stay, the newest first."""

    lines: tuple[ResultLine, ...] = ()


class NewResults(Message):
    """How many released reports nobody has opened yet."""

    new: int


class Former(Message):
    """The value of the same test in an earlier report, in the same unit."""

    at: Instant
    value: Number
    comparator: str | None = None


class ResultValue(ResultItem):
    """A value with its former ones, the oldest first."""

    former: tuple[Former, ...] = ()


class FormerVersion(Message):
    """What stood in a report before it was corrected."""

    issued_at: Instant
    items: tuple[ResultItem, ...] = ()
    conclusion: str | None = None


class ResultPage(Message):
    """A released report whole. `before`: of a corrected one the version before, if that was released."""

    line: ResultLine
    collected_at: Instant | None = None
    verified_by: str | None = None
    items: tuple[ResultValue, ...] = ()
    conclusion: str | None = None
    before: FormerVersion | None = None
