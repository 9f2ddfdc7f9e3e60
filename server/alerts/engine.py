"""Watches the wards: what asks for a person becomes an alert at once, and goes on to the next who might answer.

By the server's clock, whether or not anybody looks. It sees states, not events: after a restart it looks at
everything once and is where it would have been. What is told meanwhile only says where to look again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import orjson
import structlog
from sqlalchemy import Connection, select
from sqlmodel import col

from server.alerts import conditions, watch
from server.alerts.conditions import Condition, subjects
from server.alerts.hints import Hints
from server.alerts.round import Round
from server.batch import CHANGE_COLUMNS, Batch
from server.changes import Range
from server.core import Core
from server.patients.models import Encounter, Ward
from server.patients.service import encounter_view
from wardlink import topics
from wardlink.errors import Collision, WardlinkError
from wardlink.record.alerts import ALERT
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.attributions import ATTRIBUTION
from wardlink.record.doses import DOSE
from wardlink.record.ecg import ECG
from wardlink.record.observations import OBSERVATION

log = structlog.get_logger(__name__)

TICK_S = 1.0
BY_TIME_EVERY_S = 30.0
BY_STAY_EVERY_S = 180.0
STEPS_AT_ONCE = 20
SLICE_S = 0.03
PAUSE_S = 0.2
"""What is looked at by and by takes a slice now and then: the ingest shares the processor with us."""

_SEQ, _KIND, _BODY = (CHANGE_COLUMNS.index(name) for name in ("seq", "kind", "body"))
_SCOPES = {
    "call.changed": "call/",
    "exception.closed": "exception/",
    "dose.changed": "dose/",
    ECG.change: "result/",
    ASSESSMENT.change: "assessment/",
}
"""Where to look again when a change of this kind is told."""

_DOES = frozenset(("vitals.recorded", DOSE.change, OBSERVATION.change))
"""Kinds of change by which something that was overdue may have been done."""

_WARD_SCOPES = ("call/", "dose/", "exception/", "result/", "assessment/")

Scope = tuple[str, str]
"""A ward, and what the subjects begin with that are looked at."""


class AlertEngine:
    """One thread for all wards of this server."""

    def __init__(self, core: Core, *, tick_s: float = TICK_S) -> None:
        self._core = core
        self._tick_s = tick_s
        self._hints = Hints()
        self._ends: dict[str, Callable[[], None]] = {}
        self._wanted: dict[tuple[str, str], None] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._lost: dict[str, frozenset[str]] = {}
        self._later: dict[Scope, None] = {}
        self._thread = threading.Thread(target=self._run, name="alert engine", daemon=True)
        core.on_results.append(self.hear_of_results)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=10)
        self._core.on_results.remove(self.hear_of_results)
        for end in self._ends.values():
            end()

    def look_at_everything(self) -> None:
        """Look at every ward and every stay once: what a start does bit by bit."""
        for ward, scope in [*self._all_stays(), *self._by_time(), *self._by_stay()]:
            self.look(ward, scope)

    def sweep(self) -> None:
        """Look at everything that comes about by time alone: what the rounds do bit by bit."""
        for ward, scope in [*self._by_time(), *self._by_stay()]:
            self.look(ward, scope)

    def look(self, ward: str, scope: str) -> None:
        """Bring the alerts about everything whose subject begins with `scope` in line with what is there."""
        with self._core.db.read() as conn:
            now = self._core.clock.now()
            deeds = watch.compare(conn, ward, scope, self._found(conn, ward, scope, now), now)
        if not deeds:
            return
        try:
            self._bring_in_line(ward, scope)
        except Collision:
            # Another process has written to the ward; what we knew of it is forgotten now.
            self._bring_in_line(ward, scope)

    def go_on(self) -> None:
        """Take the next step of every alert that nobody has answered in time."""
        with self._core.db.read() as conn:
            due = watch.due(conn, self._core.clock.now())
        for start in range(0, len(due), STEPS_AT_ONCE):
            with self._transaction() as batch:
                for ward, alert in due[start : start + STEPS_AT_ONCE]:
                    watch.go_on(batch, ward, alert)
            # What is new is graver than what has waited already.
            self._look_where_wanted()

    def look_at_devices(self) -> None:
        """Look again where a device has fallen silent or come back."""
        now_s = self._core.clock.monotonic_s()
        for ward in self._ends:
            lost = frozenset(s.device for s in self._core.fleet.of_ward(ward) if conditions.is_lost(s, now_s))
            if lost != self._lost.get(ward, frozenset()):
                self._lost[ward] = lost
                self.look(ward, "device/")

    def hear(self, found: Range) -> None:
        """Changes were told: note where to look again. Called from the thread that tells them."""
        for row in found.rows:
            kind = row["kind"]
            if kind == "vitals.recorded":
                if self._hints.is_news(row):
                    self._want(found.ward, f"vitals/{row['encounter']}")
            elif kind in ("vitals.struck", "encounter.changed", ATTRIBUTION.change):
                if row["encounter"] is not None:
                    self._hints.forget(row["encounter"])
                    self._want(found.ward, f"vitals/{row['encounter']}")
            elif kind in _SCOPES:
                self._want(found.ward, _SCOPES[kind])
            if row["encounter"] is not None and kind in _DOES and not _is_monitor(row):
                # It may be what was overdue: not at once, many such changes come together.
                with self._lock:
                    self._later[found.ward, f"due/{row['encounter']}/"] = None

    def hear_of_results(self, ward: str) -> None:
        """Results have changed: look again at once. Called from whichever thread has taken them in."""
        self._want(ward, "result/")

    def _bring_in_line(self, ward: str, scope: str) -> None:
        with self._transaction() as batch:
            found = self._found(batch.conn, ward, scope, batch.now)
            watch.carry_out(batch, ward, scope, watch.compare(batch.conn, ward, scope, found, batch.now))

    def _found(self, conn: Connection, ward: str, scope: str, now: datetime) -> Mapping[str, Condition]:
        what, _, rest = scope.partition("/")
        return subjects(self._conditions(conn, ward, what, rest, now))

    def _conditions(self, conn: Connection, ward: str, what: str, rest: str, now: datetime) -> Iterable[Condition]:
        if what == "vitals":
            stay = encounter_view(conn, rest)
            return [] if stay is None or stay.ward != ward else conditions.of_vitals(conn, stay, now)
        if what == "call":
            return conditions.of_calls(conn, ward)
        if what == "dose":
            return conditions.of_infusions(conn, ward, now)
        if what == "result":
            return conditions.of_results(conn, ward, now)
        if what == "assessment":
            return conditions.of_assessments(conn, ward)
        if what == "due":
            stay = encounter_view(conn, rest.rstrip("/"))
            return [] if stay is None or stay.ward != ward else conditions.of_due(conn, stay, now)
        if what == "exception":
            return conditions.of_exceptions(conn, ward, now)
        return conditions.of_devices(conn, ward, self._core.fleet, self._core.clock.monotonic_s())

    @contextmanager
    def _transaction(self) -> Iterator[Batch]:
        with self._core.transaction(anew=False) as batch:
            yield batch
        # Beside the changes: a cart that has to catch up hears of an alert before it has caught up.
        self._core.send([message for ward in batch.told for message in _notices(batch, ward)])

    def _want(self, ward: str, scope: str) -> None:
        with self._lock:
            self._wanted[ward, scope] = None
        self._wake.set()

    def _all_stays(self) -> list[Scope]:
        """The vital signs of every stay, and of those that have left with an alert."""
        found = []
        for ward in self._wards():
            with self._core.db.read() as conn:
                here = {f"vitals/{stay}" for stay in self._stays(conn, ward)}
                found += [(ward, scope) for scope in sorted(here | set(watch.watched(conn, ward, "vitals/")))]
        return found

    def _by_time(self) -> list[Scope]:
        """What a ward must be looked at for now and then: cheap, a few rows each."""
        found = []
        for ward in self._wards():
            with self._core.db.read() as conn:
                found += [(ward, scope) for scope in watch.watched(conn, ward, "vitals/")]
            found += [(ward, scope) for scope in _WARD_SCOPES]
        return found

    def _by_stay(self) -> list[Scope]:
        """What must be worked out from the whole record of a stay: dear, a stay at a time."""
        found = []
        for ward in self._wards():
            with self._core.db.read() as conn:
                gone = {name.split("/")[1] for name in watch.watched(conn, ward, "due/")}
                found += [(ward, f"due/{stay}/") for stay in sorted({*self._stays(conn, ward), *gone})]
        return found

    def _stays(self, conn: Connection, ward: str) -> list[str]:
        query = select(col(Encounter.id)).where(col(Encounter.ward) == ward, col(Encounter.status) == "in-progress")
        return list(conn.execute(query).scalars())

    def _wards(self) -> list[str]:
        with self._core.db.read() as conn:
            wards = list(conn.execute(select(col(Ward.id)).order_by(col(Ward.id))).scalars())
        for ward in wards:
            if ward not in self._ends:
                self._ends[ward] = self._core.live.subscribe(ward, self.hear)
        return wards

    def _run(self) -> None:
        self._try(self._begin)
        rounds = (
            Round(self._core.clock, self._by_time, every_s=BY_TIME_EVERY_S),
            Round(self._core.clock, self._by_stay, every_s=BY_STAY_EVERY_S),
        )
        while not self._stopping.is_set():
            busy = bool(self._later) or any(each.is_busy for each in rounds)
            self._wake.wait(PAUSE_S if busy else self._tick_s)
            self._wake.clear()
            self._try(self._look_where_wanted)
            self._try(self.go_on)
            self._try(self.look_at_devices)
            self._try(self._look_on, rounds)

    def _begin(self) -> None:
        first = [*((ward, "call/") for ward in self._wards()), *self._all_stays()]
        with self._lock:
            self._later |= dict.fromkeys(first)

    def _look_where_wanted(self) -> None:
        with self._lock:
            wanted, self._wanted = self._wanted, {}
        for ward, scope in wanted:
            self._try(self.look, ward, scope)

    def _look_on(self, rounds: Sequence[Round]) -> None:
        """Go on with what is looked at by and by, until somebody wants something at once or the slice is over."""
        until_s = self._core.clock.monotonic_s() + SLICE_S
        for each in rounds:
            each.begin_if_due()
        while not self._wanted and self._core.clock.monotonic_s() < until_s:
            found = self._next_later() or next((each.take() for each in rounds if each.is_busy), None)
            if found is None:
                return
            self._try(self.look, *found)

    def _next_later(self) -> Scope | None:
        with self._lock:
            found = next(iter(self._later), None)
            if found is not None:
                del self._later[found]
        return found

    def _try(self, work: Callable[..., None], *what: Any) -> None:
        try:
            work(*what)
        except WardlinkError as fault:
            log.warning("alert-engine.refused", error=fault.code)
        except Exception as fault:
            # An edge: whatever it is, the next look tries again.
            log.exception("alert-engine.failed", error=type(fault).__name__)


def _notices(batch: Batch, ward: str) -> Iterator[tuple[str, bytes]]:
    for row in batch.told[ward]:
        if row[_KIND] == ALERT.change:
            notice = {"v": 1, "log": batch.heads[ward].log_id, "seq": row[_SEQ], "view": orjson.Fragment(row[_BODY])}
            yield topics.alerts(ward), orjson.dumps(notice)


def _is_monitor(row: Mapping[str, Any]) -> bool:
    return row["kind"] == "vitals.recorded" and '"source":"monitor"' in row["body"]
