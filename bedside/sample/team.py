"""The invented care team of the invented stay: the nurse of the stay is here, another comes next. SAMPLE."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from wardlink.clinical.shifts import shift_at
from wardlink.messages.care_team import CareMember, CareTeamView
from wardlink.record.care_team import care_team_id

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.records import RecordView


def sample_team(stay: EncounterView, now: datetime) -> dict[tuple[str, str], RecordView]:
    """By kind and id."""
    running = shift_at(now)
    members = [
        CareMember(role="shift-nurse", staff=stay.nurse or "n-lijing", name="李静", shift_at=running.begins_at),
        CareMember(role="shift-nurse", staff="n-wangmin", name="王敏", shift_at=running.ends_at),
        CareMember(role="head-nurse", staff="h-chenhong", name="陈红"),
        CareMember(role="therapist", staff="r-linyue", name="林悦"),
    ]
    if stay.nurse and stay.nurse_name:
        members.insert(0, CareMember(role="nurse", staff=stay.nurse, name=stay.nurse_name))
    if stay.doctor and stay.doctor_name:
        members.insert(0, CareMember(role="doctor", staff=stay.doctor, name=stay.doctor_name))
    view = CareTeamView(
        id=care_team_id(stay.id), encounter=stay.id, bed=stay.bed, members=tuple(members), told_at=stay.admitted_at
    )
    return {("care-team", view.id): view}
