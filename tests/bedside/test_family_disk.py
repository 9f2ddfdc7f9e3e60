"""A code or a PIN of family is on no disk of a terminal, and goes to the server with the terminal's own credential."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.bedside.wards import BED, BedHttp, BedWard
from tests.device.fake_server import stay
from tests.device.wards import STAY_1
from wardlink.errors import Unreachable
from wardlink.ids import new_id
from wardlink.messages.family import FamilyConsentView

CODE, PIN = "40718236", "270184"


class FamilyHttp(BedHttp):
    """A server that lets a daughter in; `asked`: what it was sent."""

    def __init__(self, ward: BedWard) -> None:
        super().__init__(ward.server)
        self.asked: list[tuple[str, str]] = []
        self.acting: list[str | None] = []
        self.consent = FamilyConsentView(
            id=new_id(),
            encounter=STAY_1,
            bed=BED,
            relation="daughter",
            scopes=("daily",),
            granted_at=ward.server.at,
            by={"kind": "patient", "id": STAY_1},  # type: ignore[arg-type]
        )

    def ask(self, method: str, path: str, body: str | None = None, *, timeout_s: float | None = None) -> bytes:
        """A code, or the way in."""
        if self._server.down:
            raise Unreachable
        self.asked.append((path, body or ""))
        if path.endswith("/code"):
            return orjson.dumps({"code": CODE, "expires_at": self._server.at.isoformat()})
        told = {"encounter": stay(1, BED).model_dump(mode="json"), "consent": self.consent.model_dump(mode="json")}
        return orjson.dumps(told)

    def act_as(self, consent: str | None) -> None:
        """It is remembered."""
        self.acting.append(consent)


def test_nothing_of_a_code_or_a_pin_is_kept(tmp_path: Path) -> None:
    """Asked for, used, and used again: no file of the terminal holds a digit of it."""
    with BedWard(tmp_path) as ward:
        ward.http = http = FamilyHttp(ward)
        device = ward.terminal()
        code = device.family.code(STAY_1, http.consent.id).code
        device.family.set_pin("daughter", code, PIN)
        opened = device.family.open("daughter", PIN)
        device.family.act_as(opened.consent.id)
        kept = b"".join(path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file())

        assert [secret for secret in (CODE, PIN) if secret.encode() in kept] == []
        assert [path.rpartition("/")[2] for path, _ in http.asked] == ["code", "pin", "open"]
        assert orjson.loads(http.asked[1][1]) == {"relation": "daughter", "code": CODE, "pin": PIN}
        assert http.acting == [http.consent.id]


def test_without_the_server_nobody_comes_in(tmp_path: Path) -> None:
    """Also who came in a moment before: nothing was remembered."""
    with BedWard(tmp_path) as ward:
        ward.http = FamilyHttp(ward)
        device = ward.terminal()
        device.family.open("daughter", PIN)
        ward.server.down = True

        with pytest.raises(Unreachable):
            device.family.open("daughter", PIN)
