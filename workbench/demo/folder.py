"""What a demo keeps on disk, so that it starts again on its old data: ward, credentials, keys, history."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from wardlink import credential as credentials
from wardlink.credential import Credential
from wardlink.errors import Collision, Misconfigured
from wardlink.i18n import N_
from wardlink.messages.base import Instant

_NOT_OURS = N_("{folder} holds something else than a demo. Choose another folder with --data.")
_IN_USE = N_("Another demo runs in {folder}. End it first, or choose another folder with --data.")
_UNREADABLE = N_("{path} cannot be read. Start anew with --fresh.")

_LOCK = "lock"


class Card(BaseModel):
    """What is decided once for a folder: when the ward was first opened, and the keys of the two screens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opened_at: Instant
    cart_token: str
    bedside_token: str


class DemoFolder:
    """The folder of a demo, held by one demo at a time.

    Raises:
        Collision: another demo runs in it.
        Misconfigured: it holds something else.
    """

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self.path = path.expanduser().resolve()
        self._card = self.path / "demo.json"
        # A lock alone is what is left of a start that got no further.
        if self.path.is_dir() and not self._card.exists() and {entry.name for entry in self.path.iterdir()} - {_LOCK}:
            raise Misconfigured(_NOT_OURS, folder=self.path)
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            os.close(self._lock)
            raise Collision(_IN_USE, folder=self.path) from exc
        if fresh:
            self._clear()

    def close(self) -> None:
        """Let others have the folder."""
        os.close(self._lock)

    @property
    def is_new(self) -> bool:
        """Whether nothing has been kept here yet."""
        return not self._card.exists()

    @property
    def server(self) -> Path:
        """The data of the server."""
        return self.path / "server"

    @property
    def gateway(self) -> Path:
        """The books and keys of the payment gateway."""
        return self.path / "gateway"

    @property
    def logs(self) -> Path:
        """What the processes say."""
        return self.path / "logs"

    def device(self, name: str) -> Path:
        """The data of one device."""
        return self.path / "devices" / name

    def credential(self, name: str) -> Path:
        """The credential of one device."""
        return self.path / "credentials" / f"{name}.json"

    def card(self, now: datetime) -> Card:
        """What was decided for this folder; decided now if it is new.

        Raises:
            Misconfigured: the file cannot be read.
        """
        if self.is_new:
            made = Card(opened_at=now, cart_token=secrets.token_urlsafe(12), bedside_token=secrets.token_urlsafe(12))
            self.write(self._card, made.model_dump_json(indent=1))
        try:
            return Card.model_validate_json(self._card.read_bytes())
        except ValidationError as exc:
            raise Misconfigured(_UNREADABLE, path=self._card) from exc

    def known(self) -> dict[str, Credential]:
        """The credentials that were kept, by device."""
        found = [credentials.read(path) for path in (self.path / "credentials").glob("*.json")]
        return {known.device: known for known in found}

    def keep(self, made: Mapping[str, Credential]) -> None:
        """Keep credentials, as they are now."""
        for name, credential in made.items():
            credentials.write(credential, self.credential(name))

    def write(self, path: Path, text: str) -> None:
        """Write a file that only this user can read."""
        new = path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(path)

    def write_json(self, path: Path, content: Mapping[str, object]) -> None:
        """Write a mapping, see `write`."""
        self.write(path, json.dumps(content, ensure_ascii=False, indent=1))

    def _clear(self) -> None:
        for entry in self.path.iterdir():
            if entry.name == _LOCK:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
