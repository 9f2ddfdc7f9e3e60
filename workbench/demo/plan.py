"""The sample ward of the demo, out of its table: beds, staff, patients, devices. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from wardlink.messages.encounters import Admit
from workbench.ward import DevicePlan, StaffPlan, WardPlan

CART = "c2"
"""The cart whose screen opens in the browser; C1 is pushed by the simulated nurse."""

NURSES_CART = "c1"
ROOM = "ecg-1"
"""The examination room that sends ECG strips; with its credential, `wardlink ecg push` sends more."""

SIMULATED_NURSE = "n-sample"
SIGNS_IN = "n-lijing"
"""Who is named as the login for the cart."""

MANAGES = "m-liuwei"
"""Who is named as the login for the manager's page."""

CASHES = "k-wuli"
"""Who is named as the login for the cashier's page."""

_OURS = ("story", "days", "monitor", "terminal")


@dataclass(frozen=True)
class SamplePatient:
    """One invented stay: its admission, what happens to the patient, and which devices stand at the bed."""

    admission: Admit
    story: str
    admitted_days_ago: int
    monitor: str | None
    terminal: str | None


@dataclass(frozen=True)
class SampleWard:
    """The whole table. `human_bed`: the bed whose terminal opens in the browser."""

    ward: str
    name: str
    beds: int
    seed: int
    human_bed: str
    staff: tuple[StaffPlan, ...]
    patients: tuple[SamplePatient, ...]

    def patient_in(self, bed: str) -> SamplePatient:
        """Who lies in this bed at the beginning."""
        return next(patient for patient in self.patients if patient.admission.bed == bed)

    def member(self, staff: str) -> StaffPlan:
        """The member of staff with this id."""
        return next(person for person in self.staff if person.id == staff)

    @property
    def human_terminal(self) -> str:
        """The terminal that opens in the browser."""
        return self.patient_in(self.human_bed).terminal or ""

    def plan(self, opened_at: datetime) -> WardPlan:
        """What shall be in the database of a ward that was first opened at this instant."""
        devices = [
            DevicePlan(NURSES_CART, "cart", "C1"),
            DevicePlan(CART, "cart", "C2"),
            DevicePlan(ROOM, "room", "心电图室"),
        ]
        for patient in self.patients:
            bed = patient.admission.bed
            if patient.monitor:
                devices.append(DevicePlan(patient.monitor, "monitor", f"M{bed}", bed))
            if patient.terminal:
                devices.append(DevicePlan(patient.terminal, "terminal", f"T{bed}", bed))
        return WardPlan(
            ward=self.ward,
            name=self.name,
            beds=[(str(number), str(number)) for number in range(1, self.beds + 1)],
            staff=self.staff,
            devices=devices,
            patients=[patient.admission for patient in self.patients],
            admitted_at={
                p.admission.admission_no: opened_at - timedelta(days=p.admitted_days_ago) for p in self.patients
            },
        )


def sample_ward() -> SampleWard:
    """The sample ward, read from its table."""
    table = tomllib.loads(files("workbench.demo").joinpath("sample_ward.toml").read_text("utf-8"))
    return SampleWard(
        ward=table["ward"],
        name=table["name"],
        beds=table["beds"],
        seed=table["seed"],
        human_bed=table["human_bed"],
        staff=tuple(StaffPlan(**person) for person in table["staff"]),
        patients=tuple(_patient(row) for row in table["patients"]),
    )


def _patient(row: Mapping[str, Any]) -> SamplePatient:
    bed = row["bed"]
    return SamplePatient(
        admission=Admit(**{name: value for name, value in row.items() if name not in _OURS}),
        story=row["story"],
        admitted_days_ago=row["days"],
        monitor=f"m{bed}" if row.get("monitor") else None,
        terminal=f"t{bed}" if row.get("terminal") else None,
    )
