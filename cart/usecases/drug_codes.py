"""What stands on a drug's pack, as far as a medication round asks: which drug, and whether it is too old. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardlink.codes.kinds import DrugPack
from wardlink.codes.reading import read_code
from wardlink.errors import CodeDamaged, CodeUnknown

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Pack:
    """A pack that was scanned: its number in 14 digits, and what else its code holds."""

    text: str
    gtin: str
    expires_on: date | None = None
    lot: str | None = None

    def is_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.expires_on is not None and self.expires_on < today


def read_pack(text: str, today: date) -> Pack | None:
    """Read a bare number or a GS1 code; None where it is no pack, or not read whole. `today` tells the century."""
    try:
        code = read_code(text)
    except (CodeDamaged, CodeUnknown):
        return None
    if not isinstance(code, DrugPack):
        return None
    return Pack(text.strip()[:60], code.gtin, code.expires_on(today), code.lot)
