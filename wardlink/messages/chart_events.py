"""What a nurse marks on the temperature chart (体温单) that is no reading: operations, absences, coolings."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Marked = Literal["surgery", "delivery", "death", "out", "leave", "refused", "cooling", "paced", "paced-end", "plotted"]
"""`out`, `leave` and `refused`: nothing could be measured, so the lines break. `cooling`: by drugs or by cold. `paced`
and `paced-end`: from when and until when a pacemaker sets the rhythm. `plotted`: this set of vital signs stands in its
column (入体温单), whatever else was measured there. Admission, transfer and discharge are known of the stay and are not
marked."""


class RecordChartEvent(Message):
    """Fact: this happened to the patient. When, and to whom, stand in the envelope.

    `vitals`: the set that is `plotted`; the envelope then says when it was measured.
    """

    what: Marked
    vitals: Id | None = None
    note: str | None = Field(default=None, max_length=200)

    @model_validator(mode="after")
    def _names_its_set(self) -> Self:
        if (self.what == "plotted") != (self.vitals is not None):
            raise ValueError("a set is named where one is plotted, and nowhere else")
        return self


class StrikeChartEvent(Message):
    """Fact: this was marked by mistake; it stays readable, with the reason."""

    event: Id
    reason: str = Field(min_length=1, max_length=200)


class ChartEventView(RecordView):
    """Change `chart-event.changed`. On a device `received_at` is None until the server has it."""

    what: Marked
    vitals: Id | None = None
    at: Instant
    entered_at: Instant
    note: str | None = None
    by: Actor
    by_name: str | None = None
    received_at: Instant | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None
