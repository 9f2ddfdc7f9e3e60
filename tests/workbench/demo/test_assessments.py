"""The sample assessments: each is whole, and is recorded once without anything that does not fit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from server.core import Core
from server.db import Database
from server.exceptions.service import open_exceptions
from server.migrate import upgrade
from server.record.service import records_of
from tests.clinical.sets import NOW
from wardlink.clinical.assessments.scales import scales
from wardlink.clinical.assessments.weighing import weigh
from wardlink.clock import FixedClock
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.rounds import ROUND
from workbench import ward
from workbench.demo import assessments, rounds
from workbench.demo.plan import sample_ward

ROWS = assessments.sample_assessments()


EVERY = [*ROWS, *assessments.admission_assessments(["1"])]


@pytest.mark.parametrize("row", EVERY, ids=[f"{row['bed']}-{row['scale']}" for row in EVERY])
def test_each_answers_its_scale(row: dict[str, object]) -> None:
    """So that it could have been saved on a cart."""
    answers = row["answers"]
    assert isinstance(answers, dict)

    assert weigh(scales()[str(row["scale"])], answers, age_years=60).may_be_saved


def test_the_sample_ward_begins_with_assessments(tmp_path: Path) -> None:
    """Once, and not again at the next start; no case is opened by them."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), FixedClock(NOW))
    sample = sample_ward()
    built = ward.build(core, sample.plan(NOW), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))

    made = [assessments.assess(core, sample.ward, built.stays) for _ in range(2)]

    with core.db.read() as conn:
        found, cases = records_of(conn, ASSESSMENT), open_exceptions(conn, sample.ward)
    core.db.close()
    assert made == [len(found), 0]
    assert len(found) > len(ROWS)
    assert {view.bed for view in found} >= {row["bed"] for row in ROWS}
    assert all(view.band is not None for view in found)
    assert cases == []


def test_the_nurses_have_been_round_but_are_late_at_a_few_beds(tmp_path: Path) -> None:
    """A ward in which everything is overdue looks like no ward; one in which nothing is shows nothing."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), FixedClock(NOW))
    sample = sample_ward()
    built = ward.build(core, sample.plan(NOW), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))

    made = [rounds.go_round(core, sample.ward, built.stays) for _ in range(2)]

    with core.db.read() as conn:
        found, cases = records_of(conn, ROUND), open_exceptions(conn, sample.ward)
    core.db.close()
    assert made == [len(found), 0]
    assert {view.bed for view in found} == set(built.stays)
    assert {view.bed for view in found if view.done_at < NOW - timedelta(hours=1)} == set(rounds.LATE)
    assert cases == []
