"""The frame of our own codes: `WL1` and a letter, fields behind dots, and a check of all of it at the end.

Only digits, capitals and dots (and hyphens inside names), because a scanner that types goes through whatever keyboard
layout the machine has; upper and lower case are read alike, because Caps Lock may be on.

The check is CRC-32: it finds every damage within four neighbouring characters for certain, and any other but for one
in four thousand million. It finds damage, not forgery: whoever knows this file can print a code.
"""

from __future__ import annotations

import re
import uuid
import zlib
from collections.abc import Sequence

from wardlink.errors import CodeDamaged, CodeUnknown
from wardlink.i18n import N_

PREFIX = "WL"
VERSION = "1"
SEPARATOR = "."

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Source: Crockford's base 32, without the letters that look like digits."""

_FIELD = re.compile(r"[0-9A-Z-]{1,80}")
_LIKE_OURS = re.compile(r"[^.]{2,6}(?:\.[^.]{1,80}){2,9}")
_CHECK_LENGTH = 7
_ID_LENGTH = 26

_DAMAGED = N_("The code was not read whole. Wipe it and scan again; if that does not help, print a new label.")
_NEWER = N_("This label is of a newer version than this program understands.")


def wrap(letter: str, fields: Sequence[str]) -> str:
    """The code of one kind with these fields, each of digits, capitals and hyphens.

    Raises:
        ValueError: a field that cannot be in a code.
    """
    if bad := [field for field in fields if not _FIELD.fullmatch(field)]:
        raise ValueError(f"not in a code: {bad[0][:20]!r}")
    body = SEPARATOR.join((PREFIX + VERSION + letter, *fields))
    return body + SEPARATOR + _check(body)


def is_ours(text: str) -> bool:
    """Whether this is one of our codes, whole or damaged: then it is read as nothing else."""
    return text.upper().startswith(PREFIX + VERSION) or _LIKE_OURS.fullmatch(text) is not None


def unwrap(text: str) -> tuple[str, list[str]]:
    """The letter and the fields of one of our codes.

    Raises:
        CodeDamaged: the check says that some of it was misread.
        CodeUnknown: whole, but of a later version.
    """
    body, _, check = text.upper().rpartition(SEPARATOR)
    head, *fields = body.split(SEPARATOR)
    if check != _check(body) or not head.startswith(PREFIX) or len(head) < len(PREFIX) + 2:
        raise CodeDamaged(_DAMAGED, reason="damaged")
    if head[len(PREFIX) : -1] != VERSION:
        raise CodeUnknown(_NEWER, reason="newer-version")
    return head[-1], fields


def number(value: int) -> str:
    """A number of zero or more as a field."""
    digits = ""
    while value or not digits:
        value, digit = divmod(value, 32)
        digits = _ALPHABET[digit] + digits
    return digits


def read_number(field: str) -> int:
    """The number in a field.

    Raises:
        ValueError: it is none.
    """
    if not field:
        raise ValueError("empty")
    value = 0
    for char in field:
        value = value * 32 + _ALPHABET.index(char)
    return value


def identity(id: str) -> str:
    """A UUID as a field of 26 characters."""
    return number(uuid.UUID(id).int).rjust(_ID_LENGTH, "0")


def read_identity(field: str) -> str:
    """The UUID in a field, in its canonical form.

    Raises:
        ValueError: it is none.
    """
    if len(field) != _ID_LENGTH:
        raise ValueError("length")
    return str(uuid.UUID(int=read_number(field)))


def _check(body: str) -> str:
    return number(zlib.crc32(body.encode("utf-8", "replace"))).rjust(_CHECK_LENGTH, "0")
