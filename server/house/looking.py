"""Looks at a file before it holds: everything that is wrong with it, or what it would change. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.house.kinds import KINDS, Entry, HouseKind
from server.house.texts import WRONG, text_in
from wardlink.errors import Fault, FileWrong, Misconfigured
from wardlink.i18n import N_, gettext_of_any

_OTHER_KIND = N_("this file is of another kind: {kind}")
_WHOLE = N_("{what}")


@dataclass(frozen=True)
class Change:
    """What is new, gone or different: each with its code and what it is called, and of what is different how."""

    added: Sequence[tuple[str, str]]
    removed: Sequence[tuple[str, str]]
    changed: Sequence[tuple[str, str]]

    @property
    def is_none(self) -> bool:
        """Whether both say the same."""
        return not (self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Looked:
    """What a file is: `read` what stands in it, or `faults` why it cannot be used."""

    text: str = ""
    read: Any = None
    faults: Sequence[Fault] = ()


def look_at(kind: HouseKind[Any], data: bytes) -> Looked:
    """Read the file as one of this kind, in the language of this context.

    Raises:
        InvalidInput: it is too large.
    """
    try:
        text = text_in(data)
        other = _other(kind, text)
        if other is not None:
            raise FileWrong(WRONG, [Fault(_OTHER_KIND, 1, {"kind": gettext_of_any(other.label)})])
        return Looked(text, kind.read(text))
    except FileWrong as wrong:
        return Looked(faults=wrong.faults)
    except Misconfigured as wrong:
        return Looked(faults=[Fault(_WHOLE, 1, {"what": wrong.text()})])


def change(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> Change:
    """What `after` says otherwise than `before`, in the order of the files."""
    return Change(
        added=[(code, entry.label) for code, entry in after.items() if code not in before],
        removed=[(code, entry.label) for code, entry in before.items() if code not in after],
        changed=[
            (code, _changed(before[code], entry))
            for code, entry in after.items()
            if code in before and before[code].said != entry.said
        ],
    )


def _changed(before: Entry, after: Entry) -> str:
    same = before.brief == after.brief
    return after.label if same else f"{after.label} ({before.brief} → {after.brief})"


def _other(kind: HouseKind[Any], text: str) -> HouseKind[Any] | None:
    """The kind that this file is of, where it is another one."""
    try:
        heads = set(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return None
    if kind.head in heads:
        return None
    return next((other for other in KINDS.values() if other.head in heads), None)
