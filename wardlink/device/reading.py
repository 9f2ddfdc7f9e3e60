"""One answer of the server to one question of the bed, as a typed view."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from wardlink.device.till import Asks
from wardlink.errors import MessageUnreadable
from wardlink.messages.commands import faults

V = TypeVar("V", bound=BaseModel)


def asked(http: Asks, view: type[V], path: str, body: BaseModel | None = None) -> V:
    """What the server answers; with a `body`, something is said to it.

    Raises:
        Unreachable: no answer.
        MessageUnreadable: the answer is none of this kind.
        WardlinkError: what the server refuses with.
    """
    content = http.ask("GET", path) if body is None else http.ask("POST", path, body.model_dump_json())
    try:
        return view.model_validate_json(content)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc
