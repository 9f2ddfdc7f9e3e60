"""The configuration of Mosquitto 2: accounts, who may do what, and where its defaults do not fit us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from server.broker.accounts import Account, permissions
from server.broker.nats import MAX_PAYLOAD_BYTES, Tls

_ROOM_FOR_TOPIC = 4 * 1024

_MAIN = """\
# Written by `wardlink broker --render mosquitto`. After a device is enrolled or revoked, write it again and
# send Mosquitto a SIGHUP: it reads passwords and ACL anew, and puts out whoever is no longer known.

listener {port} {host}
{tls}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl

# Otherwise any account can put out another one by connecting with its client id.
use_username_as_clientid true
# The default drops what queues past 1000 messages of a client, after it was acknowledged.
max_queued_messages 0
# Larger than any message of ours; whoever sends more is cut off, and nobody else.
message_size_limit {payload}
max_packet_size {packet}
# Wardlink asks a broker to remember nothing; a status from before a restart would be a lie.
persistence false
persistent_client_expiration 1h
# A vital sign should not wait for a full packet.
set_tcp_nodelay true
log_dest stderr
log_type error
log_type warning
log_type notice
"""

_PLAIN = """\
# Without TLS: for this machine alone. Secrets and readings would cross a network in the open.
"""

_TLS = """\
certfile {cert}
keyfile {key}
tls_version tlsv1.2
"""


def render_mosquitto(
    accounts: Sequence[Account], *, folder: Path, host: str = "127.0.0.1", port: int = 1883, tls: Tls | None = None
) -> Mapping[str, str]:
    """File names and contents; `folder` is where Mosquitto will find them. Holds hashes, no secrets."""
    main = _MAIN.format(
        host=host,
        port=port,
        tls=_PLAIN if tls is None else _TLS.format(cert=tls.cert, key=tls.key),
        folder=folder,
        payload=MAX_PAYLOAD_BYTES,
        packet=MAX_PAYLOAD_BYTES + _ROOM_FOR_TOPIC,
    )
    passwords = "".join(f"{account.name}:{account.mosquitto_hash}\n" for account in accounts)
    return {"mosquitto.conf": main, "passwords": passwords, "acl": "\n".join(map(_acl, accounts))}


def _acl(account: Account) -> str:
    may = permissions(account)
    lines = [f"user {account.name}"]
    lines += [f"topic write {topic}" for topic in may.publish]
    lines += [f"topic read {topic}" for topic in may.subscribe]
    return "\n".join(lines) + "\n"
