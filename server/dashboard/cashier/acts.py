"""Runs what a form of the cashier's pages asks for, and leads back to a page that says how it went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from server.dashboard import PREFIX
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.door import way_in
from server.dashboard.tags import tag
from server.dashboard.visit import Visit, visit
from server.identity.roles import Right
from wardlink.errors import InvalidInput, NoRight, NotSignedIn, WardlinkError
from wardlink.i18n import domain, speaking

_ = domain("server").gettext

Typed = Mapping[str, str]
Act = Callable[[Visit, Typed], str]
"""Does what was asked, with what was typed; what is said afterwards. May raise any WardlinkError."""


async def answer(desk: CashDesk, request: Request, path: str, right: Right, act: Act) -> Response:
    """Do it, in a thread, as who is signed in; then back to `path`."""
    typed = typed_of(await request.form())
    return await asyncio.to_thread(_do, desk, request, path, right, act, typed)


def typed_of(form: FormData) -> Typed:
    """What was typed; files are left out."""
    return {name: str(value).strip()[:500] for name, value in form.items() if not isinstance(value, UploadFile)}


def _do(desk: CashDesk, request: Request, path: str, right: Right, act: Act, typed: Typed) -> Response:
    here = PREFIX + path
    try:
        visitor = visit(desk.core, request)
    except NotSignedIn:
        return way_in(here)
    with speaking(visitor.language):
        try:
            if not visitor.may(right):
                raise NoRight
            said = act(visitor, typed)
        except NoRight:
            raise
        except WardlinkError as fault:
            said = fault.text()
    return RedirectResponse(f"{here}{'&' if '?' in path else '?'}said={desk.say(said)}", status_code=303)


def reason_of(typed: Typed) -> str:
    """The reason that was typed, for an act that was confirmed.

    Raises:
        InvalidInput: there is none, or nobody has said that it was checked.
    """
    if not typed.get("reason"):
        raise InvalidInput(detail=_("a reason"))
    if typed.get("sure") != "yes":
        raise InvalidInput(detail=_("the tick that you have checked it"))
    return typed["reason"][:200]


def say(desk: CashDesk, request: Request) -> None:
    """What the form before has said, if one has."""
    said = desk.said(request.query_params.get("said"))
    if said:
        tag("p", said, cls="notice", role="alert")


def ask_reason() -> None:
    """The fields of `reason_of`, inside a form."""
    with tag("label"):
        tag("span", _("Why? It stays in the record under your name."))
        tag("input", name="reason", maxlength="200", required=True)
    with tag("label", cls="sure"):
        tag("input", type="checkbox", name="sure", value="yes", required=True)
        tag("span", _("I have checked both sides. This cannot be taken back here."))
