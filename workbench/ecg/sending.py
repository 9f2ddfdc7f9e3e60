"""Sends a strip to the ward server over HTTP, as an examination room or a monitor does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError

from wardlink.clinical.ecg.strip import MISSING, Strip
from wardlink.credential import Credential
from wardlink.errors import InvalidInput, MessageUnreadable, NotAllowed, Unreachable
from wardlink.i18n import N_, language

TRIES = 5
WAIT_S = 2.0

_REFUSED = N_("The server did not take the strip: {why}")


class Answer(BaseModel):
    """What the server made of it. `encounter` None: no stay was found, a person must say whose it is."""

    id: str
    seq: int
    encounter: str | None
    beats: int | None


class _Fault(BaseModel):
    detail: str = ""


def upload(strip: Strip, strip_id: str, **said: Any) -> dict[str, Any]:
    """The strip as the server wants it; `said`: what else is known, None for what is not."""
    leads = {lead: [None if v == MISSING else v for v in samples] for lead, samples in strip.leads.items()}
    shape = {"start_at": strip.start_at.isoformat(), "rate_hz": strip.rate_hz, "uv_per_unit": strip.uv_per_unit}
    return {"id": strip_id, **shape, "leads": leads} | {
        name: value for name, value in said.items() if value is not None
    }


def send(
    credential: Credential,
    ward: str,
    body: dict[str, Any],
    *,
    report: Callable[[int], None] = lambda tried: None,
    wait: Callable[[float], None] = time.sleep,
) -> Answer:
    """Send it, again with the same id while no answer comes; `report` hears how often it was tried without one.

    Raises:
        Unreachable: no answer after `TRIES` tries.
        NotAllowed: the server does not know this device, or does not let it send here.
        InvalidInput: the server says what is wrong with it.
    """
    import httpx2

    options: dict[str, Any] = {
        "auth": (credential.device, credential.secret.get_secret_value()),
        "timeout": httpx2.Timeout(30.0, connect=3.0),
        # The hospital's proxy is for the outside world; the server is in the house.
        "trust_env": False,
        "headers": {"Accept-Language": language().replace("_", "-")},
    }
    with httpx2.Client(base_url=credential.server_url, **options) as client:
        for tried in range(1, TRIES + 1):
            try:
                answer = client.post(f"/api/v1/wards/{ward}/ecg", json=body)
            except httpx2.InvalidURL as exc:
                raise Unreachable from exc
            except httpx2.HTTPError:
                answer = None
            if answer is not None and answer.status_code < 500:
                return _read(answer)
            report(tried)
            if tried < TRIES:
                wait(WAIT_S)
    raise Unreachable


def _read(answer: Any) -> Answer:
    if answer.status_code in (401, 403):
        raise NotAllowed
    try:
        if answer.status_code >= 300:
            raise InvalidInput(_REFUSED, why=_Fault.model_validate_json(answer.content).detail or answer.status_code)
        return Answer.model_validate_json(answer.content)
    except ValidationError as exc:
        raise MessageUnreadable(detail="answer") from exc
