"""An invented heart, for demos and pictures: twelve leads out of five bells a beat. SAMPLE, and never a patient's."""

from __future__ import annotations

import math
import random
from array import array
from datetime import datetime

from wardlink.clinical.ecg.strip import MISSING, Strip

RATE_HZ = 500.0
UV_PER_UNIT = 2.5

# Of P, Q, R, S and T: seconds from the R peak, and width.
_WAVES = ((-0.17, 0.022), (-0.028, 0.008), (0.0, 0.011), (0.030, 0.010), (0.26, 0.045))
# Microvolts of the five in each lead; III, aVR, aVL and aVF follow from I and II as they do in anybody.
_LEADS = {
    "I": (90, -50, 700, -110, 190),
    "II": (150, -80, 1150, -200, 300),
    "V1": (60, 0, 220, -850, -60),
    "V2": (70, 0, 430, -1250, 420),
    "V3": (80, -20, 800, -800, 480),
    "V4": (90, -70, 1500, -430, 430),
    "V5": (90, -90, 1300, -200, 340),
    "V6": (80, -80, 950, -90, 260),
}
_LIMBS = {
    "III": (-1.0, 1.0),
    "aVR": (-0.5, -0.5),
    "aVL": (1.0, -0.5),
    "aVF": (-0.5, 1.0),
}
"""Shares of I and II. Source: Einthoven and Goldberger."""


def sample_strip(
    start_at: datetime,
    *,
    seconds: float = 10.0,
    per_min: float = 78.0,
    seed: int = 1,
    off: tuple[str, float, float] | None = None,
) -> tuple[Strip, tuple[int, ...]]:
    """A strip and its R peaks. `off`: a lead that was off, from one second until another."""
    chance = random.Random(seed)
    length = round(seconds * RATE_HZ)
    peaks = tuple(_peaks(length, per_min, chance))
    uv = {lead: _wave(lead, length, peaks, chance) for lead in _LEADS}
    for lead, (of_i, of_ii) in _LIMBS.items():
        uv[lead] = [of_i * one + of_ii * two for one, two in zip(uv["I"], uv["II"], strict=True)]
    leads = {lead: array("h", (round(value / UV_PER_UNIT) for value in values)) for lead, values in uv.items()}
    if off is not None:
        lead, from_s, until_s = off
        for index in range(round(from_s * RATE_HZ), min(length, round(until_s * RATE_HZ))):
            leads[lead][index] = MISSING
    return Strip(start_at, RATE_HZ, UV_PER_UNIT, leads), peaks


def _peaks(length: int, per_min: float, chance: random.Random) -> list[int]:
    found, at_s = [], 0.4
    while round(at_s * RATE_HZ) < length:
        found.append(round(at_s * RATE_HZ))
        at_s += 60 / per_min * (1 + chance.uniform(-0.03, 0.03))
    return found


def _wave(lead: str, length: int, peaks: tuple[int, ...], chance: random.Random) -> list[float]:
    drift = chance.uniform(0, math.tau)
    values = [25 * math.sin(math.tau * 0.25 * index / RATE_HZ + drift) + chance.gauss(0, 6) for index in range(length)]
    for peak in peaks:
        for (offset_s, width_s), height in zip(_WAVES, _LEADS[lead], strict=True):
            middle, width = peak + offset_s * RATE_HZ, width_s * RATE_HZ
            for index in range(max(0, int(middle - 4 * width)), min(length, int(middle + 4 * width) + 1)):
                values[index] += height * math.exp(-(((index - middle) / width) ** 2) / 2)
    return values
