"""Why a bed is out of service, and which code other systems know that by. The server's wards ask here."""

from __future__ import annotations

from wardlink.clinical.tables import load
from wardlink.i18n import N_, gettext

OCCUPIED, UNOCCUPIED = "O", "U"
"""What FHIR's Location.operationalStatus says of a bed in service."""
OTHER = "other"
"""The reason that needs words."""
_BOTH = N_("{reason} ({words})")


def reasons() -> tuple[str, ...]:
    """Every reason, in the order in which they are offered."""
    return tuple(load("bed_closing")["reasons"])


def status_of(reason: str) -> str:
    """The code of FHIR's Location.operationalStatus for a bed closed so."""
    code: str = load("bed_closing")["reasons"][reason]["status"]
    return code


def reason_text(reason: str, words: str = "") -> str:
    """Why, in the language of this context: the reason, and what somebody has written about it."""
    if reason == OTHER and words:
        return words
    label: str = load("bed_closing")["reasons"][reason]["label"]
    return gettext(_BOTH).format(reason=gettext(label), words=words) if words else gettext(label)
