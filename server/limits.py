"""How much a request may bring: cut off while it comes in, so that nobody fills the memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wardlink.errors import MessageTooLarge
from wardlink.messages.base import MAX_MESSAGE_BYTES

_OURS = "/api/"


class BodyLimit:
    """Lets a request of the interfaces bring as much as a message may hold.

    `own` paths look after themselves; `larger` are patterns of paths (`*` for one name) that may bring so many bytes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        own: frozenset[str] = frozenset(),
        larger: Mapping[str, int] = MappingProxyType({}),
        most: int = MAX_MESSAGE_BYTES,
    ) -> None:
        self._app = app
        self._own = own
        self._larger = [(re.compile(re.escape(path).replace(r"\*", "[^/]+")), size) for path, size in larger.items()]
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(_OURS) or scope["path"] in self._own:
            await self._app(scope, receive, send)
            return
        size = 0
        most = next((size for path, size in self._larger if path.fullmatch(scope["path"])), self._most)

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:
                raise MessageTooLarge(size=size, limit=most)
            return message

        await self._app(scope, counted, send)
