"""Names that are made on the device, and the alphabet of names that people give."""

from __future__ import annotations

import re
from typing import Annotated

import uuid_utils
from pydantic import StringConstraints

# Wards, beds, devices and staff are named by people. The alphabet is what every broker allows in a topic level.
_SLUG = r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$"
_SLUG_RE = re.compile(_SLUG)

Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
"""A short name: lower-case letters, digits and inner hyphens, 1 to 40 characters."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
"""A UUID in its canonical lower-case form."""


def new_id() -> str:
    """A UUIDv7: unique without asking anyone, and later ones sort after earlier ones of the same process."""
    return str(uuid_utils.uuid7())


def is_slug(text: str) -> bool:
    """Whether `text` may name a ward, a bed, a device or a member of staff."""
    return _SLUG_RE.fullmatch(text) is not None
