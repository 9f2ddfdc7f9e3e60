"""The bench of the ward's board, in its shortest form: shapes and counts, never speed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from wardlink.errors import Misconfigured
from workbench.bench import board_ward, report
from workbench.bench.board import Boards, Lost, Order, Paint, Shown, goals, measure, plain
from workbench.bench.browser_taps import BROWSER

needs_chromium = pytest.mark.skipif(
    not any(map(shutil.which, BROWSER)), reason="Chromium is not installed here (make system-deps)"
)


@needs_chromium
@pytest.mark.browser
@pytest.mark.slow
def test_everything_that_is_said_is_shown(tmp_path: Path) -> None:
    """Every change on the board, every alarm on station and cart; the boards read frames, the lost devices show."""
    small = Order(tmp_path, 4, 12, boards=2, alarms=4, alarms_per_s=4.0, changes_per_s=4.0, rounds=1, seconds=1.0)
    result = measure(small)

    told = json.loads(report.as_json(result))
    assert [(each["load"], each["boards"]) for each in told["boards"]] == [("usual", 2), ("stress", 2)]
    assert all(each["frames_per_s"] > 0 for each in told["boards"])
    assert told["paint"]["ours_s"] > 0 < told["paint"]["floor_s"]
    alarms = [each for each in told["shown"] if each["what"].startswith("alarm")]
    assert [(each["sent"], each["shown"]) for each in alarms] == [(4, 4)] * 4
    changes = [each for each in told["shown"] if each not in alarms]
    assert all(each["sent"] == each["shown"] > 0 < each["p50_ms"] for each in changes)
    assert {each["how"]: each["seconds"] > 0 for each in told["lost"]} == {"killed": True, "frozen": True}
    assert len(told["goals"]) == 1 + 1 + 6 * 2 + 2
    assert "1,000" not in report.board(result)


def test_what_is_not_shown_misses_its_goal() -> None:
    """One alarm of a thousand that never came, however quick the others were; a bound is still reached."""
    paint, lost = Paint(1.5, 0.5, 3.0), [Lost("frozen", 12.1)]
    boards = [Boards("usual", 50, 0.1, 0.3, 1.0, 2.0), Boards("stress", 50, 0.1, 0.9, 1.0, 2.0)]
    shown = [Shown("stress", "alarm on the station", 1_000, 999, 90.0, 2_000.0, 2_100.0)]

    found = {goal.name: goal.met for goal in goals(paint, boards, shown, lost)}

    assert found == {
        "first paint of the board, s": True,
        "50 boards add, cores": True,
        "stress: alarm on the station p99, ms": True,
        "stress: alarm on the station, not shown": False,
        "frozen device shown as silent, s": False,
    }


def test_without_chromium_it_says_so_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is begun, and with what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Misconfigured) as found:
        measure(Order(tmp_path))

    assert "make system-deps" in str(found.value)
    assert list(tmp_path.iterdir()) == []


def test_a_page_as_a_plain_file_has_no_script() -> None:
    """What stands on it is kept as it is."""
    html = '<head><script src="a"></script></head><b>1</b><script type="module">"<b>"</script><template>x</template>2'

    assert plain(html) == "<head></head><b>1</b>2"


@pytest.mark.parametrize(("beds", "sets_per_s", "wards"), [(60, 1_000, 17), (60, 60, 1), (1_332, 1_000, 1)])
def test_the_ward_on_the_board_is_as_busy_as_a_ward(beds: int, sets_per_s: int, wards: int) -> None:
    """Each of its beds sends about once a second, whatever comes in over the whole hospital."""
    found = board_ward.wards(beds, sets_per_s)

    assert (len(found), len(found[0].encounters)) == (wards, beds)
