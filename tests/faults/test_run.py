"""A fault run with few commands and no faults: how it starts and how it ends."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from wardlink.errors import Unreachable
from workbench.faults import broker
from workbench.faults.run import FaultRun, Order

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def go(folder: Path, commands: int) -> int:
    """How many promises a run without faults made and kept."""
    with FaultRun(Order(commands, 0, 2, folder), lambda _: None) as run:
        verdict = run.go().verdict
    assert verdict.is_clean
    return verdict.promised


def test_any_password_will_do_and_an_idle_cart_is_in_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that looks like an option, and fewer commands than carts."""
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _=None: "--data" + "x" * 37)

    assert go(tmp_path, commands=3) == 3


def test_a_broker_that_does_not_start_is_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the cart that waits for it."""
    monkeypatch.setattr(broker, "binary", lambda: "false")

    with pytest.raises(Unreachable, match="broker"):
        go(tmp_path, commands=3)
