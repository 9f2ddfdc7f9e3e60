"""`python -m workbench.bedside_day.server FOLDER [BEDS]`: a ward server on a moved clock, told by stdin what happens.

`ahead N` moves the clock, `fail 1` answers every question with an error, `nurse` lets a nurse deal with calls,
`vitals`, `diet` and `turnover` (the patient leaves, the next one comes) are what others do. Each is answered with
`done` on stdout.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import select
from sqlmodel import col

from server.app import create_app
from server.calls.models import CallRow
from server.config import Settings
from server.core import Core
from wardlink import credential
from wardlink.clinical.vitals import VitalSet
from wardlink.errors import WardlinkError
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, ResolveCall
from wardlink.messages.encounters import Discharge, UpdateEncounter
from wardlink.messages.vitals import RecordVitals
from wardlink.process.child import free_port
from workbench.bedside_day.clock import MovedClock
from workbench.bedside_day.people import BED, DIETS, NURSE, WARD, admission
from workbench.ward import Addresses, BuiltWard, DevicePlan, StaffPlan, WardPlan, build

Scope = MutableMapping[str, Any]


class Failing:
    """The application, which answers with an error while it is told to."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app
        self.fails = False

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] == "http" and self.fails:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b"broken"})
        else:
            await self._app(scope, receive, send)


class Ward:
    """What others in the ward do, by their words."""

    def __init__(self, core: Core, built: BuiltWard, clock: MovedClock, failing: Failing) -> None:
        self._core, self._stay, self._clock, self._failing = core, built.stays[BED], clock, failing
        self._number, self._looked = 1, 0

    def hear(self, word: str, argument: str) -> None:
        """Do it. A refusal of the server is its good right, and stays one."""
        try:
            getattr(self, f"_{word}")(argument)
        except WardlinkError as refused:
            sys.stderr.write(f"{word}: {refused}\n")

    def _ahead(self, seconds: str) -> None:
        self._clock.ahead_s = float(seconds)

    def _fail(self, on: str) -> None:
        self._failing.fails = on == "1"

    def _execute(self, kind: str, body: Any) -> None:
        self._core.execute(kind, body, ward=WARD, actor=NURSE, encounter=self._stay, bed=BED)

    def _nurse(self, _: str) -> None:
        open_ones = select(col(CallRow.id), col(CallRow.state)).where(col(CallRow.closed_at).is_(None))
        with self._core.db.read() as conn:
            rows = conn.execute(open_ones).all()
        for call, state in rows:
            match state:
                case "raised":
                    self._execute("call.acknowledge", AcknowledgeCall(call=call, eta_min=3))
                case "acknowledged":
                    self._execute("call.arrive", ArriveAtCall(call=call))
                case _:
                    self._execute("call.resolve", ResolveCall(call=call))

    def _vitals(self, pulse: str) -> None:
        self._execute("vitals.record", RecordVitals(readings=VitalSet(temp_c=36.8, pulse_per_min=float(pulse))))

    def _diet(self, which: str) -> None:
        self._execute("encounter.update", UpdateEncounter(diet=DIETS[int(which) % len(DIETS)]))

    def _turnover(self, _: str) -> None:
        self._execute("encounter.discharge", Discharge())
        self._number += 1
        again = WardPlan(ward=WARD, name="三病区", beds=[(BED, "01")], patients=[admission(self._number)])
        self._stay = build(self._core, again, Addresses("127.0.0.1", 1, "http://127.0.0.1:1")).stays[BED]


def main(folder: Path, beds: int = 1) -> None:
    """Serve until stdin ends. The first line on stdout has the ports of the broker and of the pages.

    Bed `n` of `beds` has the terminal `tn`, whose credential is `tn.json` in the folder.
    """
    clock, port, broker_port = MovedClock(), free_port(), free_port()
    app = create_app(Settings(data_dir=folder, port=port, broker_port=broker_port, demo=True), clock=clock)
    core: Core = app.state.core
    plan = WardPlan(
        ward=WARD,
        name="三病区",
        beds=[(str(n), f"{n:02d}") for n in range(1, beds + 1)],
        staff=[StaffPlan(NURSE.id, "李静", "nurse", "N1001", "2580")],
        devices=[DevicePlan(f"t{n}", "terminal", f"T{n}", str(n)) for n in range(1, beds + 1)],
        patients=[admission(1)],
    )
    built = build(core, plan, Addresses("127.0.0.1", broker_port, f"http://127.0.0.1:{port}"))
    for device, known in built.credentials.items():
        credential.write(known, folder / f"{device}.json")
    failing = Failing(app)
    config = uvicorn.Config(failing, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="pages")
    thread.start()
    print(broker_port, port, flush=True)
    ward = Ward(core, built, clock, failing)
    for line in sys.stdin:
        word, _, argument = line.strip().partition(" ")
        ward.hear(word, argument)
        print("done", flush=True)
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
