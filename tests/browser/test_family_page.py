"""A patient's family at a desk, in a real browser: two of the staff enter a guardian, and one lets them go."""

from __future__ import annotations

from tests.browser.servers import CHARGE_NURSE, DOCTOR, StillServer
from tests.browser.visitor import Browsing


def test_a_guardian_is_entered_by_two_and_let_go(still: StillServer, browsing: Browsing) -> None:
    """One person twice is refused and what was typed stays, but the PIN; the code is shown once; then it is ended."""
    doctor = browsing.window(still.url)
    stay = still.stays["3"]
    doctor.sign_in(DOCTOR, then=f"/board/stay/{stay}")
    page = doctor.page
    doctor.wait("the patient is there", lambda: page.get_by_role("link", name="家属", exact=True).count() == 1)
    page.get_by_role("link", name="家属", exact=True).click()
    doctor.wait("nobody is let in", lambda: "未授权任何家属" in doctor.text("main"))

    def enter(badge: str, pin: str) -> None:
        for name, text in (("name", "孙国强"), ("reason", "昏迷，已核对户口本"), ("badge", badge), ("pin", pin)):
            page.fill(f"[name={name}]", text)
        page.get_by_role("button", name="登记监护人", exact=True).click()

    enter(DOCTOR.badge, DOCTOR.pin)
    doctor.wait("it is refused", lambda: page.locator(".notice.bad").count() == 2)
    assert page.input_value("[name=reason]") == "昏迷，已核对户口本"
    assert page.input_value("[name=pin]") == ""
    enter(CHARGE_NURSE.badge, CHARGE_NURSE.pin)
    doctor.wait("the code is shown", lambda: page.locator("#secret").count() == 1)
    code = page.input_value("#secret")
    assert len(code) == 8
    assert code.isdigit()
    page.get_by_role("link", name="返回家属页面").click()
    doctor.wait("the guardian is there", lambda: "孙国强（监护人）" in doctor.text("tbody"))
    assert "赵妍" in doctor.text("tbody")
    assert code not in page.content()
    page.get_by_role("button", name="重发授权码", exact=True).click()
    doctor.wait("another code", lambda: page.locator("#secret").count() == 1)
    assert page.input_value("#secret") != code
    page.get_by_role("link", name="返回家属页面").click()
    doctor.wait("the form is there", lambda: page.locator("form[action$=end] [name=reason]").count() == 1)
    page.fill("form[action$=end] [name=reason]", "患者已清醒")
    page.get_by_role("button", name="终止授权", exact=True).click()
    doctor.wait("it is over", lambda: "由病区终止" in doctor.text("tbody"))
    assert page.get_by_role("button", name="登记监护人", exact=True).count() == 1
