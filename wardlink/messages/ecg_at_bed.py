"""ECG strips as the terminal of a bed is told of them: those that its patient may see, with a doctor's words only."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wardlink.ids import Id
from wardlink.messages.base import Instant, Message
from wardlink.messages.ecg import MOST_SAMPLES


class EcgLine(Message):
    """A strip in a list. `said_at`: when a doctor last said what it shows."""

    id: Id
    taken_at: Instant
    seconds: float
    leads: tuple[str, ...]
    said_at: Instant


class EcgsAtBed(Message):
    """Every strip of a stay that its patient may see, the newest first. `taken_back`: so many were struck since."""

    lines: tuple[EcgLine, ...] = ()
    taken_back: int = 0


class EcgWords(Message):
    """What a doctor said of a strip, and who."""

    text: str
    at: Instant
    by_name: str | None = None


class EcgLead(Message):
    """All samples of one lead, as `wardlink.clinical.ecg.coding` writes them."""

    lead: str
    samples: str


class EcgAtBed(Message):
    """One strip with its curve. `words`: doctors' reports, the newest first."""

    line: EcgLine
    words: tuple[EcgWords, ...]
    rate_hz: float
    uv_per_unit: float
    length: Annotated[int, Field(ge=1, le=MOST_SAMPLES)]
    digest: str
    leads: tuple[EcgLead, ...]
