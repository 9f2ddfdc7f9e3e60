"""Whose the bed of the browser is in the sample ward: this shift and the next, and the care team that follows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from server.care_team.round import CareTeamRound
from server.core import Core
from server.db import Database
from server.migrate import upgrade
from server.record.service import records_of
from server.roster.service import entries
from tests.clinical.sets import NOW
from wardlink.clock import FixedClock, ward_date
from wardlink.record.care_team import CARE_TEAM
from workbench import ward
from workbench.demo import exercising, shifts
from workbench.demo.plan import sample_ward


def test_two_nurses_have_taken_the_bed(tmp_path: Path) -> None:
    """Once; the team at the bed is whole, and every role in it is somebody else's."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), FixedClock(NOW))
    sample = sample_ward()
    built = ward.build(core, sample.plan(NOW), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))
    made = [shifts.take(core, sample.ward, built.stays) for _ in range(2)]
    exercising.plan(core, sample.ward, built.stays)
    CareTeamRound(core).look(built.stays["12"])

    with core.db.read() as conn:
        (team,) = records_of(conn, CARE_TEAM)
    core.db.close()
    assert made == [2, 0]
    roles = [member.role for member in team.members]
    assert roles == ["doctor", "nurse", "shift-nurse", "shift-nurse", "head-nurse", "therapist"]


def test_every_shift_of_two_weeks_has_its_nurse(tmp_path: Path) -> None:
    """Entered once; nobody is entered twice on a day."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), FixedClock(NOW))
    sample = sample_ward()
    ward.build(core, sample.plan(NOW), ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))
    made = [shifts.roster(core, sample.ward) for _ in range(2)]
    days = [ward_date(NOW) + timedelta(days=n) for n in range(-7, 8)]
    with core.db.read() as conn:
        found = entries(conn, days, ward=sample.ward)
    core.db.close()

    assert made == [60, 0]
    assert {(entry.on, entry.code) for entry in found} == {
        (on, c) for on in days for c in ("day", "evening", "night", "off")
    }
