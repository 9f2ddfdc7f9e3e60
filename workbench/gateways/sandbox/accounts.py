"""Who has a key at the gateway: it itself, and its merchants. Files in its folder that only this user can read."""

from __future__ import annotations

import re
from pathlib import Path

from server.integrations.sandbox import signing

_MERCHANT = re.compile(r"[0-9a-z-]{1,40}")


def public_key(folder: Path) -> Path:
    """The file with the key that replies and notices of the gateway in `folder` are checked with."""
    return folder / "gateway.pub.pem"


def own_key(folder: Path) -> Path:
    """The file with the gateway's own key, made if there is none yet, with its public half beside it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "gateway.pem"
    key = signing.private_key(path) if path.exists() else signing.new_key(path)
    signing.write_public(key, public_key(folder))
    return path


def key_of(folder: Path, merchant: str) -> Path | None:
    """Where the key of a merchant would be; None for what can be no merchant's name."""
    return folder / f"merchant-{merchant}.pem" if _MERCHANT.fullmatch(merchant) else None


def enrol(folder: Path, merchant: str) -> Path:
    """Open an account for a merchant at the gateway in `folder`, or find it again; the file with the merchant's key.

    Raises:
        ValueError: the name has something else than lower-case letters, digits and hyphens.
    """
    path = key_of(folder, merchant)
    if path is None:
        raise ValueError("a merchant's name has lower-case letters, digits and hyphens")
    if not path.exists():
        signing.new_key(path)
    return path
