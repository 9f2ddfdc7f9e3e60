"""A server with its pages for real browsers: one whose clock stands still inside this process, one as it is run."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI

from server.app import create_app
from server.config import Settings
from server.core import Core
from server.db import Database
from server.migrate import upgrade
from tests.waiting import wait_until
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import FixedClock, SystemClock
from wardlink.credential import Credential
from wardlink.messages.base import Actor
from wardlink.messages.encounters import Admit
from wardlink.messages.vitals import RecordVitals
from wardlink.process.child import Child, free_port
from workbench.ward import Addresses, BuiltWard, DevicePlan, StaffPlan, WardPlan, build

NOW = datetime(2026, 11, 25, 2, 42, tzinfo=UTC)

NURSE = StaffPlan("n-lijing", "李静", "nurse", "N1001", "2580")
MANAGER = StaffPlan("m-liuwei", "刘伟", "manager", "M0001", "9517")
TECHNICIAN = StaffPlan("t-qian", "钱工", "technician", "T0001", "7410")
DOCTOR = StaffPlan("d-zhoutao", "周涛", "doctor", "D2001", "7531")
PHARMACIST = StaffPlan("p-qianlin", "钱琳", "pharmacist", "P3001", "4680")
CHARGE_NURSE = StaffPlan("n-zhaoyan", "赵妍", "charge-nurse", "N1003", "3690")
CASHIER = StaffPlan("k-wuli", "吴丽", "cashier", "K1001", "1593")
SECOND_CASHIER = StaffPlan("k-fengyu", "冯宇", "cashier", "K1002", "3571")
KITCHEN = StaffPlan("c-tangmei", "唐梅", "kitchen", "F5001", "8024")
ADMIN = StaffPlan("a-wang", "王管理", "admin", "A0001", "147036")
STAFF = (ADMIN, NURSE, MANAGER, TECHNICIAN, DOCTOR, PHARMACIST, CHARGE_NURSE, CASHIER, SECOND_CASHIER, KITCHEN)

BEDS = [(str(number), f"{number:02d}") for number in range(1, 13)]


def admission(bed: str, name: str, **other: Any) -> Admit:
    """Somebody invented."""
    fields = {
        "admission_no": f"ZY{int(bed):04d}",
        "mrn": f"P{int(bed):04d}",
        "name": name,
        "sex": "female",
        "birth_on": date(1959, 5, 1),
        "bed": bed,
    }
    return Admit.model_validate(fields | other)


def ward_plan() -> WardPlan:
    """Ward w3: twelve beds, patients in the first four, a cart, a terminal and a monitor."""
    return WardPlan(
        ward="w3",
        name="三病区",
        beds=BEDS,
        staff=STAFF,
        devices=[
            DevicePlan("c1", "cart", "C1"),
            DevicePlan("t1", "terminal", "T1", "1"),
            DevicePlan("m2", "monitor", "M2", "2"),
        ],
        patients=[admission(bed, name) for bed, name in zip("1234", ("王秀英", "赵强", "孙梅", "欧阳静"), strict=True)],
    )


@dataclass
class StillServer:
    """A server in this process. `clock` stands still until a test moves it."""

    core: Core
    clock: FixedClock
    url: str
    stays: dict[str, str]
    uvicorn: uvicorn.Server
    app: FastAPI

    def record(
        self,
        bed: str,
        *,
        monitor: bool = False,
        off: tuple[str, ...] = (),
        note: str | None = None,
        by: str = NURSE.id,
        **readings: Any,
    ) -> None:
        """Something was measured at this bed just now."""
        who = Actor(kind="device", id="m2") if monitor else Actor(kind="staff", id=by)
        body = RecordVitals(
            readings=VitalSet(**readings),
            source="monitor" if monitor else "manual",
            lead_off=off,
            interval_s=1.0 if monitor else None,
            note=note,
        )
        self.core.execute("vitals.record", body, ward="w3", actor=who, encounter=self.stays[bed], bed=bed)

    def admit(self, bed: str, name: str, **other: Any) -> str:
        """Somebody new lies in this bed; returns the id of the stay."""
        plan = WardPlan(ward="w3", name="三病区", beds=BEDS, patients=[admission(bed, name, **other)])
        self.stays |= self.add(plan).stays
        return self.stays[bed]

    def add(self, plan: WardPlan) -> BuiltWard:
        """What this plan names is there as well."""
        return build(self.core, plan, _nowhere())

    def audited(self, action: str) -> list[str]:
        """What was written down of this action, in order."""
        with self.core.db.read() as conn:
            rows = conn.exec_driver_sql("SELECT what FROM access_audit WHERE action = ? ORDER BY no", (action,))
            return [what for (what,) in rows]


def _nowhere() -> Addresses:
    return Addresses("127.0.0.1", 1, "http://127.0.0.1:1")


@contextmanager
def still_server(folder: Path) -> Iterator[StillServer]:
    """Run one until the end of the block. A process can have one at a time: the page framework is one a process."""
    clock, port = FixedClock(NOW), free_port()
    settings = Settings(data_dir=folder, port=port, broker="external", broker_port=free_port(), demo=True)
    app = create_app(settings, clock=clock)
    core: Core = app.state.core
    stays = build(core, ward_plan(), _nowhere()).stays
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="pages", daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), "the server listens", timeout_s=30)
        yield StillServer(core, clock, f"http://127.0.0.1:{port}", stays, server, app)
    finally:
        server.should_exit = True
        thread.join(timeout=15)


@dataclass
class RealServer:
    """`wardlink server` as it is run, with its broker. `child` may be killed."""

    url: str
    child: Child
    built: BuiltWard

    def credential(self, device: str) -> Credential:
        """Who a device is, and where it finds this server."""
        return self.built.credentials[device]


@contextmanager
def real_server(folder: Path, *more: str, environment: Mapping[str, str] | None = None) -> Iterator[RealServer]:
    """Run one until the end of the block, with `more` options and settings."""
    data, port, broker_port = folder / "server", free_port(), free_port()
    data.mkdir(mode=0o700)
    url = f"sqlite:///{data / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), SystemClock())
    try:
        built = build(core, ward_plan(), Addresses("127.0.0.1", broker_port, f"http://127.0.0.1:{port}"))
    finally:
        core.db.close()
    with served(data, port, broker_port, folder / "server.log", *more, environment=environment) as child:
        yield RealServer(f"http://127.0.0.1:{port}", child, built)


@contextmanager
def served(
    data: Path, port: int, broker_port: int, log: Path, *more: str, environment: Mapping[str, str] | None = None
) -> Iterator[Child]:
    """`wardlink server` on this data until the end of the block."""
    command = [sys.executable, "-m", "commands", "server", "--data", str(data)]
    command += ["--port", str(port), "--broker-port", str(broker_port), *more]
    child = Child("server", command, log=log, environment=environment)
    child.start()
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(f"{address}/board/sign-in"), "the server answers", timeout_s=60, every_s=0.1)
        yield child
    finally:
        child.stop()


def _answers(address: str) -> bool:
    try:
        return httpx2.get(address, timeout=1).status_code == 200
    except httpx2.HTTPError:
        return False
