"""The table of what family sign in with: hashes only, and gone with the consent."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from server.db import Instant


class FamilySecret(SQLModel, table=True):
    """Of one consent: the hash of the code that waits to be used, and that of the PIN that was set with one."""

    __tablename__ = "family_secret"

    consent: str = Field(primary_key=True, max_length=36)
    code_hash: str | None = Field(default=None, max_length=200)
    code_expires_at: datetime | None = Field(default=None, sa_type=Instant)
    pin_hash: str | None = Field(default=None, max_length=200)
