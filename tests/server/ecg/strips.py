"""Strips as devices send them to the small ward's HTTP interface."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from server.identity.models import Device
from tests.server.desk import Desk
from tests.server.wards import NOW, STAY_1
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.clinical.ecg.strip import MISSING, Strip
from wardlink.ids import new_id

SECRET = "a-secret"
TAKEN = NOW - timedelta(minutes=5)
STRIP, PEAKS = sample_strip(TAKEN)


def with_senders(desk: Desk) -> Desk:
    """The small ward, in which the monitor m1, the cart c1 and an examination room have a secret; all know it."""
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    with desk.ward.db.write() as conn:
        row = {"id": "room1", "kind": "room", "name": "心电图室", "ward": "w2", "bed": None, "enrolled_at": NOW}
        conn.execute(insert(Device).values(**row, secret_sha256=digest, broker_hash="-", mosquitto_hash="-"))
        conn.execute(update(Device).values(secret_sha256=digest))
    desk.ward.core.devices_changed()
    return desk


def upload(strip: Strip = STRIP, **decided: Any) -> dict[str, Any]:
    """A strip as it is sent, for the patient in bed b1 unless told otherwise."""
    leads = {lead: [None if v == MISSING else v for v in samples] for lead, samples in strip.leads.items()}
    return {
        "id": new_id(),
        "encounter": STAY_1,
        "start_at": strip.start_at.isoformat(),
        "rate_hz": strip.rate_hz,
        "uv_per_unit": strip.uv_per_unit,
        "leads": leads,
    } | decided


def send(desk: Desk, body: dict[str, Any], *, device: str = "room1", ward: str = "w1") -> Any:
    """The answer to a strip that a device sends."""
    word = base64.b64encode(f"{device}:{SECRET}".encode()).decode()
    return desk.post(None, f"/wards/{ward}/ecg", body, headers={"Authorization": f"Basic {word}"})
