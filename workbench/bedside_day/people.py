"""Who is in the ward of a played day. Nobody in it is real."""

from __future__ import annotations

from datetime import date

from wardlink.messages.base import Actor
from wardlink.messages.encounters import Admit

WARD, BED = "w3", "1"
"""The bed that is played; others may stand beside it."""
NURSE = Actor(kind="staff", id="n-lijing")
SECOND = "19590626"
"""What opens the screen beside the admission number."""
DIETS = ("regular", "low-salt", "diabetic", "liquid")


def admission_no(number: int) -> str:
    """Of the so-manieth patient of the bed."""
    return f"ZY{number:06d}"


def admission(number: int) -> Admit:
    """The so-manieth patient of the bed."""
    return Admit(
        admission_no=admission_no(number),
        mrn=f"M{number:06d}",
        name="王秀英",
        sex="female",
        birth_on=date(1959, 6, 26),
        bed=BED,
        level="level2",
        diet="low-salt",
        nurse=NURSE.id,
    )
