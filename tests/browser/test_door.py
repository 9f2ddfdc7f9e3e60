"""Nobody sees a page without signing in, and nobody sees more than their role may."""

from __future__ import annotations

import httpx2
import pytest

from tests.browser.servers import MANAGER, NURSE, TECHNICIAN, StillServer
from tests.browser.visitor import Browsing

PAGES = (
    "/board/",
    "/board/wards",
    "/board/fleet",
    "/board/exceptions",
    "/board/exceptions/1",
    "/board/parked",
    "/board/audit",
    "/board/scans",
    "/board/stay/00000000-0000-7000-8000-000000000001",
    "/board/fleet.csv",
    "/board/exceptions.csv",
    "/board/parked.csv",
    "/board/audit.csv",
    "/board/scans.csv",
    "/board/stay/00000000-0000-7000-8000-000000000001.csv",
    "/board/stay/00000000-0000-7000-8000-000000000001/temperature-chart.pdf",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_the_door_first(still: StillServer, path: str) -> None:
    """And the door knows where one wanted to go."""
    answer = httpx2.get(still.url + path, follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/board/sign-in?next=%2Fboard%2F")


def test_the_pages_forbid_everything_from_outside(still: StillServer) -> None:
    """The browser itself keeps to it, whatever a page may once contain."""
    policy = httpx2.get(still.url + "/board/sign-in").headers["content-security-policy"]

    assert policy.startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


def test_the_first_address_leads_to_the_board(still: StillServer) -> None:
    """Whoever types the name of the server arrives."""
    answer = httpx2.get(still.url + "/", follow_redirects=True)

    assert answer.url.path == "/board/sign-in"


@pytest.mark.parametrize(
    ("language", "words"), [("zh_CN", "您没有进行此操作的权限"), ("en", "You do not have the right")]
)
def test_a_form_of_somebody_without_the_right_says_so(
    still: StillServer, browsing: Browsing, language: str, words: str
) -> None:
    """Whoever lost a right while a page was open reads it in their language, and finds back."""
    window = browsing.window(still.url)
    window.sign_in(NURSE, then="/board/alerts")
    window.page.context.add_cookies([{"name": "wardlink_language", "value": language, "url": still.url}])
    window.go("/board/alerts")
    window.page.evaluate(
        """() => {
            const form = document.querySelector("#sign-out");
            form.action = "/board/settings/w3";
            form.submit();
        }"""
    )

    window.wait("the page says so", lambda: words in window.text("main"))
    window.page.click("main a")
    window.wait("the way back", lambda: "/settings/" not in window.page.url and words not in window.text("main"))


def test_a_wrong_pin_is_said_and_lets_nobody_in(still: StillServer, browsing: Browsing) -> None:
    """The page says so in words, and the next page asks again."""
    window = browsing.window(still.url)
    window.sign_in(NURSE, pin="0000")

    assert "/board/sign-in" in window.page.url
    assert window.page.locator("[role=alert]").count() == 1
    window.go("/board/fleet")
    assert "/board/sign-in" in window.page.url


def test_the_right_pin_leads_to_the_page_that_was_asked_for(still: StillServer, browsing: Browsing) -> None:
    """Not merely to the first one."""
    window = browsing.window(still.url)

    window.sign_in(MANAGER, then="/board/fleet?q=C1")

    assert window.page.url == still.url + "/board/fleet?q=C1"


def test_a_foreign_address_is_never_gone_to(still: StillServer, browsing: Browsing) -> None:
    """A prepared link to our door leads to our first page."""
    window = browsing.window(still.url)

    window.sign_in(MANAGER, then="https://example.org/board/")

    assert window.page.url.startswith(still.url + "/board/")


def test_signing_out_ends_the_session(still: StillServer, browsing: Browsing) -> None:
    """Also for a page whose address somebody kept."""
    window = browsing.window(still.url)
    window.sign_in(MANAGER, then="/board/wards")
    window.page.click("#sign-out button")

    window.go("/board/wards")

    assert "/board/sign-in" in window.page.url


def test_the_session_is_hidden_from_scripts(still: StillServer, browsing: Browsing) -> None:
    """A script on the page cannot read it."""
    window = browsing.window(still.url)
    window.sign_in(MANAGER, then="/board/wards")

    assert "wardlink_session" not in window.page.evaluate("document.cookie")


@pytest.mark.parametrize(("person", "path"), [(NURSE, "/board/audit"), (TECHNICIAN, "/board/exceptions")])
def test_a_role_without_the_right_is_told_so(still: StillServer, browsing: Browsing, person: object, path: str) -> None:
    """In words, and with nothing of the page behind it."""
    window = browsing.window(still.url)
    window.sign_in(person, then=path)  # type: ignore[arg-type]

    window.wait("a refusal in words", lambda: window.page.locator("[role=alert]").count() == 1)

    assert window.page.locator("table").count() == 0


def test_a_technician_comes_to_the_devices(still: StillServer, browsing: Browsing) -> None:
    """The first page of somebody who may not see patients."""
    window = browsing.window(still.url)

    window.sign_in(TECHNICIAN, then="/board/")

    assert window.page.url == still.url + "/board/fleet"
