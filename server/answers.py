"""What to tell a device about its commands, once the transaction has committed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from wardlink import topics
from wardlink.errors import WardlinkError
from wardlink.i18n import speaking
from wardlink.messages.receipts import Outcome, Receipt

_PER_MESSAGE = 300  # about 30 KiB of receipts, half of what a message may hold


@dataclass(frozen=True)
class Reasons:
    """A refusal in both languages: the device decides which to show."""

    code: str
    zh: str
    en: str


def reasons(fault: WardlinkError) -> Reasons:
    """What is wrong, for the person at the device, cut to what its tables hold."""
    with speaking("zh_CN"):
        zh = fault.text()
    with speaking("en"):
        en = fault.text()
    # Names of fields come from the message itself, and may hold anything.
    return Reasons(fault.code, zh.replace("\0", "\ufffd")[:400], en.replace("\0", "\ufffd")[:400])


def receipt(command: str, outcome: Outcome, seq: int | None = None, why: Reasons | None = None) -> dict[str, Any]:
    """One receipt, in the shape of `wardlink.messages.receipts.Receipt`."""
    fields: dict[str, Any] = {"id": command, "outcome": outcome}
    if seq is not None:
        fields["seq"] = seq
    if why is not None:
        fields |= {"code": why.code, "reason_zh": why.zh, "reason_en": why.en}
    return fields


def as_receipt(fields: dict[str, Any]) -> Receipt:
    """The same as a model, for callers inside the server."""
    return Receipt.model_validate(fields)


@dataclass
class Answers:
    """Collects receipts by ward, device and stream; renders them into as few messages as they fit in."""

    _receipts: dict[tuple[str, str, str], list[dict[str, Any]]] = field(default_factory=dict)
    _expect: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, ward: str, device: str, stream: str, fields: dict[str, Any]) -> None:
        """This command is answered."""
        key = (ward, device, stream)
        found = self._receipts.get(key)
        if found is None:
            self._receipts[key] = [fields]
        else:
            found.append(fields)

    def expect(self, ward: str, device: str, stream: str, n: int) -> None:
        """Numbers are missing: the device shall send again from `n`. Said once a batch."""
        self._expect[ward, device, stream] = n

    def messages(self, at: datetime) -> list[tuple[str, bytes]]:
        """Topics and payloads. `at` is the server's clock, from which devices learn theirs."""
        rendered = []
        for key in self._receipts.keys() | self._expect.keys():
            ward, device, stream = key
            found = self._receipts.get(key, [])
            envelope: dict[str, Any] = {"v": 1, "at": at, "stream": stream}
            if key in self._expect:
                envelope["expect"] = self._expect[key]
            topic = topics.down(ward, device)
            for start in range(0, max(len(found), 1), _PER_MESSAGE):
                envelope["receipts"] = found[start : start + _PER_MESSAGE]
                rendered.append((topic, orjson.dumps(envelope)))
        return rendered
