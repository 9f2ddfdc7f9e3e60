"""The page of a patient's tubes: one is put in, comes out unplanned, and leads to the report of the event."""

from __future__ import annotations

from datetime import timedelta

from tests.browser.servers import NURSE, PHARMACIST, StillServer
from tests.browser.visitor import PHONE, Browsing
from wardlink.clock import ward_time


def test_a_tube_that_comes_out_unplanned(still: StillServer, browsing: Browsing) -> None:
    """The way to its report is in the table, filled in; on a phone nothing is wider than the window."""
    stay, now = still.stays["3"], still.clock.now()
    window = browsing.window(still.url)
    window.sign_in(NURSE, then=f"/board/stay/{stay}")
    window.wait("the patient", lambda: window.page.get_by_role("link", name="管路", exact=True).count() == 1)
    window.page.get_by_role("link", name="管路", exact=True).click()
    window.wait("nothing yet", lambda: "还没有录入管路" in window.text("main"))
    window.page.select_option("[name=device]", "urinary")
    window.page.fill("[name=at]", f"{ward_time(now - timedelta(hours=30)):%Y-%m-%dT%H:%M}")
    window.page.get_by_role("button", name="录入", exact=True).click()
    window.wait("it is in place", lambda: "留置中" in window.text("tbody"))
    window.page.select_option("[name=planned]", "no")
    window.page.locator("[name=planned]").locator("xpath=ancestor::form").locator("button").click()
    window.wait("it is out", lambda: "非计划拔管" in window.text("tbody"))
    window.page.get_by_role("link", name="非计划拔管：去上报").click()
    window.wait("the report", lambda: window.page.locator("[name=kind]").count() == 1)
    assert window.page.input_value("[name=kind]") == "tube"
    assert window.page.input_value("[name=tube]") == "urinary"
    assert window.page.input_value("[name=stay]") == stay
    assert "infection" not in window.page.locator("[name=kind] option").evaluate_all("all => all.map(o => o.value)")
    assert "tubes" in still.audited("view")

    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(PHARMACIST, then=f"/board/tubes/{stay}")
    phone.wait("the tubes", lambda: "Urinary catheter" in phone.text("main"))
    assert phone.overflow_px() <= 0
    assert phone.page.locator("main.page form").count() == 0
