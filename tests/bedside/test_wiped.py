"""Nothing of a patient is left on a terminal's disk, whatever kind of thing it may hold: every kind, by itself.

A new kind of record that a bed may hold, and a new command that a terminal may send, are in here without a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.handlers import all_handlers
from tests.bedside.wards import BED, BedWard
from tests.device.fake_server import stay
from tests.device.wards import STAY_1
from tests.filled import filled
from tests.waiting import wait_until
from wardlink.device import Device
from wardlink.ids import new_id
from wardlink.messages.base import Actor, Message
from wardlink.messages.bodies import BODIES
from wardlink.messages.surveys import AnswerSurvey
from wardlink.record.kind import Kind
from wardlink.record.kinds import KINDS

MARK = "verborgen"
PERSONAL = ("演示病人", "ZY000001", MARK, MARK.upper())
HELD = [kind for kind in KINDS if kind.for_bed and not kind.for_every_bed]
SENT = sorted(
    kind for kind, handler in all_handlers().items() if "terminal" in handler.devices and not kind.startswith("audit")
)
"""What a terminal may say; that somebody looked is the server's to keep, and names nobody."""


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[BedWard]:
    """A ward whose server is there."""
    with BedWard(tmp_path) as found:
        yield found


def left_on(folder: Path) -> list[str]:
    """Which of what is personal stands in any file, as text or as JSON writes it."""
    found = b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    escaped = {text: text.encode("unicode_escape") for text in PERSONAL}
    return [text for text in PERSONAL if text.encode() in found or escaped[text] in found]


SAID = {"survey.answer": AnswerSurvey(points={"recommend": 7})}
"""What no mark can stand in."""


def holds(folder: Path, body: Message) -> bool:
    """Whether some file holds what was said."""
    said = body.model_dump_json(exclude_none=True).encode()
    return any(said in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def view_of(kind: Kind[Any], ward: BedWard) -> Any:
    """A thing of this kind at this bed, every field of it filled."""
    view = filled(kind.view, MARK, ward.server.at)
    return view.model_copy(update={"id": new_id(), "encounter": STAY_1, "bed": BED})


def in_step(ward: BedWard) -> Device:
    """The terminal, once it knows who lies here."""
    device = ward.terminal()
    device.start()
    wait_until(lambda: device.replica.encounter_in(BED) is not None, "the terminal knows its patient")
    wait_until(lambda: device.status().server_alive, "it hears what is told")
    return device


def leave(ward: BedWard, how: str) -> None:
    """The patient goes home, or to another bed."""
    gone = {"status": "finished", "discharged_at": ward.server.at} if how == "discharge" else {"bed": "7"}
    ward.tell("encounter.changed", stay(1, BED).model_copy(update=gone), encounter=STAY_1)


def test_there_is_something_to_wipe() -> None:
    """Of each sort: what others tell, and what is said here."""
    assert {"meal", "diet-card", "dose-ask"} <= {kind.name for kind in HELD}
    assert {"call.raise", "meal.order", "dose-ask.answer"} <= set(SENT)


@pytest.mark.parametrize("how", ["discharge", "transfer"])
@pytest.mark.parametrize("kind", HELD, ids=lambda kind: kind.name)
def test_what_was_told_is_gone(ward: BedWard, kind: Kind[Any], how: str) -> None:
    """Database, its log, and whatever else lies in the folder."""
    device = in_step(ward)
    ward.tell(kind.change, view_of(kind, ward), encounter=STAY_1)
    wait_until(lambda: device.replica.records(kind, encounter=STAY_1), "it is here")
    assert set(left_on(ward.folder)) >= {"演示病人", MARK}, "the test sees what is on the disk"
    leave(ward, how)
    wait_until(lambda: device.replica.departed() == [STAY_1], "the terminal knows that they have left")
    device.wipe()

    assert left_on(ward.folder) == []
    ward.end(device)
    assert left_on(ward.folder) == []


@pytest.mark.parametrize("kind", SENT)
def test_what_was_said_here_is_gone(ward: BedWard, kind: str) -> None:
    """Once the server has answered it; until then it is kept, because somebody wants it done."""
    device = in_step(ward)
    body = SAID.get(kind) or filled(BODIES[kind], MARK, ward.server.at)
    device.record(kind, body, actor=Actor(kind="patient", id=STAY_1), encounter=STAY_1, bed=BED)
    leave(ward, "discharge")
    wait_until(lambda: device.replica.departed() == [STAY_1], "the terminal knows that they have left")
    wait_until(lambda: device.status().outbox == 0, "the server has answered")
    assert holds(ward.folder, body), "the test sees what is on the disk"
    device.wipe()

    assert left_on(ward.folder) == []
    assert not holds(ward.folder, body)
