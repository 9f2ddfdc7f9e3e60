"""The board in a real browser: live without reload, honest about age, silent when it is cut off."""

from __future__ import annotations

import pytest

from tests.browser.servers import CHARGE_NURSE, MANAGER, NURSE, StillServer
from tests.browser.visitor import PHONE, Browsing, Window
from workbench.ward import StaffPlan


@pytest.fixture
def window(still: StillServer, browsing: Browsing) -> Window:
    """The board of ward w3, signed in as its manager."""
    found = browsing.window(still.url)
    found.sign_in(MANAGER)
    found.wait("the tiles are there", lambda: found.page.locator(".tile").count() >= 12)
    return found


def test_what_is_measured_appears_without_reload(still: StillServer, window: Window) -> None:
    """Every value as it was measured."""
    still.record("1", temp_c=36.8, pulse_per_min=72.0, rr_per_min=16.0, sbp_mmhg=122.0, dbp_mmhg=78.0, spo2_pct=98.0)

    window.wait("the pulse of bed 1", lambda: window.value("1", "pulse") == "72")

    shown = [window.value("1", cell) for cell in ("temp", "pulse", "resp", "bp", "spo2")]
    assert shown == ["36.8", "72", "16", "122/78", "98"]
    assert window.state("1") == "fresh"


def test_a_tile_goes_grey_when_its_data_is_old(still: StillServer, window: Window) -> None:
    """In words and in colour, without anything happening at the bed."""
    still.record("2", monitor=True, hr_per_min=88.0, spo2_pct=97.0)
    window.wait("the pulse of bed 2", lambda: window.state("2") == "fresh")
    fresh = window.tile("2").evaluate("e => getComputedStyle(e).backgroundColor")

    still.clock.advance(91)

    window.wait("bed 2 is grey", lambda: window.state("2") == "old")
    assert "数据已过期" in window.tile("2").inner_text()
    assert window.tile("2").evaluate("e => getComputedStyle(e).backgroundColor") != fresh


def test_a_lead_that_is_off_is_said_in_words(still: StillServer, window: Window) -> None:
    """And never shown as a number."""
    still.record("2", monitor=True, off=("spo2_pct",), hr_per_min=88.0)

    window.wait("the lead is off", lambda: window.value("2", "spo2") == "导联脱落")


def test_the_page_says_when_it_is_cut_off(still: StillServer, window: Window) -> None:
    """No number stands there as if it were fresh."""
    still.record("3", temp_c=36.6)
    window.wait("the temperature of bed 3", lambda: window.state("3") == "fresh")

    window.page.context.set_offline(True)
    window.page.evaluate("window.socket.disconnect()")

    window.wait("the page says so", lambda: window.page.locator(".lost-banner").count() == 1)
    assert "连接已中断" in window.text(".lost-banner")
    assert {window.state(bed) for bed in ("1", "2", "3", "9")} == {"lost"}


def test_a_busy_browser_catches_up_with_what_it_missed(still: StillServer, window: Window) -> None:
    """It is sent no queue of old frames, and ends with the newest value."""
    window.page.evaluate("setTimeout(() => { const end = Date.now() + 4000; while (Date.now() < end); }, 0)")
    for pulse in range(100, 112):
        still.record("4", pulse_per_min=float(pulse))
        still.clock.advance(1)

    window.wait("the last pulse", lambda: window.value("4", "pulse") == "111")

    assert window.page.locator(".lost-banner").count() == 0


def test_a_second_page_takes_nothing_from_the_first(still: StillServer, browsing: Browsing, window: Window) -> None:
    """Both show what was measured while the second one opened."""
    still.record("4", pulse_per_min=55.0)
    other = browsing.window(still.url)
    other.sign_in(MANAGER)

    for shown in (window, other):
        shown.wait("the pulse of bed 4", lambda shown=shown: shown.value("4", "pulse") == "55")


def test_a_name_is_shown_as_text_whatever_it_is(still: StillServer, browsing: Browsing) -> None:
    """A name that looks like a script runs nowhere: not on the board, not on the patient's page."""
    name = "<img src=x onerror=window.hurt=1>"
    stay = still.admit("8", name)
    window = browsing.window(still.url)
    window.sign_in(MANAGER)
    window.wait("bed 8 is taken", lambda: window.state("8") == "unknown")
    window.go(f"/board/stay/{stay}")
    window.wait("the patient's page", lambda: name in window.text("h1"))

    assert window.page.evaluate("window.hurt") is None
    assert window.page.locator("img").count() == 0


def test_the_board_fits_a_phone(still: StillServer, browsing: Browsing) -> None:
    """No page is wider than the window."""
    window = browsing.window(still.url, PHONE)
    window.sign_in(MANAGER)
    window.wait("the tiles are there", lambda: window.page.locator(".tile").count() >= 12)
    wide = {"/board/": window.overflow_px()}
    for path in ("fleet", "exceptions", "parked", "audit", "scans", "wards", f"stay/{still.stays['1']}"):
        window.go(f"/board/{path}")
        window.wait(f"the page {path}", lambda: window.page.locator("main .page-head").count() > 0)
        wide[path] = window.overflow_px()

    assert {path: px for path, px in wide.items() if px > 0} == {}


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "床位看板"), ("en", "Bed board")])
def test_both_languages_are_spoken(still: StillServer, browsing: Browsing, language: str, words: str) -> None:
    """The page, the board inside it and its title."""
    window = browsing.window(still.url, language=language)
    window.sign_in(MANAGER)
    window.wait("the tiles are there", lambda: window.page.locator(".tile").count() >= 12)

    assert words in window.text("nav")
    assert ("空床" if language == "zh_CN" else "empty bed") in window.text(".tiles")


def test_the_language_is_switched_on_the_page(window: Window) -> None:
    """One tap, and the same page again."""
    before = window.page.url
    window.page.click("button[value=en]")

    window.wait("English", lambda: "Bed board" in window.text("nav"))

    assert window.page.url == before


def test_the_choice_of_beds_is_in_the_address(still: StillServer, window: Window) -> None:
    """It can be kept and sent to somebody."""
    window.page.click(".filters button:last-child")
    assert window.page.url.endswith("?ward=w3&show=occupied")
    window.page.reload()

    window.wait("only taken beds", lambda: 0 < window.page.locator(".tile").count() < 12)

    assert window.page.locator(".is-empty").count() == 0


def test_a_tile_is_reached_by_keyboard(still: StillServer, window: Window) -> None:
    """Enter on a name opens the patient's page."""
    window.page.locator('[data-bed="1"] .name').focus()
    window.page.keyboard.press("Enter")

    window.wait("the patient's page", lambda: "/board/stay/" in window.page.url)


def test_the_parts_of_a_score_are_shown_on_focus(still: StillServer, window: Window) -> None:
    """Not only under a mouse."""
    still.record("4", temp_c=39.5, pulse_per_min=120.0)
    window.wait("a score", lambda: "≥" in window.tile("4").inner_text())

    window.page.keyboard.press("Tab")
    window.tile("4").locator(".score-button").focus()

    window.wait("its parts", lambda: window.tile("4").locator(".parts").is_visible())


def test_an_opened_page_is_audited_once(still: StillServer, browsing: Browsing) -> None:
    """However long it stays open and however often it is drawn."""
    window = browsing.window(still.url)
    before = still.audited("view").count("board of ward w3")
    window.sign_in(MANAGER)
    window.wait("the tiles are there", lambda: window.page.locator(".tile").count() >= 12)
    for pulse in (61.0, 62.0, 63.0):
        still.record("4", pulse_per_min=pulse)
    window.wait("the last pulse", lambda: window.value("4", "pulse") == "63")

    assert still.audited("view").count("board of ward w3") == before + 1


_CONTRAST = """
() => {
  const parse = (c) => (c.match(/[0-9.]+/g) || []).map(Number);
  const lum = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const e of document.querySelectorAll("main *, header *, footer *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility()) continue;
    const [a, b] = [lum(parse(getComputedStyle(e).color)), lum(behind(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found[e.className + ": " + e.textContent.trim().slice(0, 20)] = Math.round(ratio * 100) / 100;
  }
  return found;
}
"""


def test_every_text_stands_out_from_its_ground(still: StillServer, window: Window) -> None:
    """4.5 to 1, live and cut off: raised scores, old values, leads off and calls."""
    still.record("1", temp_c=39.5, pulse_per_min=135.0, rr_per_min=26.0)
    still.record("2", monitor=True, off=("spo2_pct",), hr_per_min=88.0)
    window.wait("the lead is off", lambda: window.value("2", "spo2") == "导联脱落")
    live = window.page.evaluate(_CONTRAST)
    still.clock.advance(91)
    window.wait("bed 2 is grey", lambda: window.state("2") == "old")
    old = window.page.evaluate(_CONTRAST)
    window.page.context.set_offline(True)
    window.page.evaluate("window.socket.disconnect()")
    window.wait("the page says so", lambda: window.page.locator(".lost-banner").count() == 1)

    assert [live, old, window.page.evaluate(_CONTRAST)] == [{}, {}, {}]


def test_no_page_has_an_error_in_its_script(still: StillServer, window: Window) -> None:
    """On every page."""
    for path in ("fleet", "exceptions", "parked", "audit", "scans", "wards", f"stay/{still.stays['1']}", "?ward=w3"):
        window.go(f"/board/{path}")
        window.wait(f"the page {path}", lambda: window.page.locator("main .page-head").count() > 0)

    assert window.faults == []
    assert len(window.asked) > 20


@pytest.mark.parametrize("person", [CHARGE_NURSE, NURSE, MANAGER], ids=lambda person: person.role)
def test_the_places_are_one_line_at_a_desk(still: StillServer, browsing: Browsing, person: StaffPlan) -> None:
    """In the longer of the two languages, whoever looks."""
    window = browsing.window(still.url, language="en")
    window.sign_in(person, then="/board/alerts?ward=w3")
    window.wait("the places", lambda: "Bed board" in window.text("nav"))

    tops = window.page.evaluate("new Set([...document.querySelectorAll('nav > *')].map(e => e.offsetTop)).size")

    assert tops == 1


def test_what_the_office_needs_is_a_menu(still: StillServer, browsing: Browsing) -> None:
    """For the keyboard too; it closes as menus do, and shows that one is inside. What tells of quality is another."""
    window = browsing.window(still.url)
    window.sign_in(MANAGER, then="/board/alerts?ward=w3")
    window.wait("the menu", lambda: window.page.locator("nav summary").count() == 2)
    assert not window.page.locator("nav a[href='/board/audit']").is_visible()

    window.page.locator("nav summary").last.focus()
    window.page.keyboard.press("Enter")
    window.wait("it is open", lambda: window.page.locator("nav a[href='/board/audit']").is_visible())
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Escape")
    window.wait("it is closed", lambda: not window.page.locator("nav a[href='/board/audit']").is_visible())
    assert window.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    window.page.keyboard.press("Enter")
    window.page.click("h1")
    window.wait("it is closed", lambda: not window.page.locator("nav a[href='/board/audit']").is_visible())
    window.go("/board/audit")
    window.wait("marked", lambda: window.page.locator("nav summary.here").count() == 1)
    window.go("/board/kpis")
    window.wait("the other is marked", lambda: window.page.locator("nav summary.here").inner_text().startswith("质量"))
