"""What is overdue stands on the board and on the patient's page; hand-overs are read shift by shift."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.servers import MANAGER, StillServer, admission
from tests.browser.visitor import Browsing, Window
from wardlink.ids import new_id
from wardlink.messages.base import Actor


@pytest.fixture
def window(still: StillServer, browsing: Browsing) -> Window:
    """Signed in as the manager."""
    found = browsing.window(still.url)
    found.sign_in(MANAGER, then="/board/wards")
    return found


def test_what_is_overdue_is_counted_and_listed(still: StillServer, window: Window) -> None:
    """Nobody has been there for two days: the tile says how much, the patient's page says what."""
    stay = new_id()
    begun = {"encounter": stay, "bed": "10", "measured_at": still.clock.now() - timedelta(days=2)}
    still.core.execute(
        "encounter.admit", admission("10", "林晚"), ward="w3", actor=Actor(kind="system", id="desk"), **begun
    )
    window.go("/board/?ward=w3")

    window.wait("the tile says that something is overdue", lambda: "项逾期" in window.tile("10").inner_text())

    window.go(f"/board/stay/{stay}")
    assert all(words in window.text("#due") for words in ("逾期", "巡视", "首次体征", "入院评估"))


def test_hand_overs_of_a_shift(window: Window) -> None:
    """None yet, in words; the shift before is one click away, and the table can be taken away."""
    window.go("/board/handovers")
    assert "本班尚无交班记录" in window.text("main")

    window.page.get_by_text("上一班").click()

    window.wait("the shift before is shown", lambda: "at=" in window.page.url)
    answer = window.page.request.get(window.url + "/board/handovers.csv")
    assert answer.body().decode("utf-8-sig").startswith("床")
