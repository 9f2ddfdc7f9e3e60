"""The configuration of nats-server: who may do what, and limits that keep one client from harming the others.

nats-server writes an MQTT topic `a/b` as its own subject `a.b`, `+` as `*` and `#` as `>`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from server.broker.accounts import Account, permissions
from wardlink.messages.base import MAX_MESSAGE_BYTES

MAX_PAYLOAD_BYTES = 2 * MAX_MESSAGE_BYTES
"""The server parks what is a little too large and says so; what is larger than this ends its sender's connection."""

_MEBIBYTE = 1024 * 1024


def subject(mqtt_filter: str) -> str:
    """An MQTT topic or filter of ours in nats-server's own words."""
    return mqtt_filter.replace("/", ".").replace("+", "*").replace("#", ">")


class Tls(NamedTuple):
    """A certificate for the broker's name on the network, and its key; both PEM."""

    cert: Path
    key: Path


def render_nats(
    accounts: Sequence[Account],
    *,
    host: str,
    port: int,
    store: Path,
    log: Path | None = None,
    tls: Tls | None = None,
) -> str:
    """The configuration file. JSON, which nats-server reads as well as its own format; holds hashes, no secrets."""
    settings: dict[str, Any] = {
        "server_name": "wardlink",
        # Its own protocol cannot be switched off. No account may use it, and it is heard on loopback only.
        "host": "127.0.0.1",
        "port": -1,
        "max_payload": MAX_PAYLOAD_BYTES,
        "max_connections": 20_000,
        "jetstream": {
            "store_dir": str(store),
            "max_memory_store": 64 * _MEBIBYTE,
            "max_file_store": 256 * _MEBIBYTE,
        },
        "mqtt": {"host": host, "port": port, "reject_qos2_publish": True},
        "authorization": {"timeout": 5, "users": [_user(account) for account in accounts]},
    }
    if tls is not None:
        settings["mqtt"]["tls"] = {"cert_file": str(tls.cert), "key_file": str(tls.key), "timeout": 5}
    if log is not None:
        settings |= {"log_file": str(log), "logfile_size_limit": 4 * _MEBIBYTE, "logfile_max_num": 3}
    return json.dumps(settings, indent=1)


def _user(account: Account) -> dict[str, Any]:
    may = permissions(account)
    hears: dict[str, Any] = {"allow": [subject(topic) for topic in may.subscribe]}
    if account.kind != "server":
        # The way of QoS 1: a device hears with QoS 0, and can leave no session behind that fills the disk.
        hears["deny"] = ["$MQTT.sub.>"]
    return {
        "user": account.name,
        "password": account.nats_hash,
        "allowed_connection_types": ["MQTT"],
        "permissions": {
            "publish": {"allow": [subject(topic) for topic in may.publish]},
            "subscribe": hears,
        },
    }
