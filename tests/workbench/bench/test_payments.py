"""The bench of notices, small: every one is answered and credited, by the server and beside it by the floor."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.bench import payments, report
from workbench.bench.payments import NotCredited, Order, measure


@pytest.mark.slow
def test_a_few_notices_are_answered_by_both_sides(tmp_path: Path) -> None:
    """Each of an order of its own; the table and the JSON name both sides."""
    result = measure(Order(tmp_path, per_s=10, seconds=1.0, rounds=1))

    assert [(side.name, side.notices) for side in result.answered] == [("floor", 10), ("Wardlink", 10)]
    assert all(0 < side.p50_ms <= side.p99_ms <= side.slowest_ms for side in result.answered)
    assert "Wardlink" in report.payments(result)
    assert '"goals_met"' in report.as_json(result)


@pytest.mark.slow
def test_a_run_whose_notices_are_not_in_the_ledger_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answered is not enough."""
    monkeypatch.setattr(payments, "_PATH", "/api/v1/pay/notices/nobody")

    with pytest.raises(NotCredited):
        measure(Order(tmp_path, per_s=10, seconds=0.5, rounds=1))
