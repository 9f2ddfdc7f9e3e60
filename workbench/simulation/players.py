"""Those who act in the simulation, each through a real `Device`: monitors, patients who call, and a nurse.

What each has done already is what its own device holds: a simulation that is ended and begun again goes on
there, and makes up for the gap.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from wardlink.clinical.call_reasons import class_of
from wardlink.device import Device, Entry
from wardlink.messages.base import Actor
from wardlink.messages.calls import CallNotice, RaiseCall
from wardlink.messages.vitals import RecordVitals
from workbench.replay.entries import monitor_entry
from workbench.simulation.bodies import Body, manual_set, monitor_sample
from workbench.simulation.cast import Cast, Patient
from workbench.simulation.schedule import MONITOR_BACK, ROUNDS_BACK, answer, presses, rounds, samples

PATIENCE_WITH_HUMANS = 4.0
"""A call from a bed where somebody plays the patient rings longer, so that somebody else can take it."""


class Monitor:
    """The monitor at one bed."""

    def __init__(self, device: Device, patient: Patient, body: Body, interval: timedelta) -> None:
        self.device = device
        self._patient = patient
        self._body = body
        self._interval = interval
        newest = device.outbox.newest()
        self._upto = newest.measured_at if newest else body.opened_at - MONITOR_BACK

    def act(self, now: datetime) -> int:
        """Record every sample that is due; returns how many."""
        entries = []
        for at, interval in samples(self._upto, now, self._interval):
            entry = monitor_entry(
                monitor_sample(self._body, at, interval),
                at,
                interval,
                device=self.device.credential.device,
                encounter=self._patient.stay,
                bed=self._patient.bed,
            )
            if entry is not None:
                entries.append(entry)
            self._upto = at
        if entries:
            self.device.record_all(entries)
        return len(entries)


class Caller:
    """The patient behind one bedside terminal, who calls now and then. Nobody calls for the past."""

    def __init__(self, device: Device, patient: Patient, cast: Cast, beds: tuple[str, ...], now: datetime) -> None:
        self.device = device
        self._patient = patient
        self._seed = cast.seed
        self._beds = beds
        self._upto = now

    def act(self, now: datetime) -> int:
        """Press Call if it is time."""
        due = [p for p in presses(self._seed, self._beds, self._upto, now) if p.bed == self._patient.bed]
        self._upto = now
        for press in due:
            patient = Actor(kind="patient", id=self._patient.stay)
            body = RaiseCall(reason=press.reason)
            command = self.device.record(
                "call.raise", body, actor=patient, encounter=self._patient.stay, bed=press.bed, measured_at=press.at
            )
            notice = CallNotice(
                id=command.id, bed=press.bed, reason=press.reason, cls=class_of(press.reason), raised_at=press.at
            )
            self.device.notify_call(notice)
        return len(due)


class Nurse:
    """A nurse with a cart of her own: takes full sets on her rounds, and answers calls."""

    def __init__(self, device: Device, cast: Cast) -> None:
        self.device = device
        self._cast = cast
        self._actor = Actor(kind="staff", id=cast.nurse)
        newest = device.outbox.newest()
        self._upto = newest.measured_at if newest else cast.opened_at - ROUNDS_BACK

    def act(self, now: datetime) -> int:
        """Do what is due; returns how many commands that were."""
        return self._walk(now) + self._answer(now)

    def _walk(self, now: datetime) -> int:
        due = sorted(
            (at, patient.bed, patient)
            for patient in self._cast.patients
            for at in rounds(self._cast.body(patient), patient.level, self._upto, now)
        )
        entries = [
            Entry(
                "vitals.record",
                RecordVitals(readings=manual_set(self._cast.body(patient), at)),
                self._actor,
                patient.stay,
                bed,
                at,
            )
            for at, bed, patient in due
        ]
        if entries:
            self.device.record_all(entries)
        self._upto = now
        return len(entries)

    def _answer(self, now: datetime) -> int:
        done = 0
        for call in self.device.replica.calls():
            patience = PATIENCE_WITH_HUMANS if call.bed in self._cast.human_beds else 1.0
            step = answer(call, now, self._cast.seed, patience=patience)
            if step is not None:
                kind, body = step
                self.device.record(kind, body, actor=self._actor, encounter=call.encounter, bed=call.bed)
                done += 1
        return done
