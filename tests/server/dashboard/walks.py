"""Random days of a small ward: everything that can happen at a bed, in any order, for the tests of the board."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.server.wards import CHANGE, DESK, NURSE, OTHER_NURSE, STAY_1, STAY_2, SmallWard
from wardlink.clinical.vitals import VitalSet
from wardlink.errors import WardlinkError
from wardlink.ids import new_id
from wardlink.messages.attributions import AttributeValues, StrikeAttribution
from wardlink.messages.base import Actor
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, RaiseCall, ResolveCall
from wardlink.messages.encounters import Discharge, Transfer, UpdateEncounter
from wardlink.messages.exceptions import CloseException
from wardlink.messages.isolations import EndIsolation, StartIsolation
from wardlink.messages.vitals import RecordVitals, StrikeVitals

WHOLE = {"temp_c": 37.0, "rr_per_min": 16.0, "sbp_mmhg": 120.0, "dbp_mmhg": 80.0, "spo2_pct": 97.0}
NOBODY = Actor(kind="staff", id="nobody")
PATIENT = Actor(kind="patient", id="p1")
FAMILY = Actor(kind="family", id=STAY_1)
MONITOR = Actor(kind="device", id="m1")


class Walk:
    """Does one random thing after another to ward w1, through the ingest and the server's own entrances."""

    def __init__(self, ward: SmallWard, seed: int) -> None:
        self.ward = ward
        self.chance = random.Random(seed)
        self.stays = [STAY_1, STAY_2]
        self.sets: list[str] = []
        self.calls: list[str] = []
        self.words: list[str] = []
        self.isolations: list[str] = []
        self.patients = 2

    def step(self) -> None:
        """One more thing happens; what the server refuses has not happened."""
        self.ward.clock.advance(self.chance.choice((1, 5, 60, 900)))
        try:
            self.chance.choice(
                [self.measure] * 5
                + [self.watch] * 4
                + [self.strike] * 2
                + [self.call] * 2
                + [self.answer] * 2
                + [self.isolate, self.isolate, self.end_isolation]
                + [self.unpaired, self.say_whose, self.take_back]
                + [self.move, self.discharge, self.admit, self.decide, self.close]
            )()
        except WardlinkError:
            return

    def measure(self) -> None:
        """A nurse's set, whole or not, perhaps of an earlier hour, perhaps by somebody unknown."""
        readings: dict[str, Any] = {"pulse_per_min": float(self.chance.randrange(50, 130))}
        if self.chance.random() < 0.6:
            readings |= WHOLE | {"o2_on": self.chance.random() < 0.3, "acvpu": self.chance.choice("AAAC")}
            readings["rr_per_min"] = float(self.chance.randrange(8, 30))
        at = self.ward.clock.now() - timedelta(minutes=self.chance.choice((0, 0, 1, 30, 300)))
        actor = self.chance.choice((NURSE, NURSE, OTHER_NURSE, NOBODY))
        body = RecordVitals(readings=VitalSet(**readings))
        command = self.ward.cart.command("vitals.record", body, encounter=self.any_stay(), actor=actor, measured_at=at)
        self.ward.take(command)
        self.sets.append(command.id)

    def watch(self) -> None:
        """A monitor's set, with leads off."""
        off = self.chance.choice(((), (), ("spo2_pct",), ("hr_per_min", "spo2_pct"), ("temp_c",)))
        shown = {"hr_per_min": float(self.chance.randrange(50, 130)), "spo2_pct": 96.0, "rr_per_min": 15.0}
        body = RecordVitals(
            readings=VitalSet(**{key: value for key, value in shown.items() if key not in off}),
            source="monitor",
            lead_off=off,
            interval_s=self.chance.choice((1.0, 60.0)),
        )
        command = self.ward.monitor.command("vitals.record", body, encounter=self.any_stay(), actor=MONITOR)
        self.ward.take(command)
        self.sets.append(command.id)

    def unpaired(self) -> None:
        """The monitor speaks and stands at nobody."""
        readings = VitalSet(hr_per_min=float(self.chance.randrange(50, 130)))
        body = RecordVitals(readings=readings, source="monitor", interval_s=60.0)
        self.ward.take(self.ward.monitor.command("vitals.record", body, actor=MONITOR))

    def say_whose(self) -> None:
        """A nurse says whose its values were, perhaps otherwise than another one."""
        until = self.ward.clock.now() - timedelta(minutes=self.chance.choice((0, 10)))
        body = AttributeValues(monitor="m1", from_at=until - timedelta(hours=1), until_at=until, reason="emergency")
        command = self.ward.cart.command("attribution.record", body, encounter=self.any_stay())
        self.ward.take(command)
        self.words.append(command.id)

    def take_back(self) -> None:
        """One of these words is struck out."""
        if self.words:
            body = StrikeAttribution(attribution=self.chance.choice(self.words), reason="wrong patient")
            self.ward.take(self.ward.cart.command("attribution.strike", body, encounter=self.any_stay()))

    def strike(self) -> None:
        """A set is struck out, perhaps one that nobody has recorded."""
        which = self.chance.choice([*self.sets, new_id()]) if self.sets else new_id()
        body = StrikeVitals(vitals=which, reason="wrong patient")
        self.ward.take(self.ward.cart.command("vitals.strike", body, encounter=self.any_stay()))

    def isolate(self) -> None:
        """A nurse isolates somebody."""
        body = StartIsolation(precaution=self.chance.choice(("airborne", "contact")), reason="MRSA")
        command = self.ward.cart.command("isolation.start", body, encounter=self.any_stay())
        self.ward.take(command)
        self.isolations.append(command.id)

    def end_isolation(self) -> None:
        """An isolation ends, perhaps one that has ended."""
        if self.isolations:
            body = EndIsolation(isolation=self.chance.choice(self.isolations), reason="over")
            self.ward.take(self.ward.cart.command("isolation.end", body, encounter=self.any_stay()))

    def call(self) -> None:
        """Somebody presses Call."""
        terminal = self.chance.choice((self.ward.terminal, self.ward.terminal_2))
        body = RaiseCall(reason=self.chance.choice((None, "CHEST", "WATER")))
        command = terminal.command("call.raise", body, actor=self.chance.choice((PATIENT, FAMILY)))
        self.ward.take(command)
        self.calls.append(command.id)

    def answer(self) -> None:
        """A nurse takes a call, comes, or ends it."""
        if self.calls:
            call = self.chance.choice(self.calls)
            kind, body = self.chance.choice(
                (
                    ("call.acknowledge", AcknowledgeCall(call=call)),
                    ("call.arrive", ArriveAtCall(call=call)),
                    ("call.resolve", ResolveCall(call=call)),
                )
            )
            self.ward.take(self.ward.cart.command(kind, body))

    def move(self) -> None:
        """A patient moves, inside the ward, out of it, or back."""
        to = self.chance.choice((("w1", "b1"), ("w1", "b3"), ("w1", "b4"), ("w2", "b1")))
        self._do("encounter.transfer", Transfer(ward=to[0], bed=to[1]))

    def discharge(self) -> None:
        """A stay ends."""
        if self.chance.random() < 0.4:
            self._do("encounter.discharge", Discharge())

    def admit(self) -> None:
        """Somebody new comes."""
        self.patients += 1
        self.stays.append(self.ward.admit(self.patients, self.chance.choice(("b1", "b2", "b3", "b4"))))

    def decide(self) -> None:
        """Something about a stay is decided anew."""
        self._do(
            "encounter.update",
            UpdateEncounter(
                level=self.chance.choice(("special", "level1", "level3")), pregnant=self.chance.random() < 0.2
            ),
        )

    def close(self) -> None:
        """An exception is closed."""
        found = [row for row in self.ward.exceptions() if row.ward == "w1"]
        if found:
            body = CloseException(exception=self.chance.choice(found).id, reason="spoke to the nurse")
            self.ward.core.execute("exception.close", body, ward="w1", actor=NURSE)

    def any_stay(self) -> str:
        """One of the stays, finished ones included."""
        return self.chance.choice(self.stays)

    def _do(self, kind: str, body: Any) -> None:
        stay = self.any_stay()
        with self.ward.db.read() as conn:
            from server.patients.service import encounter_view

            view = encounter_view(conn, stay)
        assert view is not None
        self.ward.core.execute(kind, body, ward=view.ward, actor=DESK, encounter=stay)


def rows_after(ward: SmallWard, seq: int) -> list[dict[str, Any]]:
    """The rows of the change log of w1 behind `seq`, as Live hands them out."""
    with ward.db.read() as conn:
        rows = conn.execute(select(CHANGE).where(CHANGE.c.ward == "w1", CHANGE.c.seq > seq).order_by(CHANGE.c.seq))
        return [dict(row._mapping) for row in rows]
