"""Sends the gateway's notices when their time has come; one that was not accepted comes again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx2

from server.integrations.sandbox import signing
from workbench.gateways.sandbox.entries import DueNotice

if TYPE_CHECKING:
    from workbench.gateways.sandbox.gateway import Gateway

LOOK_EVERY_S = 0.2
TIMEOUT_S = 5.0


class Sender:
    """Looks a few times a second; what is not sent yet lies in the books and survives a restart."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox notices", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """End after the one at hand."""
        self._ending.set()
        self._thread.join(timeout=2 * TIMEOUT_S)

    def _run(self) -> None:
        with httpx2.Client(timeout=TIMEOUT_S, trust_env=False) as client:
            while not self._ending.wait(LOOK_EVERY_S):
                for notice in self._gateway.books.due(self._gateway.clock.now()):
                    if self._ending.is_set():
                        return
                    accepted = self._send(client, notice)
                    self._gateway.books.sent(notice, self._gateway.clock.now(), accepted=accepted)

    def _send(self, client: httpx2.Client, notice: DueNotice) -> bool:
        signed = signing.headers(self._gateway.key, self._gateway.clock.now(), "notice", body=notice.body)
        try:
            answer = client.post(
                notice.url, content=notice.body, headers={**signed, "content-type": "application/json"}
            )
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return False
        return answer.status_code in (200, 204)
