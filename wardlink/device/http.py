"""The device's questions to the server over HTTP: what it missed, what time it is, who somebody is."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from wardlink.codes.cards import ShownCard
from wardlink.credential import Credential
from wardlink.errors import (
    Collision,
    InvalidInput,
    MessageUnreadable,
    NotAllowed,
    NotFound,
    SignInFailed,
    SyncGap,
    Unreachable,
)
from wardlink.i18n import N_, language
from wardlink.messages.base import Instant
from wardlink.messages.changes import ChangeRange, Snapshot, StaffView, decode_range, decode_snapshot
from wardlink.messages.commands import faults
from wardlink.messages.encounters import EncounterView
from wardlink.messages.family import HEADER

M = TypeVar("M", bound=BaseModel)

CONNECT_TIMEOUT_S = 2.0
READ_TIMEOUT_S = 15.0
ASK_TIMEOUT_S = 4.0
"""Somebody stands in front of the screen and waits."""

_SLOWED = N_("Too many wrong tries. Please wait {wait_s} seconds.")


class SnapshotShorter(SyncGap):
    """So much was missed that a snapshot is the shorter way."""

    status = 410
    code = "snapshot-shorter"
    sentence = N_("This device is far behind. It takes a fresh copy.")


class SignInAnswer(BaseModel):
    """The server's answer to badge and PIN."""

    token: str
    staff: StaffView
    expires_at: Instant


class WardHttp(Protocol):
    """What a device asks the server. Every method waits for the answer.

    Raises:
        Unreachable: no answer in time, or the server cannot work now.
        NotAllowed: the server does not know this device or does not let it do this.
        MessageUnreadable: the answer is not of our version.
    """

    def changes(self, after: int, limit: int | None = None) -> ChangeRange:
        """What has changed since `after`. Raises `SnapshotShorter`.

        `limit` 0: nothing of it, only whether the server's history is still ours.
        """

    def snapshot(self) -> Snapshot:
        """Everything we hold, anew."""

    def time(self) -> datetime:
        """The server's time."""

    def sign_in(self, badge: str, pin: str) -> SignInAnswer:
        """Who has this badge and PIN. Raises `SignInFailed`."""

    def open_bedside(self, admission_no: str, second: str) -> EncounterView:
        """The stay in our bed with these two identifiers. Raises `SignInFailed`."""

    def ask(self, method: str, path: str, body: str | None = None, *, timeout_s: float | None = None) -> bytes:
        """Anything else; `body` is JSON. The answer as it came."""

    def act_as(self, consent: str | None) -> None:
        """Family by this consent ask from now on; None: they do not any more."""

    def find_by_card(self, card: ShownCard, staff: str) -> CardFound:
        """Whose card was shown to us. Raises `SignInFailed` while slowed."""

    def open_by_card(self, card: ShownCard) -> EncounterView:
        """The stay in our bed, if it is their card. Raises `SignInFailed`."""

    def close(self) -> None:
        """Let go of the connection."""


class ServerHttp:
    """`WardHttp` over the network. The client is made at the first question: importing it takes a while."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential
        self._client: Any = None
        self._making = threading.Lock()
        self._family: str | None = None
        bed = "" if credential.kind != "terminal" else f"/beds/{credential.bed}"
        self._scope = f"/api/v1/wards/{credential.ward}{bed}"

    def changes(self, after: int, limit: int | None = None) -> ChangeRange:
        """What has changed since `after`."""
        params = {"after": after} if limit is None else {"after": after, "limit": limit}
        return decode_range(self._get(f"{self._scope}/changes", params=params))

    def snapshot(self) -> Snapshot:
        """Everything we hold, anew."""
        return decode_snapshot(self._get(f"{self._scope}/snapshot"))

    def time(self) -> datetime:
        """The server's time."""
        return _read(_Time, self._get("/api/v1/time")).at

    def sign_in(self, badge: str, pin: str) -> SignInAnswer:
        """Who has this badge and PIN."""
        return _read(SignInAnswer, self._post("/api/v1/sign-in", {"badge": badge, "pin": pin}))

    def open_bedside(self, admission_no: str, second: str) -> EncounterView:
        """The stay in our bed with these two identifiers."""
        body = {"admission_no": admission_no, "second": second}
        return _read(_Opened, self._post(f"{self._scope}/open", body)).encounter

    def ask(self, method: str, path: str, body: str | None = None, *, timeout_s: float | None = None) -> bytes:
        """Anything else; `body` is JSON. The answer as it came."""
        import httpx2

        timeout = httpx2.Timeout(timeout_s or ASK_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
        answer = self._send(method, path, content=body, timeout=timeout)
        if answer.status_code in (400, 422):
            raise InvalidInput(detail=_said(answer))
        return _content(answer)

    def act_as(self, consent: str | None) -> None:
        """Family by this consent ask from now on; None: they do not any more."""
        self._family = consent

    def find_by_card(self, card: ShownCard, staff: str) -> CardFound:
        """Whose card was shown to us."""
        body = {"kind": card.kind, "number": card.number, "staff": staff}
        return _read(CardFound, self._post(f"{self._scope}/cards", body))

    def open_by_card(self, card: ShownCard) -> EncounterView:
        """The stay in our bed, if it is their card."""
        body = {"kind": card.kind, "number": card.number}
        return _read(_Opened, self._post(f"{self._scope}/open-by-card", body)).encounter

    def close(self) -> None:
        """Let go of the connection."""
        with self._making:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _get(self, path: str, *, params: dict[str, Any] | None = None) -> bytes:
        return self._ask("GET", path, params=params)

    def _post(self, path: str, body: dict[str, str]) -> bytes:
        import httpx2

        timeout = httpx2.Timeout(ASK_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
        return self._ask("POST", path, json=body, timeout=timeout)

    def _ask(self, method: str, path: str, **options: Any) -> bytes:
        return _content(self._send(method, path, **options))

    def _send(self, method: str, path: str, **options: Any) -> Any:
        import httpx2

        headers = {"Accept-Language": language().replace("_", "-")}
        if self._family is not None:
            headers[HEADER] = self._family
        if options.get("content") is not None:
            headers["Content-Type"] = "application/json"
        try:
            return self._open().request(method, path, headers=headers, **options)
        except (httpx2.HTTPError, httpx2.InvalidURL) as exc:
            raise Unreachable from exc

    def _open(self) -> Any:
        import httpx2

        with self._making:
            if self._client is None:
                c = self._credential
                self._client = httpx2.Client(
                    base_url=c.server_url,
                    auth=(c.device, c.secret.get_secret_value()),
                    timeout=httpx2.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
                    # The hospital's proxy is for the outside world; the server is in the house.
                    trust_env=False,
                )
            return self._client


class CardFound(BaseModel):
    """Whose card it is: `found` with the stay, or the word of why nobody is opened."""

    outcome: str
    encounter: str | None = None


class _Time(BaseModel):
    at: Instant


class _Opened(BaseModel):
    encounter: EncounterView


class _Fault(BaseModel):
    code: str = ""
    detail: Any = None


def _content(answer: Any) -> bytes:
    if answer.status_code < 300:
        return bytes(answer.content)
    raise _fault(answer, sign_in=answer.request.method == "POST")


def _said(answer: Any) -> str:
    try:
        detail = _Fault.model_validate_json(answer.content).detail
    except ValidationError:
        detail = None
    return detail if isinstance(detail, str) else str(answer.status_code)


def _read(model: type[M], content: bytes) -> M:
    try:
        return model.model_validate_json(content)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc


def _fault(answer: Any, *, sign_in: bool) -> Exception:
    status: int = answer.status_code
    try:
        code = _Fault.model_validate_json(answer.content).code
    except ValidationError:
        code = ""
    if code == SnapshotShorter.code:
        return SnapshotShorter()
    if status == 429:
        return SignInFailed(_SLOWED, wait_s=answer.headers.get("Retry-After", "60"))
    if sign_in and code == SignInFailed.code:
        return SignInFailed()
    if status in (401, 403):
        return NotAllowed()
    if status == 404:
        return NotFound(what="answer", name=str(answer.url.path))
    if status == 409:
        return Collision(detail=code)
    return Unreachable()
