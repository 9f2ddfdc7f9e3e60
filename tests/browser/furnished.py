"""A hospital in which every page has something to show: the demo's ward, and what only people would add to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import insert

from server.complaints.handlers import submit
from server.core import Core
from server.db import Database
from server.house.kinds import KINDS
from server.identity.roles import ROLES
from server.identity.sessions import COOKIE
from server.models import Parked
from server.payments.rows import NOTICE
from server.reconcile.service import Reconciliation
from server.results.taking import take_in
from tests.browser.servers import served
from tests.server.reconcile.books_of_a_day import line, order
from wardlink import topics
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import SystemClock, ward_date
from wardlink.messages.base import Actor
from wardlink.messages.complaints import SubmitComplaint
from wardlink.messages.consults import RequestConsult
from wardlink.messages.requests import PlaceRequest
from wardlink.messages.results import ReportResult
from wardlink.messages.vitals import RecordVitals
from wardlink.process.child import free_port
from workbench.demo.folder import DemoFolder
from workbench.demo.plan import sample_ward
from workbench.demo.ports import Ports
from workbench.demo.prepare import prepare
from workbench.ward import Addresses, StaffPlan, WardPlan, build

EVERYBODY = {role: StaffPlan(f"a-{role}", "无名", role, f"A{no:04d}", "135790") for no, role in enumerate(ROLES)}
"""Somebody of every role, in the ward."""

BED = "12"


@dataclass(frozen=True)
class Furnished:
    """Where it is, and the stay of the patient about whom there is something of everything."""

    url: str
    stay: str


@contextmanager
def furnished_server(folder: Path) -> Iterator[Furnished]:
    """One until the end of the block."""
    sample, ports = sample_ward(), Ports(page=free_port(), broker=free_port())
    demo = DemoFolder(folder / "demo")
    try:
        now = SystemClock().now()
        prepare(demo, demo.card(now), sample, "127.0.0.1", ports)
        core = Core(Database(f"sqlite:///{demo.server / 'ward.db'}"), SystemClock())
        try:
            plan = WardPlan(ward=sample.ward, name=sample.name, beds=[], staff=list(EVERYBODY.values()))
            build(core, plan, Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))
            with core.db.read() as conn:
                stay = conn.exec_driver_sql("SELECT id FROM encounter WHERE bed = ?", (BED,)).scalar_one()
            _spoken(core, sample.ward, stay)
            _sent(core, sample.ward, stay)
            _paid(core, stay)
        finally:
            core.db.close()
        with served(demo.server, ports.page, ports.broker, folder / "server.log"):
            url = f"http://127.0.0.1:{ports.page}"
            _sent_files(url)
            yield Furnished(url, stay)
    finally:
        demo.close()


def _spoken(core: Core, ward: str, stay: str) -> None:
    """What the patient has said at the bed, and what the nurse's cart and the monitor have."""
    patient = Actor(kind="patient", id=stay)
    where: dict[str, Any] = {"ward": ward, "encounter": stay, "bed": BED}
    said = SubmitComplaint.model_validate({"kind": "complaint", "topic": "place", "sentences": ["place-1"]})
    complaint = core.command("complaint.submit", said, actor=patient, **where).model_copy(update={"device": f"t{BED}"})
    with core.transaction() as batch:
        submit(batch, complaint, said)
    slot = f"{ward_date(core.clock.now()) + timedelta(days=1)}T14:00:00+08:00"
    wanted = RequestConsult.model_validate({"specialty": "heart", "slot_at": slot})
    core.execute("consult.request", wanted, actor=patient, **where)
    core.execute("request.place", PlaceRequest(category="repair", code="lamp"), actor=patient, **where)
    measured = RecordVitals(readings=VitalSet(pulse_per_min=70.0), source="manual")
    core.execute("vitals.record", measured, actor=Actor(kind="staff", id="nobody-we-know"), **where)


def _sent(core: Core, ward: str, stay: str) -> None:
    """What came in from elsewhere: a critical result, and something that cannot be read."""
    now = core.clock.now()
    item = {"code": "2823-3", "name": "钾", "value": "6.40", "unit": "mmol/L", "low": "3.5", "high": "5.3"}
    report = {"number": "K1", "code": "24326-1", "name": "电解质", "status": "final", "items": [item]}
    told = ReportResult.model_validate(report | {"issued_at": now - timedelta(minutes=5)})
    unreadable = {"digest": "d" * 64, "received_at": now, "topic": topics.up(ward, "c1"), "device": "c1", "times": 2}
    said = {"code": "message-unreadable", "reason": "This message cannot be read.", "payload": b'{"v": 9}'}
    with core.db.write() as conn:
        take_in(core, conn, stay, told, Actor(kind="device", id="lab"))
        conn.execute(insert(Parked.__table__).values(unreadable | said))  # type: ignore[attr-defined]


def _sent_files(url: str) -> None:
    """Files of the hospital that were sent and not confirmed: they live as long as the server."""
    for role, kind in (("dietitian", "menu"), ("manager", "guides")):
        person, text = EVERYBODY[role], KINDS[kind].ours_text()  # type: ignore[index]
        said = {"badge": person.badge, "pin": person.pin}
        token = httpx2.post(f"{url}/api/v1/sign-in", json=said, timeout=30).json()["token"]
        sent = {"file": (f"{kind}.toml", f"{text}\n# next month".encode())}
        httpx2.post(f"{url}/board/files/{kind}/look", files=sent, cookies={COOKIE: token}, timeout=30)


def _paid(core: Core, stay: str) -> None:
    """A payment that waits, one whose amount the channel's bill disputes, and one that fits nothing."""
    now = core.clock.now()
    yesterday = now - timedelta(days=1)
    order(core.db, "open1", at=now + timedelta(minutes=10), status="created", stay=stay)
    order(core.db, "paid1", at=yesterday, stay=stay)
    Reconciliation(core, {}).run_rows("wechat", ward_date(yesterday), [line("paid1", 9_900, at=yesterday)])
    notice: dict[str, Any] = {"channel": "wechat", "id": "n1", "received_at": now, "sent_at": now, "kind": "payment"}
    unknown = {"out_trade_no": "nobody-knows", "amount_fen": 500, "outcome": "order", "digest": "d" * 64}
    with core.db.write() as conn:
        conn.execute(insert(NOTICE).values(notice | unknown))
