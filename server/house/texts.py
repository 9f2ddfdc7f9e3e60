"""A file as it was sent, to the text in it. Windows' ends of lines and marks at the beginning do no harm."""

from __future__ import annotations

from wardlink.errors import Fault, FileWrong, InvalidInput
from wardlink.i18n import N_

MOST_BYTES = 256 * 1024
"""Far more than any of these files needs: what goes to a device holds at most a quarter of it."""

WRONG = N_("The file is wrong in line {line}: {what}")
LARGE = N_("The file is larger than {limit} KB: this is none of the hospital's files.")
_EMPTY = N_("the file is empty")
_NO_TEXT = N_("this is no text in UTF-8. Save the file as plain text with the encoding UTF-8 and send it again.")


def text_in(data: bytes) -> str:
    """The text in this file.

    Raises:
        InvalidInput: it is too large.
        FileWrong: it is empty, or no text in UTF-8.
    """
    if len(data) > MOST_BYTES:
        raise InvalidInput(LARGE, limit=MOST_BYTES // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise FileWrong(WRONG, [Fault(_NO_TEXT, line, {})]) from exc
    if not text.strip():
        raise FileWrong(WRONG, [Fault(_EMPTY, 1, {})])
    return text.replace("\r\n", "\n")
