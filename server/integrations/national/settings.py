"""Who we are to the national platform, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError

from wardlink.errors import Misconfigured

TIMEOUT_S = 20.0
"""So long an answer is waited for; a settlement of many lines takes its time."""

_CODE = TypeAdapter(Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{12}$")])
_AREA = TypeAdapter(Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")])


@dataclass(frozen=True)
class NationalSettings:
    """`url` without a slash at the end; `code` (fixmedins_code) has 12 characters, `area` (mdtrtarea_admvs) six."""

    url: str
    code: str
    name: str
    area: str
    operator: str = "wardlink"
    timeout_s: float = TIMEOUT_S

    def __post_init__(self) -> None:
        """Check what the envelope is made of.

        Raises:
            Misconfigured: the code or the area is none, or the address is no HTTP.
        """
        try:
            _CODE.validate_python(self.code)
            _AREA.validate_python(self.area)
        except ValidationError as exc:
            raise Misconfigured(detail="insurance: code or area") from exc
        if not self.url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise Misconfigured(detail="insurance: url must be https")
