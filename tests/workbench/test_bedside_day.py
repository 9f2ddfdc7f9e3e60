"""A played day at the bed: a short one passes, and what is broken on purpose is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bedside.app import BedsideApp
from workbench.bedside_day.run import Order, measure


def test_some_minutes_of_touching_anything(tmp_path: Path) -> None:
    """On the real program, device, broker and server, with faults; no exception, and nothing stays unsent."""
    result = measure(Order(tmp_path, hours=0.2, seed=3))

    assert result.faults == []
    assert result.unsent == 0
    assert result.acts > 10


def _a_worker_fails(app: BedsideApp) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    app.run_worker(broken, thread=True, exit_on_error=False)


def _a_page_stays_open(app: BedsideApp) -> None:
    if app.bed is not None:
        app.bed.session = None
        app.do_open("medical")


def _call_is_hidden(app: BedsideApp) -> None:
    for call in app.page.query("#call"):
        call.display = False


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (_a_worker_fails, "ZeroDivisionError"),
        (_a_page_stays_open, "nobody has signed in"),
        (_call_is_hidden, "shows no Call"),
    ],
)
def test_what_is_broken_is_found(tmp_path: Path, slip: Callable[[BedsideApp], None], said: str) -> None:
    """With the last acts, so that a person can follow."""
    result = measure(Order(tmp_path, hours=0.2, seed=3, slip=slip))

    assert said in result.faults[0]
    assert result.faults[-1].startswith("last: ")
    assert not result.goals[0].met
