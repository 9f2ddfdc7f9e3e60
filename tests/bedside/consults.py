"""What becomes of the consultations of the sample bed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.bedside.screens import Hand
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.consults import ConsultView
from wardlink.record.consults import CONSULT

TEAMS = {"scheduled": "heart", "requested": "nutrition", "declined": "pain"}


def tell_consult(hand: Hand, state: str, **changed: Any) -> ConsultView:
    """The server tells a consultation in this state; the team follows from the state."""
    stay = hand.terminal.replica.stay
    assert stay is not None
    now = hand.clock.now()
    fields = {
        "id": new_id(),
        "encounter": stay.id,
        "bed": stay.bed,
        "specialty": TEAMS.get(state, "heart"),
        "form": "bedside",
        "urgency": "routine",
        "state": state,
        "requested_at": now - timedelta(hours=1),
        "by": Actor(kind="patient", id=stay.id),
        "slot_at": now + timedelta(hours=4),
        "consultant_name": "周涛" if state == "scheduled" else None,
        "why": "staff" if state == "declined" else None,
    }
    view = ConsultView.model_validate(fields | changed)
    hand.terminal.tell_record(CONSULT, view)
    return view
