"""The sample orders: each can be signed, and stands as far on its way as the table says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from server.core import Core
from server.db import Database
from server.migrate import upgrade
from server.record.service import records_of
from tests.clinical.sets import NOW
from wardlink.clock import FixedClock
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER
from workbench import ward
from workbench.demo import orders
from workbench.demo.plan import sample_ward


def test_the_sample_ward_begins_with_orders(tmp_path: Path) -> None:
    """On the way of every order; once, and not again at the next start."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), FixedClock(NOW))
    sample = sample_ward()
    built = ward.build(core, sample.plan(NOW), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))
    doctors = {p.admission.bed: p.admission.doctor for p in sample.patients if p.admission.doctor}

    made = [orders.order(core, sample.ward, built.stays, doctors) for _ in range(2)]

    with core.db.read() as conn:
        found, doses = records_of(conn, ORDER), records_of(conn, DOSE)
    core.db.close()
    assert made == [len(orders.sample_orders()), 0]
    assert Counter(order.state for order in found) == Counter(row["stands"] for row in orders.sample_orders())
    assert {dose.state for dose in doses} == {"planned"}
