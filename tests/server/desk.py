"""The small ward behind the server's HTTP interface, and people at its desk who have signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Table, insert, select

from server.app import create_app
from server.config import Settings
from server.identity import sessions
from server.identity.models import AccessAudit, Staff
from server.identity.staff import Person
from tests.server.wards import SmallWard

_AUDIT: Table = AccessAudit.__table__  # type: ignore[attr-defined]

PEOPLE = {
    "n1": Person("n1", "李静", "nurse", ("w1",)),
    "d1": Person("d1", "赵医生", "doctor", ("w1", "w2")),
    "d2": Person("d2", "钱医生", "doctor", ("w1", "w2")),
    "h1": Person("h1", "孙护士长", "head-nurse", ("w1",)),
    "p1": Person("p1", "钱药师", "pharmacist", ("w1",)),
    "x1": Person("x1", "周护士", "head-nurse", ("w2",)),
    "c1": Person("c1", "郑收费", "cashier", ()),
    "c2": Person("c2", "冯收费", "cashier", ()),
    "tech": Person("tech", "吴工", "technician", ()),
}


class Desk:
    """HTTP as these people: `desk.get("n1", "/encounters")`."""

    def __init__(self, ward: SmallWard, folder: Path) -> None:
        self.ward = ward
        settings = Settings(data_dir=folder, database_url=ward.db.url, broker="external", broker_port=1, pages=False)
        app = create_app(settings, clock=ward.clock)
        # One server: what its routes change, its ingest must know.
        app.state.core.db.close()
        app.state.core = ward.core
        self._http = TestClient(app, raise_server_exceptions=False, headers={"Accept-Language": "en"})
        with ward.db.write() as conn:
            for person in PEOPLE.values():
                if person.id not in ("n1", "d1"):
                    row = {"id": person.id, "name": person.name, "role": person.role, "wards": list(person.wards)}
                    conn.execute(insert(Staff).values(**row, badge=f"b-{person.id}", pin_hash="-"))
            self._tokens = {
                id: sessions.begin(conn, person, device=None, now=ward.clock.now()).token
                for id, person in PEOPLE.items()
            }

    def get(self, who: str | None, path: str, **options: Any) -> Any:
        """Read as this person; None: nobody has signed in."""
        return self.send(who, "GET", path, **options)

    def post(self, who: str | None, path: str, json: Any = None, **options: Any) -> Any:
        """Write as this person."""
        return self.send(who, "POST", path, json=json, **options)

    def send(self, who: str | None, method: str, path: str, **options: Any) -> Any:
        """One request."""
        headers = options.pop("headers", {}) | ({} if who is None else {"Authorization": f"Bearer {self._tokens[who]}"})
        return self._http.request(method, f"/api/v1{path}", headers=headers, **options)

    def audited(self) -> list[tuple[str, str, str, str | None]]:
        """Actor, action, what and stay of every line of the audit."""
        with self.ward.db.read() as conn:
            query = select(_AUDIT.c.actor, _AUDIT.c.action, _AUDIT.c.what, _AUDIT.c.encounter).order_by(_AUDIT.c.no)
            return [tuple(row) for row in conn.execute(query)]
