"""The bench of a day's bills, small: what it finds is what was put in."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.bench import report
from workbench.bench.reconcile import Order, measure


@pytest.mark.slow
def test_a_small_day_is_compared_by_both_sides(tmp_path: Path) -> None:
    """Of 1,100 lines a few are on one side alone; the table and the JSON name both channels."""
    result = measure(Order(tmp_path, 1_250, 1))

    assert [each.channel for each in result.compared] == ["wechat", "alipay"]
    for each in result.compared:
        # Numbers 1 and 1,001 are not in our books, 2 and 1,002 not in the bill.
        assert each.differences == 4
        assert each.seconds > 0
    assert {goal.name for goal in result.goals} == {
        f"{name}: {what}" for name in ("wechat", "alipay") for what in ("seconds", "MB")
    }
    assert "wechat" in report.reconcile(result)
    assert '"goals_met"' in report.as_json(result)
