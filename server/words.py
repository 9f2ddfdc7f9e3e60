"""Text that people type: what of it may be kept."""

from __future__ import annotations

import unicodedata

from wardlink.errors import InvalidInput
from wardlink.i18n import N_

_EMPTY = N_("Please enter a text.")
_LONG = N_("This text is too long: {size} characters, {limit} are allowed.")
_CONTROL = N_("This text holds characters that cannot be shown.")


def plain(text: str, *, most: int) -> str:
    """`text` as it may stand in a table and on a screen: one line, trimmed, in composed form (NFC).

    Raises:
        InvalidInput: empty, longer than `most`, or with control characters, half surrogates or marks that turn
            the direction of writing: what stands on the screen must be what was kept.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise InvalidInput(_EMPTY)
    if len(text) > most:
        raise InvalidInput(_LONG, size=len(text), limit=most)
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in _TURNS for sign in text):
        raise InvalidInput(_CONTROL)
    return text


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
