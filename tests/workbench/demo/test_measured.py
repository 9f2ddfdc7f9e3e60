"""What the sample ward begins with beside its orders: facts that fit, once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from server.core import Core
from server.db import Database
from server.exceptions.models import ExceptionRow
from server.migrate import upgrade
from server.record.service import records_of
from tests.clinical.sets import NOW
from wardlink.clock import FixedClock
from wardlink.record.fluids import FLUID
from wardlink.record.observations import OBSERVATION
from workbench import ward
from workbench.demo import measured
from workbench.demo.plan import sample_ward


def test_the_sample_ward_begins_with_measurements(tmp_path: Path) -> None:
    """Nothing of them needs a person's eye, and the next start adds none."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), FixedClock(NOW))
    sample = sample_ward()
    built = ward.build(core, sample.plan(NOW), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))

    made = [measured.measure(core, sample.ward, built.stays) for _ in range(2)]

    with core.db.read() as conn:
        kept = len(records_of(conn, FLUID)) + len(records_of(conn, OBSERVATION))
        cases = conn.execute(select(ExceptionRow.__table__)).all()  # type: ignore[attr-defined]
    core.db.close()
    assert made == [kept, 0]
    assert kept > 0
    assert cases == []
