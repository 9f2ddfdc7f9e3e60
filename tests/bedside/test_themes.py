"""Colours: everything that is read can be read by tired eyes, by day and by night."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bedside
from bedside.themes import DAY_COLOURS, NIGHT_COLOURS, PAIRS, is_night
from tests.bedside.figures import LEAST_TEXT, contrast

FOLDER = Path(bedside.__file__).parent


@pytest.mark.parametrize("colours", [DAY_COLOURS, NIGHT_COLOURS], ids=["day", "night"])
@pytest.mark.parametrize("pair", PAIRS, ids=["/".join(pair) for pair in PAIRS])
def test_text_can_be_read(colours: dict[str, str], pair: tuple[str, str]) -> None:
    """A contrast of at least 4.5 to 1."""
    assert contrast(colours[pair[0]], colours[pair[1]]) >= LEAST_TEXT


def test_the_measure_is_the_one_of_the_standard() -> None:
    """Black on white is 21 to 1, a colour on itself 1 to 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_the_style_sheets_use_no_colour_of_their_own() -> None:
    """Every colour comes from the themes, and every colour of the themes is checked."""
    sheets = [
        *FOLDER.rglob("*.tcss"),
        *FOLDER.joinpath("widgets").glob("*.py"),
        *FOLDER.joinpath("screens").glob("*.py"),
    ]
    used = set()
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        assert re.findall(r"#[0-9a-fA-F]{6}\b", text) == [], sheet.name
        used |= set(re.findall(r"\$([a-z0-9-]+)", text))

    assert used <= set(DAY_COLOURS)
    assert set(DAY_COLOURS) == set(NIGHT_COLOURS)
    assert {name for pair in PAIRS for name in pair} >= used - {"line-usual", "ecg-big", "ecg-small"}


@pytest.mark.parametrize(("hour", "expected"), [(20, False), (21, True), (23, True), (0, True), (5, True), (6, False)])
def test_the_night_is_the_wards(hour: int, expected: bool) -> None:
    """From 21 to 6 by the ward's clock."""
    assert is_night(datetime(2026, 11, 23, (hour - 8) % 24, 59, tzinfo=UTC)) is expected
