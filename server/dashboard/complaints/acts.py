"""What can be done about a complaint from its page: received, given to somebody, answered, closed. Plain posts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.complaints import acting
from server.complaints.service import Standing
from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.forms import answer
from server.dashboard.guard import address
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import ROLES, word
from server.identity.roles import Right
from server.identity.staff import Person
from wardlink.clinical.complaints import ComplaintAct, after
from wardlink.errors import NotFound
from wardlink.i18n import domain

_ = domain("server").gettext

Typed = Mapping[str, str]


def _assign(visitor: Visit, complaint: str, typed: Typed) -> None:
    about = [typed["about"]] if typed.get("about") else []
    several = typed.get("several") == "yes"
    handler = typed.get("handler", "")
    acting.assign(visitor.core, visitor.person, complaint, handler, about=about, several_departments=several)


_DO: Mapping[str, tuple[Right, Callable[[Visit, str, Typed], None]]] = {
    "acknowledge": ("complaint.answer", lambda v, c, t: acting.acknowledge(v.core, v.person, c)),
    "assign": ("complaint.assign", _assign),
    "reply": ("complaint.answer", lambda v, c, t: acting.reply(v.core, v.person, c, t.get("words", ""))),
    "close": ("complaint.assign", lambda v, c, t: acting.close(v.core, v.person, c)),
}


def routes(core: Core) -> APIRouter:
    """`/complaints/{id}/{act}`: each leads back to the page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/complaints/{name}/{act}")
    async def acted(request: Request, name: str, act: str) -> Response:
        if act not in _DO:
            raise NotFound(what="page", name=request.url.path[:100])
        right, do = _DO[act]
        return await answer(core, request, f"/complaints/{name[:40]}", right, lambda v, t: do(v, name, t))

    return router


def show_acts(visit: Visit, found: Standing, handlers: Sequence[Person], staff: Mapping[str, str]) -> None:
    """The forms of what can be done now, and by this visitor."""
    row = found.row

    def can(act: ComplaintAct) -> bool:
        return after(row.kind, row.state, act) is not None and visit.may(_DO[act][0])

    with tag("div", cls="acts"):
        if can("acknowledge"):
            _form(row.id, "acknowledge", _("I have received it"))
        if can("reply"):
            _reply_form(row.id)
        if can("assign"):
            _assign_form(row.id, found, handlers, staff)
        if can("close"):
            _form(row.id, "close", _("Close it"))


def _form(complaint: str, act: str, words: str) -> None:
    with tag("form", method="post", action=address(f"/complaints/{complaint}/{act}")):
        tag("button", words, type="submit", cls="button")


def _reply_form(complaint: str) -> None:
    with tag("form", method="post", action=address(f"/complaints/{complaint}/reply"), cls="ask"):
        tag("h2", _("Answer the patient"))
        with tag("label"):
            tag("span", _("It stands on the screen at the bed, with your name. What was done, and what follows?"))
            tag("textarea", name="words", maxlength=str(acting.LONGEST_REPLY), required=True)
        with tag("div", cls="actions"):
            tag("button", _("Send the answer"), type="submit", cls="button main")


def _assign_form(complaint: str, found: Standing, handlers: Sequence[Person], staff: Mapping[str, str]) -> None:
    with tag("form", method="post", action=address(f"/complaints/{complaint}/assign"), cls="ask"):
        tag("h2", _("Give it to somebody"))
        with tag("label"):
            tag("span", _("Who handles it"))
            with tag("select", name="handler", required=True):
                tag("option", "", value="")
                for one in handlers:
                    tag("option", f"{one.name} · {word(ROLES, one.role)}", value=one.id)
        with tag("label"):
            tag("span", _("Whom it is about; they see nothing of it and cannot handle it"))
            with tag("select", name="about"):
                tag("option", _("nobody, or named already"), value="")
                for who in sorted(staff, key=lambda name: staff[name]):
                    if who not in found.row.about:
                        tag("option", staff[who], value=who)
        if not found.row.several_departments:
            with tag("label", cls="sure"):
                tag("input", type="checkbox", name="several", value="yes")
                tag("span", _("Several departments: 10 working days"))
        with tag("div", cls="actions"):
            tag("button", _("Give it"), type="submit", cls="button")
