"""The widget of a curve, painted in a real app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from textual.app import App, ComposeResult

from wardlink.i18n import speaking
from wardlink.terminal.cells import width
from wardlink.terminal.curve import Curve
from wardlink.terminal.picture import Picture, Series
from wardlink.terminal.plot import Reading

END = datetime(2026, 11, 24, 2, 42, tzinfo=UTC)


class OneCurve(App[None]):
    """A curve and nothing else."""

    def compose(self) -> ComposeResult:
        """The curve."""
        yield Curve()


def picture(readings: list[Reading], *, stale: bool = False) -> Picture:
    """Six hours of a pulse."""
    series = Series("脉搏", tuple(readings), timedelta(minutes=10), stale=stale, usual=(60, 100))
    return Picture("/min", (series,), END - timedelta(hours=6), END, 30, (0, 300))


def pulse(*, off_at: range = range(0)) -> list[Reading]:
    """A value in five minutes; in `off_at` the lead was off."""
    return [
        Reading(END - timedelta(minutes=5 * (71 - i)), None if i in off_at else 70.0 + i % 9, i in off_at)
        for i in range(72)
    ]


async def painted(shown: Picture | None, size: tuple[int, int] = (60, 14)) -> list[str]:
    """The rows of text."""
    app = OneCurve()
    async with app.run_test(size=size) as pilot:
        curve = app.query_one(Curve)
        curve.show(shown)
        await pilot.pause()
        return [curve.render_line(y).text for y in range(size[1])]


async def test_axes_say_unit_and_time() -> None:
    """The unit stands on top of the values, the ward's clock below; every row has its full width."""
    lines = await painted(picture(pulse()))

    assert lines[0].startswith("/min")
    assert "脉搏" in lines[0]
    assert "10:00" in lines[-1]
    assert all(width(line) == 60 for line in lines)


@pytest.mark.parametrize(("language", "expected"), [("zh_CN", "导联脱落"), ("en", "lead off")])
async def test_a_lead_that_was_off_is_said_in_words(language: str, expected: str) -> None:
    """In a lane of its own under the curve."""
    with speaking(language):
        lines = await painted(picture(pulse(off_at=range(20, 50))))

    assert any(expected in line for line in lines)


async def test_an_old_series_is_called_old() -> None:
    """Not by its colour alone."""
    assert "过期" in (await painted(picture(pulse(), stale=True)))[0]


async def test_nothing_recorded_is_said() -> None:
    """An empty plot is no normal plot."""
    assert any("没有记录" in line for line in await painted(picture([])))


@pytest.mark.parametrize("size", [(1, 1), (10, 4), (16, 5), (17, 6), (200, 50)])
async def test_any_size_is_painted(size: tuple[int, int]) -> None:
    """A window dragged small breaks nothing."""
    lines = await painted(picture(pulse(off_at=range(3, 9))), size)

    assert len(lines) == size[1]


async def test_a_curve_without_a_picture_is_empty() -> None:
    """Until the first one has been read."""
    assert set("".join(await painted(None))) <= {" "}
