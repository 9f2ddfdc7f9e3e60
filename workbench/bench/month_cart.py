"""Makes the folder of a cart that has followed a ward for a month, told to its own store as the ward would tell it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from wardlink import credential as credentials
from wardlink.credential import Credential
from wardlink.device.gate import Door, Gate
from wardlink.device.intake import Intake
from wardlink.device.journal import Journal
from wardlink.device.outbox import Outbox
from wardlink.device.store import Store
from wardlink.ids import new_id
from wardlink.messages.changes import Change, ChangeRange, Snapshot
from wardlink.messages.encounters import EncounterView
from workbench.bench.month_record import Month, days
from workbench.bench.month_views import STAFF, WARD

BADGE, PIN = "N1001", "2580"
_AT_ONCE = 400

Report = Callable[[str], None]


def follow(
    folder: Path, month: Month, report: Report = lambda _: None, stays: Sequence[EncounterView] | None = None
) -> int:
    """Make the folder of a cart that has followed a ward for a month; how many changes it heard of."""
    stays = month.stays() if stays is None else stays
    who = Credential(device="c1", kind="cart", name="C1", ward=WARD, secret=SecretStr("bench"), broker_port=1)
    who = who.model_copy(update={"server_url": "http://127.0.0.1:1"})
    folder.mkdir(parents=True)
    credentials.write(who, folder / "credential.json")
    store = Store(folder / "data")
    log = new_id()
    try:
        journal = Journal(store, Outbox(store, ward=WARD, device="c1"), Intake(ward=WARD, bed=None))
        journal.replace(_first(month, log, stays), epoch=0)
        heard = 0
        for number, changes in enumerate(days(month, list(stays))):
            report(f"day {number + 1}/{month.days}")
            for start in range(0, len(changes), _AT_ONCE):
                journal.take_in([_range(log, changes[start : start + _AT_ONCE])])
            heard += len(changes)
            journal.tidy(month.until - timedelta(days=month.days - number - 1))
        Gate(store).remember(Door.STAFF, BADGE, PIN, STAFF[0].model_dump_json().encode(), datetime.now(UTC))
    finally:
        store.close()
    return heard


def _first(month: Month, log: str, stays: Sequence[EncounterView]) -> Snapshot:
    return Snapshot.model_validate(
        {
            "ward": WARD,
            "ward_name": "3 病区",
            "log": log,
            "seq": 0,
            "joint": _joint(0),
            "at": month.until - timedelta(days=month.days),
            "beds": month.beds(),
            "staff": STAFF,
            "encounters": stays,
        }
    )


def _range(log: str, changes: Sequence[Change]) -> ChangeRange:
    after, upto = changes[0].seq - 1, changes[-1].seq
    return ChangeRange(
        ward=WARD,
        log=log,
        at=changes[-1].at,
        after=after,
        upto=upto,
        joint_after=_joint(after),
        joint_upto=_joint(upto),
        changes=tuple(changes),
    )


def _joint(seq: int) -> str:
    return f"{seq:016x}"
