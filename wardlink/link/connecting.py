"""Makes a client and its connection to a broker, as `LinkSettings` say."""

from __future__ import annotations

import socket
import ssl
from typing import cast

from paho.mqtt.client import MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from wardlink.link.buffered import BufferedClient
from wardlink.link.port import LinkSettings

CONNECT_TIMEOUT_S = 3.0


def new_client(settings: LinkSettings) -> BufferedClient:
    """A client that says who we are and what is said for us when we are lost.

    Raises:
        OSError: the file of trusted roots cannot be read.
    """
    client = BufferedClient(
        CallbackAPIVersion.VERSION2,
        client_id=settings.client_id,
        clean_session=True,
        protocol=MQTTv311,
        reconnect_on_failure=False,
    )
    client.connect_timeout = CONNECT_TIMEOUT_S
    # How many may be under way is for the sender of the messages to decide.
    client.max_inflight_messages_set(0)
    if settings.username is not None:
        secret = None if settings.password is None else settings.password.get_secret_value()
        client.username_pw_set(settings.username, secret)
    if settings.will is not None:
        client.will_set(settings.will.topic, settings.will.payload, qos=1, retain=True)
    if settings.tls:
        roots = None if settings.ca_file is None else str(settings.ca_file)
        client.tls_set(ca_certs=roots, cert_reqs=ssl.CERT_REQUIRED)
    return client


def open_connection(client: BufferedClient, settings: LinkSettings) -> None:
    """Connect and send our name; the answer has yet to come.

    Raises:
        OSError: nobody answers there.
    """
    client.connect(settings.host, settings.port, keepalive=settings.keepalive_s)
    sock = cast("socket.socket | None", client.socket())
    if sock is None:
        raise ConnectionError("the broker hung up at once")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
