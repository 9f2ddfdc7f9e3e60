"""What can be said as a mark on the chart."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from wardlink.ids import new_id
from wardlink.messages.chart_events import RecordChartEvent


def test_a_plotted_set_is_named_and_nothing_else_names_one() -> None:
    """Half a message says nothing."""
    assert RecordChartEvent(what="plotted", vitals=new_id()).vitals is not None
    for what, vitals in (("plotted", None), ("surgery", new_id())):
        with pytest.raises(ValidationError):
            RecordChartEvent.model_validate({"what": what, "vitals": vitals})
