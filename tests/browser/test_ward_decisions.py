"""What a ward decides is decided on a page; how a patient is isolated stands on the board and on their page."""

from __future__ import annotations

import pytest

from server.record.service import record_called
from tests.browser.servers import MANAGER, StillServer, admission
from tests.browser.visitor import Browsing, Window
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.isolations import EndIsolation, StartIsolation
from wardlink.record.ward_settings import WARD_SETTING, ward_setting_id

NURSE = Actor(kind="staff", id="n-lijing")


@pytest.fixture
def window(still: StillServer, browsing: Browsing) -> Window:
    """Signed in as the manager."""
    found = browsing.window(still.url)
    found.sign_in(MANAGER, then="/board/settings")
    return found


def test_mews_is_switched_on_a_page_and_only_when_it_was_agreed(still: StillServer, window: Window) -> None:
    """Without the tick nothing changes, whatever the browser lets through; with it the page says who decided."""
    section = window.page.locator("#ward-w3")
    assert "按医院规则表" in section.inner_text()
    forged = window.page.request.post(window.url + "/board/settings/w3", form={"shows_mews": "yes"})
    assert "未作更改" in forged.text()

    section.get_by_label("显示 MEWS", exact=True).check()
    section.get_by_label("已与病区临床负责人商定").check()
    section.get_by_role("button", name="决定").click()

    window.wait("the page says so", lambda: "已决定" in window.text("main"))
    assert MANAGER.name in window.page.locator("#ward-w3 dl").inner_text()
    with still.core.db.read() as conn:
        found = record_called(conn, WARD_SETTING, ward_setting_id("w3"))
    assert found is not None
    assert found[1].shows_mews is True


def test_an_isolation_stands_on_the_board_until_it_ends(still: StillServer, window: Window) -> None:
    """As a card in words on the tile, live; the patient's page keeps who, since when, and why."""
    stay, first = new_id(), new_id()
    core, desk = still.core, Actor(kind="system", id="desk")
    core.execute("encounter.admit", admission("7", "苏敏"), ward="w3", actor=desk, encounter=stay, bed="7")
    window.go("/board/?ward=w3")
    window.wait("the tile is there", lambda: "苏" in window.tile("7").inner_text())

    body = StartIsolation(precaution="contact", reason="MRSA")
    core.execute("isolation.start", body, ward="w3", actor=NURSE, encounter=stay, bed="7", command_id=first)
    window.wait("the card is on the tile", lambda: "接触隔离" in window.tile("7").inner_text())
    over = EndIsolation(isolation=first, reason="cultures negative")
    core.execute("isolation.end", over, ward="w3", actor=NURSE, encounter=stay, bed="7")
    window.wait("the card is gone", lambda: "接触隔离" not in window.tile("7").inner_text())

    window.go(f"/board/stay/{stay}")
    assert all(words in window.text("main") for words in ("接触隔离", "MRSA", "cultures negative", "已解除"))
