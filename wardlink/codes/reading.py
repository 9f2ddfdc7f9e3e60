"""One entrance for everything that was scanned."""

from __future__ import annotations

from wardlink.codes import frame, gs1
from wardlink.codes.kinds import READERS, Code
from wardlink.errors import CodeDamaged, CodeUnknown
from wardlink.i18n import N_

MOST = 400
"""More characters than any label of a ward holds."""

_PLAIN_SYMBOLOGIES = ("]C0", "]d1", "]Q0", "]Q1", "]E0", "]A0")
_BROKEN_INSIDE = N_("This label was printed wrong. Print a new one.")
_OTHER_KIND = N_("This label is of a kind that this program does not know.")


def read_code(text: str) -> Code:
    """What a code means; one that is damaged or not ours is never taken for the nearest thing.

    Raises:
        CodeDamaged: meant for us, but not read whole, or with a wrong check digit. `params["reason"]` says which.
        CodeUnknown: none of our codes and no drug's.
    """
    # A separator belongs to a GS1 code; only blanks are the scanner's.
    code = text.strip(" \t\r\n")
    for symbology in _PLAIN_SYMBOLOGIES:
        code = code.removeprefix(symbology)
    if not code or len(code) > MOST:
        raise CodeUnknown(reason="unknown")
    if gs1.is_gs1(code):
        return gs1.read_gs1(code)
    if not frame.is_ours(code):
        raise CodeUnknown(reason="unknown")
    letter, fields = frame.unwrap(code)
    reader = READERS.get(letter)
    if reader is None:
        raise CodeUnknown(_OTHER_KIND, reason="other-kind")
    try:
        return reader(fields)
    except (ValueError, OverflowError, OSError) as exc:
        raise CodeDamaged(_BROKEN_INSIDE, reason="broken-inside") from exc
