"""Whose the bed of the browser is in the sample ward: this shift and the next, and the care team that follows."""

from __future__ import annotations

from pathlib import Path

from server.care_team.round import CareTeamRound
from server.core import Core
from server.db import Database
from server.migrate import upgrade
from server.record.service import records_of
from tests.clinical.sets import NOW
from wardlink.clock import FixedClock
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
