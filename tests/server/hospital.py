"""A small hospital behind the server's HTTP interface: two wards, staff of every role, devices of every kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from server.app import create_app
from server.config import Settings
from server.core import Core
from server.db import Database
from wardlink.clock import FixedClock
from wardlink.credential import Credential
from wardlink.messages.encounters import Admit
from workbench.ward import Addresses, DevicePlan, StaffPlan, WardPlan, build

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)

ADMIN = StaffPlan("a-wang", "王管理", "admin", "A1", "135790")
NURSE = StaffPlan("n-lijing", "李静", "nurse", "N1001", "2580")
MANAGER = StaffPlan("m-zhao", "赵护士长", "manager", "M1", "8642")

PATIENT = Admit(
    admission_no="ZY20260001",
    mrn="P0001",
    name="陈秀英",
    sex="female",
    birth_on=date(1950, 3, 8),
    id_last4="123X",
    bed="1",
)
OTHER_PATIENT = Admit(
    admission_no="ZY20260002", mrn="P0002", name="刘建国", sex="male", birth_on=date(1961, 7, 2), bed="2"
)

W3 = WardPlan(
    ward="w3",
    name="三病区",
    beds=[("1", "1床"), ("2", "2床"), ("3", "3床")],
    staff=[ADMIN, NURSE, MANAGER],
    devices=[
        DevicePlan("cart-1", "cart", "推车"),
        DevicePlan("t-1", "terminal", "1床终端", "1"),
        DevicePlan("t-2", "terminal", "2床终端", "2"),
        DevicePlan("t-3", "terminal", "3床终端", "3"),
        DevicePlan("m-1", "monitor", "监护仪", "1"),
    ],
    patients=[PATIENT, OTHER_PATIENT],
)
W4 = WardPlan(ward="w4", name="四病区", beds=[("1", "1床")], devices=[DevicePlan("cart-4", "cart", "推车四")])


@dataclass
class Hospital:
    """The application with its client. Its clock stands still; nothing of it runs but the routes."""

    app: FastAPI
    http: TestClient
    clock: FixedClock
    credentials: dict[str, Credential]
    stays: dict[str, str]

    @property
    def core(self) -> Core:
        """The heart of the server."""
        core: Core = self.app.state.core
        return core

    def auth(self, device: str) -> tuple[str, str]:
        """How this device says who it is."""
        return device, self.credentials[device].secret.get_secret_value()

    def sign_in(self, person: StaffPlan, pin: str | None = None, **options: Any) -> Any:
        """The server's answer to badge and PIN."""
        body = {"badge": person.badge, "pin": person.pin if pin is None else pin}
        return self.http.post("/api/v1/sign-in", json=body, **options)

    def token(self, person: StaffPlan) -> dict[str, str]:
        """The headers of requests of this person, who signs in for it."""
        return {"Authorization": f"Bearer {self.sign_in(person).json()['token']}"}

    def open(self, device: str, bed: str, admission_no: str, second: str) -> Any:
        """The server's answer to the two identifiers at a bed of ward w3."""
        body = {"admission_no": admission_no, "second": second}
        return self.http.post(f"/api/v1/wards/w3/beds/{bed}/open", json=body, auth=self.auth(device))

    def audited(self) -> list[tuple[str, str, str]]:
        """Actor, action and what of every line of the audit, in order."""
        with self.core.db.read() as conn:
            return [
                tuple(row) for row in conn.exec_driver_sql("SELECT actor, action, what FROM access_audit ORDER BY no")
            ]


def settings(folder: Path, url: str, **more: Any) -> Settings:
    """Settings of a server without pages, whose broker is nowhere."""
    return Settings(data_dir=folder, database_url=url, broker="external", broker_port=1, pages=False, **more)


@dataclass(frozen=True)
class Founded:
    """A hospital that lies in a database, to be copied: what its devices and stays are called."""

    credentials: dict[str, Credential]
    stays: dict[str, str]


def found(url: str) -> Founded:
    """Found the hospital in the empty migrated database at `url`."""
    core = Core(Database(url), FixedClock(NOW))
    try:
        made = [build(core, plan, Addresses("127.0.0.1", 1883, "http://127.0.0.1:8080")) for plan in (W3, W4)]
    finally:
        core.db.close()
    return Founded({name: c for part in made for name, c in part.credentials.items()}, made[0].stays)


def open_hospital(folder: Path, url: str, founded: Founded) -> Hospital:
    """The application of the hospital that was founded at `url`."""
    clock = FixedClock(NOW)
    app = create_app(settings(folder, url), clock=clock)
    # Errors of ours answer; those that nobody foresaw shall answer as well and not be thrown at the test.
    http = TestClient(app, raise_server_exceptions=False, headers={"Accept-Language": "en"})
    return Hospital(app, http, clock, founded.credentials, founded.stays)
