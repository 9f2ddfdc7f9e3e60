"""Files for a broker that the hospital runs itself: configuration, accounts, ACL, and the server's own password."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from server.broker.accounts import Account
from server.broker.mosquitto import render_mosquitto
from server.broker.nats import Tls, render_nats
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

BrokerKind = Literal["nats", "mosquitto"]

_NOT_WRITTEN = N_("{path} cannot be written: {reason}.")


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read; others see the old one or the new one, never a part.

    Raises:
        Misconfigured: the folder does not take it.
    """
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        os.replace(new, path)
    except OSError as fault:
        raise Misconfigured(_NOT_WRITTEN, path=path, reason=fault.strerror or fault) from fault


def kept_password(path: Path) -> SecretStr:
    """The server's password at a broker of its own, from `path`; made there the first time."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return SecretStr(path.read_text().strip())


def write(
    kind: BrokerKind, accounts: Sequence[Account], folder: Path, *, host: str, port: int, tls: Tls | None = None
) -> list[Path]:
    """Write what a broker of this kind needs into `folder`; returns the files.

    Raises:
        Misconfigured: the folder does not take them.
    """
    folder = folder.resolve()
    if kind == "nats":
        text = render_nats(accounts, host=host, port=port, store=folder / "store", tls=tls)
        files = {"nats-server.json": text + "\n"}
    else:
        files = dict(render_mosquitto(accounts, folder=folder, host=host, port=port, tls=tls))
    for name, text in files.items():
        write_private(folder / name, text)
    return [folder / name for name in files]
