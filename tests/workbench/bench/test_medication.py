"""The bench of medication safety, small: every line of the page is asked for, and what it measures is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.dashboard.medication.asked import SPLITS
from workbench.bench import report
from workbench.bench.medication import Order, measure


@pytest.mark.slow
def test_a_small_hospital_is_asked_for_every_line(tmp_path: Path) -> None:
    """A goal for each; the table and the JSON name them."""
    result = measure(Order(tmp_path, days=2, per_bed=1, rounds=1))

    assert [(each.line, each.days) for each in result.read] == [(split, 2) for split in SPLITS]
    assert result.doses == 2 * 1_332
    assert all(each.seconds > 0 for each in result.read)
    assert len(result.goals) == len(SPLITS)
    assert "person" in report.medication(result)
    assert '"goals_met"' in report.as_json(result)
