"""The sample ward: a table that fits the rules of the server and of the simulation."""

from __future__ import annotations

from datetime import UTC, datetime

from server.identity.roles import ROLES
from wardlink.clinical.names import same_or_similar_names
from wardlink.messages.changes import BedView
from workbench.demo.plan import CART, CASHES, MANAGES, NURSES_CART, SIGNS_IN, SIMULATED_NURSE, sample_ward
from workbench.simulation.stories import COURSES

OPENED = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_thirty_four_of_forty_beds_are_taken_once() -> None:
    """No bed twice, no admission number twice, and every bed is one of the ward."""
    ward = sample_ward()
    plan = ward.plan(OPENED)

    beds = [patient.bed for patient in plan.patients]
    assert len(plan.beds) == 40
    assert len(beds) == len(set(beds)) == 34
    assert set(beds) <= {bed for bed, _ in plan.beds}
    assert len({patient.admission_no for patient in plan.patients}) == 34
    assert all(BedView(id=bed, label=label) for bed, label in plan.beds)


def test_everybody_was_admitted_before_the_history_begins() -> None:
    """The oldest reading of the simulation is two days old at the opening."""
    plan = sample_ward().plan(OPENED)

    assert all((OPENED - at).days >= 2 for at in plan.admitted_at.values())
    assert plan.admitted_at.keys() == {patient.admission_no for patient in plan.patients}


def test_every_story_and_every_role_is_known() -> None:
    """So are the people who are named as logins, and the nurses and doctors of the patients."""
    ward = sample_ward()
    staff = {person.id: person for person in ward.staff}

    assert {patient.story for patient in ward.patients} <= COURSES.keys()
    assert {person.role for person in ward.staff} <= set(ROLES)
    assert {SIGNS_IN, MANAGES, CASHES, SIMULATED_NURSE} <= staff.keys()
    assert {p.admission.nurse for p in ward.patients} | {p.admission.doctor for p in ward.patients} <= staff.keys()


def test_only_copd_is_on_the_second_scale() -> None:
    """The scale goes with the decision in the table, and the table makes it for these patients alone."""
    second = {patient.story for patient in sample_ward().patients if patient.admission.spo2_scale == 2}

    assert second == {"copd"}


def test_the_bed_of_the_browser_has_a_terminal_and_a_name_sake() -> None:
    """Its patient can sign in with the four digits that are printed, and can be taken for another."""
    ward = sample_ward()
    patient = ward.patient_in(ward.human_bed)

    names = {p.admission.bed: p.admission.name for p in ward.patients}
    assert patient.terminal == ward.human_terminal
    assert patient.admission.id_last4
    assert ward.human_bed in same_or_similar_names(names)


def test_the_devices_are_two_carts_ten_monitors_a_room_and_some_terminals() -> None:
    """Each at its bed but the carts and the examination room, no name twice."""
    devices = sample_ward().plan(OPENED).devices

    kinds = [device.kind for device in devices]
    assert len({device.id for device in devices}) == len(devices)
    assert {device.id for device in devices if device.kind == "cart"} == {CART, NURSES_CART}
    assert (kinds.count("cart"), kinds.count("monitor")) == (2, 10)
    assert kinds.count("terminal") >= 4
    assert all(device.bed for device in devices if device.kind not in ("cart", "room"))
