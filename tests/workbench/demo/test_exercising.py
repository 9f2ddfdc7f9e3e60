"""The sample plan of rehabilitation: written by the therapist, once."""

from __future__ import annotations

from pathlib import Path

from server.core import Core
from server.db import Database
from server.migrate import upgrade
from server.record.service import records_of
from tests.clinical.sets import NOW
from wardlink.clinical.rehabilitation.planning import sessions_on
from wardlink.clock import FixedClock, ward_date
from wardlink.record.rehabilitation import REHAB_PLAN
from workbench import ward
from workbench.demo import exercising
from workbench.demo.plan import sample_ward


def test_the_sample_ward_begins_with_a_plan(tmp_path: Path) -> None:
    """With sessions today, marked as a sample; not again at the next start."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), FixedClock(NOW))
    sample = sample_ward()
    built = ward.build(core, sample.plan(NOW), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))

    made = [exercising.plan(core, sample.ward, built.stays) for _ in range(2)]

    with core.db.read() as conn:
        (plan,) = records_of(conn, REHAB_PLAN)
    core.db.close()
    assert made == [True, False]
    assert "样例" in plan.now.goal
    assert plan.now.by_name == "林悦"
    assert len(sessions_on(plan.now, ward_date(NOW))) == 2
