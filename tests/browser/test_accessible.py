"""Every page of the board for people who do not see it or use no mouse.

axe-core finds nothing against WCAG 2.2 A and AA, and what can be clicked is reached by Tab.

The pages are those of the routes: a new one is looked at without a line here. It needs something to show, though:
`furnished.py` gives every page with a name in its address that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import httpx2
import pytest

from server.identity.roles import RIGHTS, ROLES, may
from server.identity.sessions import COOKIE
from tests.browser.furnished import EVERYBODY, Furnished, furnished_server
from tests.browser.route_rules import rules
from tests.browser.visitor import DESK, PHONE, Browsing, Window

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = rules()
NO_PAGES = re.compile(r"\.(csv|pdf|ico|toml|yaml)$|/static/|\{path:path\}$")
PAGES = [path for method, path in RULES if method == "GET" and path.startswith("/board") and not NO_PAGES.search(path)]

RUN = """async (source) => {
  if (!window.axe) (0, eval)(source);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  const reached = "a[href], button, summary, label, select, input, textarea, [tabindex='0']";
  const clicked = [...document.querySelectorAll("body *")].filter((e) => e.getClientRects().length
    && (getComputedStyle(e).cursor === "pointer" && !e.closest(reached) || e.tabIndex > 0));
  const unreached = clicked.map((e) => `no key reaches: ${e.outerHTML.slice(0, 160)}`);
  const told = (v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} (${n.failureSummary})`);
  return unreached.concat(found.violations.flatMap(told));
}"""


def pattern(path: str) -> re.Pattern[str]:
    """What an address of this page looks like."""
    return re.compile(re.sub(r"\\\{[^}]+\\\}", r"[^/?]+", re.escape(path)) + r"(\?.*)?")


def who_does_most(path: str) -> str:
    """The role that sees this page with the most forms on it."""
    below = [right for (method, to), right in RULES.items() if method == "POST" and to.startswith(path + "/")]

    def forms(role: str) -> int:
        return sum(any(may(role, right) for right in RIGHTS if right in enough) for enough in below)

    enough = RULES["GET", path]
    seeing = [r for r in ROLES if enough & {"open", "staff"} or any(may(r, x) for x in RIGHTS if x in enough)]
    return max(seeing, key=forms)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """A server in which there is something of everything."""
    with furnished_server(tmp_path_factory.mktemp("furnished")) as found:
        yield found


@pytest.fixture(scope="module")
def tokens(house: Furnished) -> dict[str, str]:
    """Somebody of every role has signed in."""
    asked = {"manager"} | {who_does_most(path) for path in PAGES}
    signed = {}
    for role in asked:
        person = EVERYBODY[role]
        answer = httpx2.post(f"{house.url}/api/v1/sign-in", json={"badge": person.badge, "pin": person.pin}, timeout=30)
        signed[role] = answer.json()["token"]
    return signed


@pytest.fixture(scope="module")
def addresses(house: Furnished, tokens: dict[str, str]) -> dict[str, str]:
    """An address of every page: its own, or one to which another page leads."""
    found = {path: path for path in PAGES if "{" not in path}
    waiting = list(found.items())
    while waiting:
        path, address = waiting.pop(0)
        page = httpx2.get(house.url + address, cookies={COOKIE: tokens[who_does_most(path)]}, timeout=30).text
        links = {link.replace("&amp;", "&") for link in re.findall(r"/board/[\w/%.?=&;+-]+", page)}
        # Of all patients it is the furnished one about whom there is everything.
        for link in sorted(links, key=lambda link: (house.stay not in link, link)):
            of = next((p for p in PAGES if "{" in p and pattern(p).fullmatch(link)), None)
            if of is not None and of not in found:
                found[of] = link
                waiting.append((of, link))
    return found


@pytest.fixture(scope="module")
def windows(chromium: Any, house: Furnished) -> Iterator[Callable[[str], Window]]:
    """One window for each language: what it has loaded once it need not load again."""
    browsing, opened = Browsing(chromium), dict[str, Window]()

    def window(language: str) -> Window:
        if language not in opened:
            opened[language] = browsing.window(house.url, language=language)
        return opened[language]

    yield window
    browsing.close()
    assert browsing.foreign == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_in_anybodys_way(
    house: Furnished,
    tokens: dict[str, str],
    addresses: dict[str, str],
    windows: Callable[[str], Window],
    path: str,
    language: str,
) -> None:
    """At a desk and on a phone, where nothing is wider than the glass either."""
    assert path in addresses, "no page leads there: let furnished.py make what it shows"
    window, found = windows(language), list[str]()
    window.page.context.clear_cookies(name=COOKIE)
    if path != "/board/sign-in":
        window.page.context.add_cookies([{"name": COOKIE, "value": tokens[who_does_most(path)], "url": house.url}])
    window.go(addresses[path])
    window.wait("the page is there", lambda: window.page.locator("main h1").count() == 1)
    for size in (DESK, PHONE):
        window.page.set_viewport_size(size)
        # A page may go on to the ward of this visitor by itself: then it is looked at there.
        looked = window.wait("axe has looked", lambda: {"found": window.page.evaluate(RUN, AXE)})
        found += [f"{size['width']} {each}" for each in looked["found"]]

    assert "\n".join(found) == ""
    assert window.overflow_px() <= 0
    assert window.page.locator("main > .notice.bad[role=alert]").count() == 0
