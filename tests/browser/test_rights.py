"""Every route against everybody who could ask: who lacks the right is refused and stands in the audit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2
import pytest
from starlette.routing import BaseRoute

from server.identity.roles import EVERYWHERE, RIGHTS, ROLES, may
from server.identity.sessions import COOKIE
from tests.browser.bodies import body_of
from tests.browser.route_rules import rules
from tests.browser.servers import StillServer, admission
from workbench.ward import Addresses, DevicePlan, StaffPlan, WardPlan, build

RULES = rules()
PIN = "135790"
WARD = "w9"

STAFF = {role: StaffPlan(f"z-{role}", "无名", role, f"Z{no:04d}", PIN) for no, role in enumerate(ROLES)}
ELSEWHERE = {
    f"{role} elsewhere": StaffPlan(f"y-{role}", "无名", role, f"Y{no:04d}", PIN)
    for no, role in enumerate(ROLES)
    if role not in EVERYWHERE
}
"""Those who are bound to a ward, in another one."""

NOWHERE = Addresses("127.0.0.1", 1, "http://127.0.0.1:1")
DEVICES = (DevicePlan("z-cart", "cart", "Z"), DevicePlan("z-bed", "terminal", "Z", "1"))

NOBODY = "nobody"
WITHOUT_SIGN_IN = (NOBODY, *(device.id for device in DEVICES))
PRINCIPALS = (*ROLES, *WITHOUT_SIGN_IN)


@dataclass
class House:
    """The still server with somebody of every role, in a ward of its own."""

    server: StillServer
    clients: dict[str, httpx2.Client]
    openapi: dict[str, Any]
    stay: str
    seen: int = 0

    def ask(self, who: str, method: str, path: str, body: Any) -> httpx2.Response:
        """What the server answers to this principal."""
        if path.startswith("/board") and method == "POST":
            return self.clients[who].request(method, self.filled(path), data={"reason": "x"})
        if body is not None:
            return self.clients[who].request(method, self.filled(path), json=body)
        return self.clients[who].request(method, self.filled(path))

    def refused(self) -> list[str]:
        """What is written in the audit about refusals, one after the other, by nobody of another test."""
        with self.server.core.db.read() as conn:
            rows = conn.exec_driver_sql(
                "SELECT what FROM access_audit WHERE action = 'refused' AND no > ? ORDER BY no", (self.seen,)
            ).scalars()
            lines = list(rows)
            self.seen = conn.exec_driver_sql("SELECT max(no) FROM access_audit").scalar_one()
        return lines

    def filled(self, path: str) -> str:
        """The address of a route: the ward and the stay are real, everything else is called as nothing is."""
        known = {
            "ward": WARD,
            "bed": "1",
            "encounter": self.stay,
            "on": "2026-11-25",
            "day": "2026-11-25",
            "meal": "lunch",
            "channel": "wechat",
            "paper": "receipt",
            "specialty": "cardiology",
            "number": "999999999",
            "no": "1",
            "kind": "cases",
            "path:path": "nothing",
        }
        # Numbers are ids of some routes and UUIDs of others.
        own = "999999999" if "/parked/" in path else "00000000-0000-7000-8000-00000000abcd"
        return re.sub(r"\{([^}]+)\}", lambda part: known.get(part[1], own), path)


@pytest.fixture(scope="module")
def house(still: StillServer) -> Iterator[House]:
    """The ward of these tests, and everybody signed in."""
    plan = WardPlan(
        ward=WARD,
        name="九病区",
        beds=[("1", "1")],
        staff=list(STAFF.values()),
        devices=DEVICES,
        patients=[admission("1", "何人", admission_no="ZY9001", mrn="P9001")],
    )
    build(still.core, WardPlan(ward="w8", name="八病区", beds=[], staff=list(ELSEWHERE.values())), NOWHERE)
    built = build(still.core, plan, NOWHERE)
    clients = {NOBODY: httpx2.Client(**_common(still))}
    for who, person in (*STAFF.items(), *ELSEWHERE.items()):
        token = clients[NOBODY].post("/api/v1/sign-in", json={"badge": person.badge, "pin": PIN}).json()["token"]
        client = httpx2.Client(**_common(still), cookies={COOKIE: token})
        client.headers["Authorization"] = f"Bearer {token}"
        clients[who] = client
    for device, credential in built.credentials.items():
        clients[device] = httpx2.Client(**_common(still), auth=(device, credential.secret.get_secret_value()))
    openapi = clients[NOBODY].get("/openapi.json").json()
    yield House(still, clients, openapi, built.stays["1"])
    for client in clients.values():
        client.close()


def _common(still: StillServer) -> dict[str, Any]:
    return {"base_url": still.url, "timeout": 30, "headers": {"Accept-Language": "en"}}


def routes_of(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of everything that the application answers; what the page framework brings along is left out."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        path = prefix + getattr(route, "path", "")
        if inner is not None:
            yield from routes_of(inner.routes, prefix)
        elif "_nicegui" in path:
            continue
        elif methods := getattr(route, "methods", None):
            yield from ((method, path) for method in methods if method != "HEAD")
        else:
            yield from routes_of(getattr(route, "routes", ()), path)


@cache
def pattern(path: str) -> re.Pattern[str]:
    """What the lines of the rules for this route look like."""
    return re.compile(re.sub(r"\\\{[^}]+\\\}", r"[^/]+", re.escape(path)))


def is_let_in(who: str, enough: frozenset[str]) -> bool:
    """Whether the rule lets this principal in."""
    if "open" in enough:
        return True
    if who == NOBODY:
        return False
    if who not in ROLES:
        return "device" in enough
    return "staff" in enough or any(may(who, right) for right in RIGHTS if right in enough)


def test_every_route_has_a_rule_and_every_rule_a_route(house: House) -> None:
    """Who adds a route says who may use it."""
    routes = set(routes_of(house.server.app.routes))
    unruled = [
        r for r in routes if r not in RULES and not any(m == r[0] and pattern(r[1]).fullmatch(p) for m, p in RULES)
    ]
    unused = [
        r for r in RULES if r not in routes and not any(m == r[0] and pattern(p).fullmatch(r[1]) for m, p in routes)
    ]

    assert (sorted(unruled), sorted(unused)) == ([], [])


@pytest.mark.parametrize("rule", [pytest.param(rule, id=" ".join(rule)) for rule in RULES])
def test_who_lacks_the_right_is_refused_and_audited(house: House, rule: tuple[str, str]) -> None:
    """Everybody else is let in, which is not to say that there is what they ask for."""
    method, path = rule
    enough = RULES[rule]
    body = body_of(house.openapi, method, path)
    wrong = []
    for who in PRINCIPALS:
        if path.endswith("/sign-out"):
            continue
        let_in = is_let_in(who, enough)
        house.refused()
        # Those who may do it are given nothing to do it with.
        answer = house.ask(who, method, path, ({} if let_in and body is not None else body))
        new = house.refused()
        if let_in:
            fine = answer.status_code not in (401, 403) or "open" in enough or who in WITHOUT_SIGN_IN
        elif who in WITHOUT_SIGN_IN:
            fine = answer.status_code in (401, 403) or "/board/sign-in" in answer.headers.get("location", "")
        else:
            refused = [f"{method} {path}"] if "device" not in enough or enough - {"device"} else []
            fine = answer.status_code == (403 if refused else 401) and len(new) == len(refused)
        if not fine:
            wrong.append((who, let_in, answer.status_code, answer.text[:90], new))

    assert wrong == []


OF_A_WARD = [rule for rule in RULES if ("{ward}" in rule[1] or "{encounter}" in rule[1]) and "staff" not in RULES[rule]]


@pytest.mark.parametrize("rule", [pytest.param(rule, id=" ".join(rule)) for rule in OF_A_WARD])
def test_who_works_elsewhere_finds_nothing(house: House, rule: tuple[str, str]) -> None:
    """A right holds in the wards in which somebody works."""
    method, path = rule
    body = body_of(house.openapi, method, path)
    got = {who: house.ask(who, method, path, body).status_code for who in ELSEWHERE}

    assert {who: status for who, status in got.items() if status not in (401, 403, 404)} == {}
