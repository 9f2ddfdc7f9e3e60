"""The desk with somebody who may work on money."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from server.identity import sessions
from server.identity.models import Staff
from server.identity.staff import Person
from tests.server.desk import Desk
from tests.server.wards import SmallWard

MANAGER = Person("m1", "郑主任", "manager", ("w1", "w2"))


class MoneyDesk(Desk):
    """The desk, and a manager at it. `app`: the server behind it."""

    def __init__(self, ward: SmallWard, folder: Path) -> None:
        super().__init__(ward, folder)
        self.app: Any = self._http.app
        row = {"id": MANAGER.id, "name": MANAGER.name, "role": MANAGER.role, "wards": list(MANAGER.wards)}
        with ward.db.write() as conn:
            conn.execute(insert(Staff).values(**row, badge="b-m1", pin_hash="-"))
            self._tokens["m1"] = sessions.begin(conn, MANAGER, device=None, now=ward.clock.now()).token


@pytest.fixture
def desk(ward: SmallWard, tmp_path: Path) -> MoneyDesk:
    """The desk of the small ward, once on each engine."""
    return MoneyDesk(ward, tmp_path)
