"""The bench of the KPIs, small: every question has an answer on both engines, and what it measures is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres import needs_postgres, running_cluster
from workbench.bench import report
from workbench.bench.kpis import Order, measure


@needs_postgres
@pytest.mark.postgres
@pytest.mark.slow
def test_a_small_hospital_is_asked_on_both_engines(tmp_path: Path) -> None:
    """The table and the JSON name each question; a goal for each one about the whole hospital."""
    with running_cluster() as cluster:
        result = measure(Order(tmp_path, 2_000, 16, 1, cluster.url(cluster.create())))

    asked = [(each.engine, each.wards, each.days) for each in result.read]
    assert asked == [(engine, *of) for engine in ("sqlite", "postgresql") for of in ((27, 16), (27, 16), (1, 16))]
    assert all(each.seconds > 0 for each in result.read)
    assert [(each.engine, each.wards) for each in result.waits] == [
        (engine, wards) for engine in ("sqlite", "postgresql") for wards in (27, 1)
    ]
    assert len(result.goals) == 6
    assert "postgresql" in report.kpis(result)
    assert '"goals_met"' in report.as_json(result)
