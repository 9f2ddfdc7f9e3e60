"""The patient of the first bed and a daughter there, over HTTP and by the terminal's commands."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Table, select, update

from server.family.models import FamilySecret
from server.identity.models import Device
from tests.server.desk import Desk
from tests.server.wards import STAY_1, SmallWard
from wardlink.messages.base import Actor

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]
SECRETS: Table = FamilySecret.__table__  # type: ignore[attr-defined]

SECRET = "secret of a terminal"
PATIENT = Actor(kind="patient", id=STAY_1)
PIN, OTHER_PIN = "270184", "905163"


class Bed:
    """What can be done at the beds of the small ward."""

    def __init__(self, ward: SmallWard, folder: Path) -> None:
        self.ward = ward
        self.desk = Desk(ward, folder)
        with ward.db.write() as conn:
            conn.execute(update(_DEVICE).values(secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest()))

    def grant(self, **said: Any) -> str:
        """A consent of the patient that stands; its id."""
        body = {"relation": "daughter", "name": "李芳", "scopes": ["daily"]} | said
        command = self.ward.terminal.command("family-consent.grant", body, encounter=STAY_1, actor=PATIENT)
        assert self.ward.answer(command).outcome == "applied"
        return command.id

    def withdraw(self, consent: str) -> None:
        """The patient takes it back."""
        command = self.ward.terminal.command(
            "family-consent.withdraw", {"consent": consent}, encounter=STAY_1, actor=PATIENT
        )
        assert self.ward.answer(command).outcome == "applied"

    def ask(self, method: str, path: str, json: Any = None, *, device: str = "t1", **options: Any) -> Any:
        """The terminal asks."""
        return self.desk.send(None, method, path, json=json, auth=(device, SECRET), **options)

    def code(self, consent: str, **options: Any) -> Any:
        """The answer to asking for a code."""
        return self.ask("POST", f"/encounters/{STAY_1}/family/{consent}/code", **options)

    def set_pin(self, code: str, pin: str = PIN, relation: str = "daughter", bed: str = "b1", **options: Any) -> Any:
        """The answer to a code and a new PIN."""
        said = {"relation": relation, "code": code, "pin": pin}
        return self.ask("POST", f"/wards/w1/beds/{bed}/family/pin", said, **options)

    def open(self, pin: str = PIN, relation: str = "daughter", bed: str = "b1", **options: Any) -> Any:
        """The answer to a PIN."""
        return self.ask("POST", f"/wards/w1/beds/{bed}/family/open", {"relation": relation, "pin": pin}, **options)

    def daughter(self, **said: Any) -> str:
        """A consent whose relative has set a PIN."""
        consent = self.grant(**said)
        assert self.set_pin(self.code(consent).json()["code"]).status_code == 200
        return consent

    def secrets(self) -> list[Any]:
        """What is kept of codes and PINs."""
        with self.ward.db.read() as conn:
            return list(conn.execute(select(SECRETS)))

    def says(self, consent: str, kind: str, body: dict[str, Any], **envelope: Any) -> Any:
        """The receipt for what family of the first bed say."""
        said = {"encounter": STAY_1, "actor": Actor(kind="family", id=consent)} | envelope
        return self.ward.answer(self.ward.terminal.command(kind, body, **said))

    def everything(self) -> str:
        """All that stands in the database, as text, and all that was sent."""
        rows: list[Any] = []
        with self.ward.db.read() as conn:
            for table in FamilySecret.metadata.sorted_tables:
                rows += [[str(value) for value in row] for row in conn.execute(select(table))]
        return orjson.dumps(rows).decode() + b"".join(payload for _, payload in self.ward.sent).decode()
