"""Asks whether a broker takes a name and its secret: the surest sign that it is ready, and that it is ours."""

from __future__ import annotations

import socket
import ssl

from pydantic import SecretStr

_TIMEOUT_S = 2.0
_CLEAN_WITH_NAME_AND_SECRET = 0xC2
_ACCEPTED = b"\x20\x02\x00\x00"


def accepts(host: str, port: int, name: str, secret: SecretStr, *, tls: bool = False) -> bool:
    """Whether the broker at `host` and `port`, on this machine, lets `name` in; comes and goes without a trace."""
    try:
        with _open(host, port, tls=tls) as connection:
            connection.sendall(_connect_packet(f"knock-{name}", name, secret.get_secret_value()))
            answer = connection.recv(len(_ACCEPTED))
            connection.sendall(b"\xe0\x00")
    except OSError:
        return False
    return answer == _ACCEPTED


def _open(host: str, port: int, *, tls: bool) -> socket.socket:
    plain = socket.create_connection((host, port), timeout=_TIMEOUT_S)
    if not tls:
        return plain
    # The certificate is for the broker's name on the network, and we ask our own child on this machine.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain)


def _connect_packet(client_id: str, name: str, secret: str) -> bytes:
    keepalive_s = int(_TIMEOUT_S * 2).to_bytes(2, "big")
    body = _text("MQTT") + bytes([4, _CLEAN_WITH_NAME_AND_SECRET]) + keepalive_s
    body += _text(client_id) + _text(name) + _text(secret)
    # Two bytes of length are enough for 16 KiB; a secret of ours has 43 characters.
    return bytes([0x10, 0x80 | len(body) % 128, len(body) // 128]) + body


def _text(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw
