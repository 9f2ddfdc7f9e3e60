"""The page of a case about a monitor's values, in a real browser: given to who is chosen, and taken back."""

from __future__ import annotations

from tests.browser.servers import MANAGER, StillServer
from tests.browser.visitor import PHONE, Browsing
from wardlink.clinical.vitals import VitalSet
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals


def nobody_is_paired(still: StillServer, bed: str, pulse: float) -> None:
    """The monitor of a bed speaks, and does not know at whom it stands."""
    body = RecordVitals(readings=VitalSet(pulse_per_min=pulse), source="monitor")
    said = still.core.command("vitals.record", body, ward="w3", actor=Actor(kind="device", id="m2"), bed=bed)
    with still.core.transaction() as batch:
        still.core.apply(batch, said.model_copy(update={"device": "m2"}))


def test_who_lay_there_is_offered_and_nobody_is_chosen(still: StillServer, browsing: Browsing) -> None:
    """Without a patient the form is not sent; then the case is closed, and a word can be taken back from it."""
    nobody_is_paired(still, "3", 133.0)
    window = browsing.window(still.url, PHONE)
    window.sign_in(MANAGER, then="/board/exceptions")
    window.wait("the list is there", lambda: window.page.locator("tbody a").count() > 0)
    window.page.locator("tbody tr", has_text="m2").locator("a").first.click()
    form = "form[action$='/give']"
    window.wait("the form is there", lambda: window.page.locator(form).count() == 1)
    options = window.page.locator(f"{form} option").all_inner_texts()
    window.page.fill(f"{form} textarea", "抢救中")
    window.page.click(f"{form} button")
    still_here = window.page.locator("[role=alert]").count()

    window.page.select_option(f"{form} select", still.stays["3"])
    window.page.click(f"{form} button")
    window.wait("it is closed", lambda: window.page.locator(".notice.good").count() == 1)
    back = "form[action$='/take-back']"
    told = window.text(back)
    window.page.fill(f"{back} textarea", "病人错误")
    window.page.click(f"{back} button")
    window.wait("it is taken back", lambda: window.page.locator(back).count() == 0)

    assert options[0] == "请选择"
    assert "一直在 3 床" in options[1]
    assert (still_here, window.overflow_px()) == (0, 0)
    assert "抢救中" in told
    assert window.page.locator(form).count() == 1
