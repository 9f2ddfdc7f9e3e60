"""Tables of staff, their sessions, devices and the access audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, LargeBinary
from sqlmodel import Field, SQLModel

from server.db import Instant


class Staff(SQLModel, table=True):
    """Somebody who works here. `badge` is what the scanner reads; the PIN is an argon2 hash, "" where there is none.

    `version` goes up with every change, so that two who change the same person at once are told.
    """

    __tablename__ = "staff"

    id: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=60)
    role: str = Field(max_length=20)
    badge: str = Field(unique=True, max_length=40)
    pin_hash: str = Field(max_length=200)
    wards: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    active: bool = True
    version: int = 1


class StaffBadge(SQLModel, table=True):
    """Every badge that was ever given, and to whom: a lost one lets nobody else in."""

    __tablename__ = "staff_badge"

    badge: str = Field(primary_key=True, max_length=40)
    staff: str = Field(foreign_key="staff.id", max_length=40)


class StaffSession(SQLModel, table=True):
    """A signed-in member of staff. Only the hash of the token is kept."""

    __tablename__ = "staff_session"

    token_hash: str = Field(primary_key=True, max_length=64)
    staff: str = Field(foreign_key="staff.id", max_length=40, index=True)
    device: str | None = Field(default=None, max_length=40)
    created_at: datetime = Field(sa_type=Instant)
    used_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class SignInAttempt(SQLModel, table=True):
    """Wrong tries against one name from one place, so that they can be slowed down."""

    __tablename__ = "sign_in_attempt"

    key: str = Field(primary_key=True, max_length=120)
    failures: int = 0
    last_at: datetime = Field(sa_type=Instant)


class Device(SQLModel, table=True):
    """A cart, a terminal or a monitor, with what its secret can be checked against (never the secret).

    `broker_hash` is what nats-server checks it by (bcrypt), `mosquitto_hash` what Mosquitto does. `paired_with` is the
    stay that a monitor stands at since `paired_at`.
    """

    __tablename__ = "device"

    id: str = Field(primary_key=True, max_length=40)
    kind: str = Field(max_length=10)
    name: str = Field(max_length=60)
    ward: str = Field(foreign_key="ward.id", max_length=40)
    bed: str | None = Field(default=None, max_length=40)
    secret_sha256: str = Field(max_length=64)
    broker_hash: str = Field(max_length=200)
    mosquitto_hash: str = Field(default="", max_length=200)
    enrolled_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    paired_with: str | None = Field(default=None, max_length=36)
    paired_at: datetime | None = Field(default=None, sa_type=Instant)
    last_seen_at: datetime | None = Field(default=None, sa_type=Instant)


class DeviceCursor(SQLModel, table=True):
    """The number of the next command expected in one stream of one device."""

    __tablename__ = "device_cursor"

    device: str = Field(primary_key=True, max_length=40)
    stream: str = Field(primary_key=True, max_length=36)
    next_n: int = Field(sa_column=Column(BigInteger, nullable=False))


class AccessAudit(SQLModel, table=True):
    """One read, sign-in or administrative act. A chain: each row's hash covers the row and the one before.

    What was written stands in `change`, whose rows form a chain of their own.
    """

    __tablename__ = "access_audit"

    no: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant, index=True)
    actor: str = Field(max_length=60, index=True)
    device: str | None = Field(default=None, max_length=40)
    action: str = Field(max_length=40)
    what: str = Field(default="", max_length=200)
    encounter: str | None = Field(default=None, max_length=36, index=True)
    command: str | None = Field(default=None, max_length=36, unique=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
