"""Who has which beds, at a desk in a real browser: given by who leads, taken by a nurse for herself."""

from __future__ import annotations

from typing import Any

from tests.browser.servers import CHARGE_NURSE, DOCTOR, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing, Window


def opened(browsing: Browsing, still: StillServer, who: Any, **how: Any) -> Window:
    """A window on the beds of the running shift."""
    window = browsing.window(still.url, **how)
    window.sign_in(who, then="/board/assignments?ward=w3")
    window.wait("the beds are there", lambda: window.page.locator("tr[data-bed]").count() > 3)
    return window


def test_who_leads_gives_and_a_nurse_takes_her_own(still: StillServer, browsing: Browsing) -> None:
    """Patients whom nobody has stand first; a doctor only reads."""
    lead = opened(browsing, still, CHARGE_NURSE)
    page = lead.page
    assert page.locator("tr[data-bed]").first.get_attribute("class") == "bare"
    page.locator("tr[data-bed='4'] input").check()
    page.locator("[name=nurse]").select_option(NURSE.id)
    page.get_by_role("button", name="分给该护士").click()
    lead.wait("it is given", lambda: "李静" in page.locator("tr[data-bed='4']").inner_text())
    assert page.locator("tr[data-bed]").first.get_attribute("data-bed") != "4"

    nurse = opened(browsing, still, NURSE, size=PHONE, language="en")
    assert nurse.overflow_px() <= 0
    assert nurse.page.locator("[name=nurse] option").count() == 1
    nurse.page.locator("tr[data-bed='4'] input").check()
    nurse.page.get_by_role("button", name="No longer theirs").click()
    nurse.wait("she has left it", lambda: "nobody" in nurse.page.locator("tr[data-bed='4']").inner_text())

    assert opened(browsing, still, DOCTOR).page.locator("#content form").count() == 0
