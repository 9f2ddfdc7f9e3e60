"""What a demo keeps: its own, for this user only, and nothing of anybody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wardlink.errors import Collision, Misconfigured
from workbench.demo.folder import DemoFolder

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_what_is_decided_once_stays(tmp_path: Path) -> None:
    """The opening and the keys of the screens are the same at the next start; only this user can read them."""
    first = DemoFolder(tmp_path / "ward")
    made = first.card(NOW)
    first.close()

    again = DemoFolder(tmp_path / "ward")

    assert again.card(NOW + timedelta(days=1)) == made
    assert (tmp_path / "ward" / "demo.json").stat().st_mode & 0o077 == 0
    assert (tmp_path / "ward").stat().st_mode & 0o077 == 0
    again.close()


def test_fresh_takes_everything_away(tmp_path: Path) -> None:
    """A new ward with new keys; nothing of the old one is left."""
    first = DemoFolder(tmp_path / "ward")
    made = first.card(NOW)
    first.device("c1").mkdir(parents=True)
    first.close()

    again = DemoFolder(tmp_path / "ward", fresh=True)

    assert again.is_new
    assert not again.device("c1").exists()
    assert again.card(NOW).cart_token != made.cart_token
    again.close()


def test_one_demo_at_a_time(tmp_path: Path) -> None:
    """The second is refused, also with --fresh; after the first has ended it may."""
    first = DemoFolder(tmp_path / "ward")
    first.card(NOW)

    with pytest.raises(Collision):
        DemoFolder(tmp_path / "ward", fresh=True)
    assert not first.is_new
    first.close()
    DemoFolder(tmp_path / "ward").close()


def test_the_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """Whatever is in it stays."""
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(Misconfigured):
        DemoFolder(tmp_path, fresh=True)
    assert (tmp_path / "thesis.txt").exists()


def test_a_start_that_got_no_further_than_its_lock_is_no_obstacle(tmp_path: Path) -> None:
    """The next one begins where it stopped."""
    DemoFolder(tmp_path / "ward").close()

    again = DemoFolder(tmp_path / "ward")

    assert again.is_new
    again.close()
