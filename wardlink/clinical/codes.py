"""Answers that are chosen from a list: a stable code to store and send, and words to show."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from wardlink.i18n import N_, gettext


class Coded(StrEnum):
    """A code that knows its words. It equals its code, so it is stored and sent as plain text."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        """One member: its `code`, and the message id of its words."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def of(cls, code: str) -> Self | None:
        """The member with that code; None where the list has no such code."""
        return next((member for member in cls if member.value == code), None)

    def text(self) -> str:
        """The words, in the language of this context."""
        return gettext(self.label)


class Acvpu(Coded):
    """Level of consciousness as NEWS2 takes it. Nothing measured is None, never ALERT."""

    ALERT = "A", N_("Alert")
    CONFUSION = "C", N_("New confusion")
    VOICE = "V", N_("Responds to voice")
    PAIN = "P", N_("Responds to pain")
    UNRESPONSIVE = "U", N_("Unresponsive")


class TempMethod(Coded):
    """Where the temperature was taken. Values are stored as measured and never converted between methods."""

    AXILLARY = "axillary", N_("Axillary")
    ORAL = "oral", N_("Oral")
    RECTAL = "rectal", N_("Rectal")
    EAR = "ear", N_("Ear")
    FOREHEAD = "forehead", N_("Forehead")
    CORE = "core", N_("Core")


class O2Mode(Coded):
    """How the patient gets oxygen."""

    AIR = "air", N_("Room air")
    NASAL = "nasal", N_("Nasal cannula")
    MASK = "mask", N_("Face mask")
    VENTURI = "venturi", N_("Venturi mask")
    RESERVOIR = "reservoir", N_("Reservoir mask")
    HFNC = "hfnc", N_("High-flow nasal cannula")
    NIV = "niv", N_("Non-invasive ventilation")
    INVASIVE = "invasive", N_("Invasive ventilation")


class GcsVerbal(Coded):
    """Verbal response of the Glasgow Coma Scale; T where a tube makes it untestable."""

    NONE = "1", N_("No verbal response")
    SOUNDS = "2", N_("Incomprehensible sounds")
    WORDS = "3", N_("Inappropriate words")
    CONFUSED = "4", N_("Confused conversation")
    ORIENTED = "5", N_("Oriented")
    TUBE = "T", N_("Intubated, not testable")


class Comparator(Coded):
    """A glucose meter beyond its range: it said LO or HI, and there is no number."""

    LOW = "<", N_("LO (below the meter's range)")
    HIGH = ">", N_("HI (above the meter's range)")


class GlucoseSlot(Coded):
    """When in the day a finger-prick glucose was taken."""

    FASTING = "fasting", N_("Fasting")
    AFTER_BREAKFAST = "after-breakfast", N_("2 h after breakfast")
    BEFORE_LUNCH = "before-lunch", N_("Before lunch")
    AFTER_LUNCH = "after-lunch", N_("2 h after lunch")
    BEFORE_DINNER = "before-dinner", N_("Before dinner")
    AFTER_DINNER = "after-dinner", N_("2 h after dinner")
    BEDTIME = "bedtime", N_("Bedtime (22:00)")
    NIGHT = "night", N_("Night (03:00)")
    RANDOM = "random", N_("Random")


class NotMeasured(Coded):
    """Why a reading that was due has no value. Closes the task, plots nothing, breaks the line."""

    REFUSED = "refused", N_("Patient refused")
    OUT = "out", N_("Out of the ward")
    LEAVE = "leave", N_("On leave")
    EXAMINATION = "examination", N_("At an examination")
    SURGERY = "surgery", N_("In surgery")
    NOT_RISING = "not-rising", N_("Thermometer did not rise")
    DEVICE_FAULT = "device-fault", N_("Device fault")
    BEDRIDDEN = "bedridden", N_("Bedridden, cannot be weighed")
    SYSTOLIC_ONLY = "systolic-only", N_("Only the systolic pressure could be felt")


REASON_ONLY_FOR: Mapping[NotMeasured, frozenset[str]] = {
    NotMeasured.NOT_RISING: frozenset({"temp_c"}),
    NotMeasured.BEDRIDDEN: frozenset({"weight_kg"}),
    NotMeasured.SYSTOLIC_ONLY: frozenset({"dbp_mmhg"}),
}
"""Reasons that make sense for some readings only; the others fit every reading."""

CODES_OF: Mapping[str, type[Coded]] = {
    "temp_method": TempMethod,
    "o2_mode": O2Mode,
    "acvpu": Acvpu,
    "gcs_verbal": GcsVerbal,
    "glucose_comparator": Comparator,
    "glucose_slot": GlucoseSlot,
}
"""Which readings are chosen from which list."""
