"""The invented stays of the invented ward, and what was measured at them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from wardlink.messages.changes import BedView, StaffView
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.vitals import RecordVitals, VitalsRecorded

WARD = "w3"
NURSE = StaffView(id="n-lijing", name="李静", role="nurse")
SECOND_NURSE = StaffView(id="n-wangfang", name="王芳", role="nurse")
DOCTOR = StaffView(id="d-zhoutao", name="周涛", role="doctor")

# Bed, name, sex, born, level, diet, allergies, scale.
_STAYS: tuple[tuple[str, str, Any, date, Any, str, tuple[str, ...], Any], ...] = (
    ("1", "陈建国", "male", date(1957, 3, 8), "level2", "regular", (), 1),
    ("2", "林桂芳", "female", date(1949, 7, 21), "level2", "low-salt", ("青霉素",), 1),
    ("3", "王秀兰", "female", date(1961, 1, 30), "level3", "regular", (), 1),
    ("5", "欧阳文静", "female", date(1990, 12, 2), "level3", "soft", (), 1),
    ("6", "黄志明", "male", date(1944, 5, 17), "level1", "liquid", (), 2),
    ("8", "周小燕", "female", date(1972, 9, 9), "level2", "low-fat", (), 1),
    ("9", "Anna Schmidt", "female", date(1985, 4, 4), "level2", "regular", ("Latex",), 1),
    ("10", "赵强", "male", date(1968, 2, 14), "level1", "regular", (), 1),
    ("11", "钱玉珍", "female", date(1939, 10, 1), "special", "nil-by-mouth", (), 1),
    ("12", "王秀英", "female", date(1959, 6, 26), "level2", "low-salt", ("头孢类",), 1),
)
BEDS = tuple(BedView(id=str(n), label=f"{n} 床") for n in range(1, 13))

_FULL = ("temp_c", "pulse_per_min", "rr_per_min", "sbp_mmhg", "dbp_mmhg", "spo2_pct", "o2_mode", "acvpu")
# Bed: hours ago, and the values of _FULL. Axillary temperatures, by hand.
_ROUNDS: Mapping[str, tuple[tuple[float, tuple[Any, ...]], ...]] = {
    "1": ((20.6, (36.6, 70, 16, 130, 82, 98, "air", "A")), (0.6, (36.7, 74, 16, 128, 80, 98, "air", "A"))),
    "2": ((2.2, (36.9, 88, 18, 148, 90, 96, "air", "A")),),
    "3": ((1.6, (36.5, 66, 14, 118, 72, 99, "air", "A")),),
    "5": ((20.6, (36.8, 78, 16, 112, 70, 98, "air", "A")),),
    "6": ((5.0, (37.0, 90, 22, 136, 78, 90, "nasal", "A")), (0.5, (37.1, 88, 20, 130, 76, 90, "nasal", "A"))),
    "8": ((27.0, (36.4, 72, 16, 120, 76, 97, "air", "A")),),
    "9": ((3.0, (37.4, 84, 17, 124, 78, 97, "air", "A")),),
    "10": (
        (20.0, (36.9, 86, 18, 124, 76, 96, "air", "A")),
        (8.2, (37.8, 98, 20, 116, 70, 95, "air", "A")),
        (4.4, (38.2, 106, 22, 108, 66, 93, "air", "A")),
        (0.4, (38.6, 112, 25, 100, 62, 91, "air", "A")),
    ),
    "12": (
        (44.6, (37.1, 80, 18, 136, 84, 97, "air", "A")),
        (20.6, (36.9, 76, 17, 126, 80, 97, "air", "A")),
        (0.7, (36.8, 72, 16, 122, 78, 98, "air", "A")),
    ),
}


def sample_stays(now: datetime) -> list[EncounterView]:
    """Ten stays, by bed."""
    return [_stay(number, row, now) for number, row in enumerate(_STAYS, 1)]


def sample_sets(stay: EncounterView, now: datetime) -> list[VitalsRecorded]:
    """What was measured at this stay until now."""
    if stay.bed == "11":
        return _monitor_sets(stay, now)
    found = []
    for index, (hours, values) in enumerate(_ROUNDS.get(stay.bed, ())):
        readings = dict(zip(_FULL, values, strict=True)) | {"temp_method": "axillary", "o2_on": values[6] != "air"}
        at = now - timedelta(hours=hours)
        found.append(_set(stay, index, at, source="manual", readings=readings))
    return found


def _monitor_sets(stay: EncounterView, now: datetime) -> list[VitalsRecorded]:
    """Seven hours of a monitor, a set in five minutes; the oxygen clip was off twice, the second time until now."""
    found = []
    for index in range(84):
        at = now - timedelta(minutes=5 * (83 - index))
        off = 30 <= index < 42 or index >= 80
        readings: dict[str, Any] = {
            "hr_per_min": 84.0 + (index * 7 % 11) + (12 if 50 < index < 62 else 0),
            "rr_per_min": 16.0 + (index * 5 % 4),
            "abp_sbp_mmhg": 118.0 - (index * 3 % 9),
            "abp_dbp_mmhg": 64.0 - (index * 3 % 7),
        }
        if not off:
            readings["spo2_pct"] = 95.0 + (index * 3 % 4)
        found.append(_set(stay, index, at, source="monitor", readings=readings, lead_off=("spo2_pct",) if off else ()))
    by_hand = dict(zip(_FULL, (36.2, 88, 18, 116, 62, 96, "mask", "V"), strict=True))
    by_hand |= {"temp_method": "axillary", "o2_on": True}
    found.append(_set(stay, 999, now - timedelta(hours=3), source="manual", readings=by_hand))
    return found


def _set(
    stay: EncounterView, index: int, at: datetime, *, source: Any, readings: dict[str, Any], lead_off: Any = ()
) -> VitalsRecorded:
    number = int(stay.id[-12:])
    by_hand = source == "manual"
    return VitalsRecorded.model_validate(
        {
            "id": f"00000000-0000-7000-9{number:03d}-{index:012d}",
            "encounter": stay.id,
            "measured_at": at.astimezone(UTC),
            "entered_at": at.astimezone(UTC),
            "received_at": at.astimezone(UTC),
            "device": "c1" if by_hand else "m11",
            "actor": {"kind": "staff", "id": NURSE.id} if by_hand else {"kind": "device", "id": "m11"},
            "actor_name": NURSE.name if by_hand else None,
            "source": source,
            "readings": readings,
            "lead_off": lead_off,
            "interval_s": None if by_hand else 300.0,
        }
    )


def _stay(number: int, row: tuple[Any, ...], now: datetime) -> EncounterView:
    bed, name, sex, birth_on, level, diet, allergies, scale = row
    return EncounterView(
        id=f"00000000-0000-7000-8000-{number:012d}",
        admission_no=f"2026{1100 + number}",
        mrn=f"M{88000 + number}",
        name=name,
        sex=sex,
        birth_on=birth_on,
        ward=WARD,
        bed=bed,
        status="in-progress",
        level=level,
        diet=diet,
        allergies=allergies,
        spo2_scale=scale,
        nurse=NURSE.id,
        nurse_name=NURSE.name,
        doctor=DOCTOR.id,
        doctor_name=DOCTOR.name,
        admitted_at=now - timedelta(days=5, hours=number),
    )


def recorded(command: Command, body: RecordVitals) -> VitalsRecorded:
    """A set as this cart holds it before the server has it."""
    return VitalsRecorded(
        id=command.id,
        encounter=command.encounter,
        measured_at=command.measured_at,
        entered_at=command.entered_at,
        device=command.device,
        actor=command.actor,
        actor_name=NURSE.name,
        news2=body.seen,
        **{name: getattr(body, name) for name in RecordVitals.model_fields if name != "seen"},
    )
