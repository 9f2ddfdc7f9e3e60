"""What people say about an alert from the pages: they come, or it goes to another role. Answers in words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.visit import Visit, visit
from server.record.service import record_called
from server.refusals import note_refused
from wardlink.clinical.alert_rules import is_call
from wardlink.errors import InvalidInput, NoRight, NotFound, NotSignedIn, WardlinkError
from wardlink.i18n import N_, speaking
from wardlink.messages.alert_words import ROLES
from wardlink.messages.alerts import AcceptAlert, AlertView, HandOnAlert
from wardlink.messages.base import Message
from wardlink.messages.calls import AcknowledgeCall
from wardlink.record.alerts import ALERT

_INCOMPLETE = N_("Something is missing; nothing was said.")


def routes(core: Core) -> APIRouter:
    """`/alerts/{alert}/{act}`: nothing, or why it could not be said."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/alerts/{alert}/{act}")
    async def acted(request: Request, alert: str, act: str) -> Response:
        form = {name: str(value).strip()[:200] for name, value in (await request.form()).items()}
        return await asyncio.to_thread(_do, core, request, alert, act, form)

    return router


def _do(core: Core, request: Request, alert: str, act: str, form: Mapping[str, str]) -> Response:
    try:
        visitor = visit(core, request)
    except NotSignedIn as fault:
        return _refused(fault)
    with speaking(visitor.language):
        try:
            _say(visitor, alert[:40], act, form)
        except ValidationError:
            return _refused(InvalidInput(_INCOMPLETE))
        except NoRight as fault:
            note_refused(core, request)
            return _refused(fault)
        except WardlinkError as fault:
            return _refused(fault)
    return Response(status_code=204)


def _refused(fault: WardlinkError) -> Response:
    return JSONResponse({"said": fault.text()}, status_code=fault.status)


def _say(visitor: Visit, alert: str, act: str, form: Mapping[str, str]) -> None:
    if not visitor.may("alert.answer"):
        raise NoRight
    with visitor.core.db.read() as conn:
        found = record_called(conn, ALERT, alert)
    if found is None or not visitor.sees(found[0]):
        raise NotFound(what="alert", name=alert)
    ward, view = found
    kind, body = _command(view, act, form)
    visitor.core.execute(kind, body, ward=ward, actor=visitor.person.actor, encounter=view.encounter, bed=view.bed)


def _command(view: AlertView, act: str, form: Mapping[str, str]) -> tuple[str, Message]:
    if act == "accept" and is_call(view.code) and view.cause is not None:
        # The call is taken; its alert follows it.
        return "call.acknowledge", AcknowledgeCall.model_validate({"call": view.cause, "eta_min": form.get("eta_min")})
    if act == "accept":
        return "alert.accept", AcceptAlert.model_validate({"alert": view.id, "eta_min": form.get("eta_min")})
    if act == "hand-on" and form.get("to") in ROLES:
        fields = {"alert": view.id, "to": form["to"], "reason": form.get("reason", "")}
        return "alert.hand-on", HandOnAlert.model_validate(fields)
    raise NotFound(what="page", name=act[:40])
