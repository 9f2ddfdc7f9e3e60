"""Who a device is: the file that `wardlink device enrol` writes and only the device reads."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from wardlink.errors import Misconfigured
from wardlink.i18n import N_
from wardlink.ids import Slug

DeviceKind = Literal["cart", "terminal", "monitor", "room"]

_READABLE = N_("Other users can read {path}. Run: chmod 600 {path}")
_ABSENT = N_("There is no credential at {path}. Enrol this device on the server: wardlink device enrol")
_NO_CREDENTIAL = N_("{path} is not a device credential.")
_OTHER_KIND = N_("{path} is the credential of another kind of device.")


class Credential(BaseModel):
    """A device's name, secret and addresses. The secret opens the broker and the server alike."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: Slug
    kind: DeviceKind
    name: str
    ward: Slug
    bed: Slug | None = None
    secret: SecretStr
    broker_host: str = "127.0.0.1"
    broker_port: int = Field(default=1883, ge=1, le=65535)
    broker_tls: bool = False
    server_url: str = "http://127.0.0.1:8080"


def read(path: Path, *, kind: DeviceKind | None = None) -> Credential:
    """The credential in `path`; with `kind`, only that of a device of this kind.

    Raises:
        Misconfigured: there is no such file, others may read it, or it is no credential, or one of another kind.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise Misconfigured(_READABLE, path=path)
        found = Credential.model_validate_json(path.read_bytes())
    except FileNotFoundError as exc:
        raise Misconfigured(_ABSENT, path=path) from exc
    except ValidationError as exc:
        raise Misconfigured(_NO_CREDENTIAL, path=path) from exc
    if kind is not None and found.kind != kind:
        raise Misconfigured(_OTHER_KIND, path=path)
    return found


def as_json(credential: Credential) -> dict[str, Any]:
    """What stands in the file, the secret with it."""
    return credential.model_dump(mode="json") | {"secret": credential.secret.get_secret_value()}


def write(credential: Credential, path: Path) -> None:
    """Write `credential` so that only this user can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = as_json(credential)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(fields, file, ensure_ascii=False, indent=1)
