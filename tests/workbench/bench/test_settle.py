"""The bench of a long settlement, small: all three ways come to their end with every line."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.bench import report
from workbench.bench.settle import WAYS, Order, measure


@pytest.mark.slow
def test_a_short_stay_is_settled_in_every_way(tmp_path: Path) -> None:
    """Sixty lines, and the bed-days that the stay has had; the table and the JSON name each way."""
    result = measure(Order(tmp_path, 60, 1))

    assert [each.way for each in result.settled] == list(WAYS)
    for each in result.settled:
        assert each.lines >= 60
        assert each.seconds > 0
    assert {goal.name for goal in result.goals} == {f"{way}: seconds" for way in WAYS}
    assert "platform" in report.settle(result)
    assert '"goals_met"' in report.as_json(result)
