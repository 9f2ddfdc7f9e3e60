"""Five days of vital signs of the invented stay: by hand, and since this morning by a monitor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bedside.sample.stay import NURSE_ID, NURSE_NAME
from wardlink.messages.encounters import EncounterView
from wardlink.messages.vitals import VitalsRecorded

_FULL = ("temp_c", "pulse_per_min", "rr_per_min", "sbp_mmhg", "dbp_mmhg", "spo2_pct")
# Hours ago, and the values of _FULL. Axillary temperatures, by hand.
_ROUNDS = (
    (68.6, (38.4, 96, 22, 142, 88, 95)),
    (62.6, (38.1, 92, 20, 138, 86, 95)),
    (44.6, (37.4, 84, 18, 136, 84, 96)),
    (38.6, (37.2, 82, 18, 134, 82, 97)),
    (20.6, (36.9, 76, 17, 126, 80, 97)),
    (14.6, (37.0, 78, 17, 128, 82, 97)),
    (0.7, (36.8, 72, 16, 122, 78, 98)),
)


def sample_sets(stay: EncounterView, now: datetime) -> list[VitalsRecorded]:
    """Everything that was measured of a stay."""
    by_hand = [
        sample_set(stay, index, now - timedelta(hours=hours), "manual", dict(zip(_FULL, values, strict=True)))
        for index, (hours, values) in enumerate(_ROUNDS)
    ]
    return [*by_hand, *_monitor_sets(stay, now)]


def _monitor_sets(stay: EncounterView, now: datetime) -> list[VitalsRecorded]:
    """Seven hours of a monitor, a set in five minutes; the oxygen clip was off twice, the second time until now."""
    found = []
    for index in range(84):
        at = now - timedelta(minutes=5 * (83 - index))
        off = 30 <= index < 42 or index >= 80
        readings: dict[str, Any] = {"hr_per_min": 72.0 + (index * 7 % 11) + (8 if 50 < index < 62 else 0)}
        if not off:
            readings["spo2_pct"] = 96.0 + (index * 3 % 3)
        found.append(sample_set(stay, 100 + index, at, "monitor", readings, lead_off=("spo2_pct",) if off else ()))
    return found


def sample_set(
    stay: EncounterView, index: int, at: datetime, source: Any, readings: dict[str, Any], lead_off: Any = ()
) -> VitalsRecorded:
    """One set of a stay, the `index`th; `manual` ones carry what a nurse notes besides."""
    by_hand = source == "manual"
    if by_hand:
        readings = readings | {"temp_method": "axillary", "o2_on": False, "o2_mode": "air", "acvpu": "A"}
    return VitalsRecorded.model_validate(
        {
            "id": f"00000000-0000-7000-9012-{index:012d}",
            "encounter": stay.id,
            "measured_at": at,
            "entered_at": at,
            "received_at": at,
            "device": "c2" if by_hand else "m12",
            "actor": {"kind": "staff", "id": NURSE_ID} if by_hand else {"kind": "device", "id": "m12"},
            "actor_name": NURSE_NAME if by_hand else None,
            "source": source,
            "readings": readings,
            "lead_off": lead_off,
            "interval_s": None if by_hand else 300.0,
        }
    )
