"""Lays the sample ward out on disk before any process starts: database, credentials, and who plays whom."""

from __future__ import annotations

from pathlib import Path

from wardlink.clock import SystemClock
from workbench import ward
from workbench.demo import (
    assessments,
    exercising,
    happened,
    measured,
    orders,
    paying,
    relatives,
    rounds,
    shifts,
    strips,
)
from workbench.demo.folder import Card, DemoFolder
from workbench.demo.plan import NURSES_CART, SIMULATED_NURSE, SampleWard
from workbench.demo.ports import Ports, inside
from workbench.simulation.cast import Cast, Patient

INTERVAL_S = 5.0
"""How often a simulated monitor sends."""


def prepare(folder: DemoFolder, card: Card, sample: SampleWard, host: str, ports: Ports) -> Path:
    """Make what is not there yet, and give every device today's addresses; returns the file of the cast."""
    from server.core import Core
    from server.db import Database
    from server.migrate import upgrade

    folder.server.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = f"sqlite:///{folder.server / 'ward.db'}"
    upgrade(url)
    core = Core(Database(url), SystemClock())
    try:
        # The devices run here: they need neither a name nor a way round through the network.
        addresses = ward.Addresses("127.0.0.1", ports.broker, f"http://{inside(host)}:{ports.page}")
        built = ward.build(core, sample.plan(card.opened_at), addresses, folder.known())
        doctors = {p.admission.bed: p.admission.doctor for p in sample.patients if p.admission.doctor}
        orders.order(core, sample.ward, built.stays, doctors)
        measured.measure(core, sample.ward, built.stays)
        assessments.assess(core, sample.ward, built.stays)
        rounds.go_round(core, sample.ward, built.stays)
        shifts.take(core, sample.ward, built.stays)
        shifts.roster(core, sample.ward)
        strips.take(core, sample.ward, built.stays, doctors)
        exercising.plan(core, sample.ward, built.stays)
        happened.report(core, sample.ward, built.stays)
        paying.pay_ahead(core, built.stays)
        relatives.let_in(core, sample.ward, built.stays)
    finally:
        core.db.close()
    folder.keep(built.credentials)
    path = folder.path / "cast.json"
    folder.write(path, cast(folder, card, sample, built).model_dump_json(indent=1))
    return path


def cast(folder: DemoFolder, card: Card, sample: SampleWard, built: ward.BuiltWard) -> Cast:
    """Who takes part in the simulation: all who still lie in the bed that the table gives them."""
    patients = []
    for patient in sample.patients:
        admission = patient.admission
        stay = built.stays.get(admission.bed)
        if stay is None or built.admission_nos.get(stay) != admission.admission_no:
            # Somebody has moved or discharged the patient meanwhile: the simulation leaves that alone.
            continue
        patients.append(
            Patient(
                stay=stay,
                bed=admission.bed,
                admission_no=admission.admission_no,
                level=admission.level,
                story=patient.story,
                monitor=folder.credential(patient.monitor) if patient.monitor else None,
                terminal=folder.credential(patient.terminal) if patient.terminal else None,
            )
        )
    return Cast(
        seed=sample.seed,
        opened_at=card.opened_at,
        interval_s=INTERVAL_S,
        folder=folder.path / "devices",
        nurse=SIMULATED_NURSE,
        cart=folder.credential(NURSES_CART),
        patients=tuple(patients),
        human_beds=frozenset({sample.human_bed}),
    )
