"""The invented adverse events of the sample ward: there once, each marked as a sample."""

from __future__ import annotations

from pathlib import Path

from server.adverse.service import events_seen
from server.core import Core
from server.db import Database
from server.identity.staff import Person
from server.migrate import upgrade
from tests.clinical.sets import NOW
from wardlink.clock import FixedClock
from workbench import ward
from workbench.demo import happened
from workbench.demo.plan import sample_ward


def test_the_sample_ward_begins_with_a_few_events(tmp_path: Path) -> None:
    """Each of a patient who lay there; not again at the next start."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), FixedClock(NOW))
    sample = sample_ward()
    built = ward.build(core, sample.plan(NOW), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))

    made = [happened.report(core, sample.ward, built.stays) for _ in range(2)]

    with core.db.read() as conn:
        found = events_seen(conn, Person("h", "h", "head-nurse", (sample.ward,)), [sample.ward])
    core.db.close()
    assert made == [3, 0]
    assert {row.kind for row in found} == {"fall", "pressure-injury", "near-miss"}
    assert all(row.words.startswith("【样例】") and row.encounter for row in found)
