"""The forms about those who work here: add, change, PIN, access, and a file of many."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.fields import choice_field, send_button, text_field
from server.dashboard.guard import address
from server.dashboard.posted import posted
from server.dashboard.sent_file import file_fields, say_of_file, sent_file, taken_text
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import ROLES, word
from server.identity import staff_acts, staff_file
from server.identity.roles import EVERYWHERE, GIVEN_BY_MANAGERS
from server.identity.roles import ROLES as EVERY_ROLE
from server.identity.staff import StaffEntry
from server.identity.staff_acts import Details
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import LANGUAGES, N_, domain, speaking

_ = domain("server").gettext

_MOST = 100
_TWO_PINS = N_("The two PINs are not the same.")
_FIELDS = ("id", "name", "role", "badge")


def ward_names(visit: Visit) -> dict[str, str]:
    """The wards that the visitor may give, by id. Reads the database."""
    return dict(visit.wards())


def new_form(visit: Visit, typed: Mapping[str, str], wards: Mapping[str, str]) -> None:
    """Somebody new; what was typed before a refusal stands in it again."""
    with tag("form", method="post", action=address("/staff-new"), cls="ask", autocomplete="off"):
        text_field("id", _("Staff id"), value=typed.get("id", "")[:40], maxlength="40", required=True)
        _details(visit, wards, typed, chosen=tuple(typed.get("wards", "").split(",")))
        _pins(required=False)
        tag("p", _("Without a PIN the person cannot sign in yet."))
        send_button(_("Add"))


def change_form(visit: Visit, one: StaffEntry, wards: Mapping[str, str]) -> None:
    """Name, role, badge and wards of somebody."""
    with tag("form", method="post", action=address(f"/staff/{one.id}/change"), cls="ask"):
        tag("h2", _("Change"))
        tag("input", type="hidden", name="version", value=str(one.version))
        typed = {"name": one.name, "role": one.role, "badge": one.badge}
        _details(visit, wards, typed, chosen=one.wards)
        send_button(_("Save the change"))


def pin_form(one: StaffEntry) -> None:
    """A new PIN."""
    with tag("form", method="post", action=address(f"/staff/{one.id}/pin"), cls="ask", autocomplete="off"):
        tag("h2", _("New PIN"))
        tag("p", _("The person is signed out everywhere."))
        tag("input", type="hidden", name="version", value=str(one.version))
        _pins(required=True)
        send_button(_("Give the PIN"))


def access_form(visit: Visit, one: StaffEntry) -> None:
    """The end of somebody's access, or giving it back; nothing for one's own."""
    if one.id == visit.person.id:
        return
    act = "end" if one.active else "back"
    with tag("form", method="post", action=address(f"/staff/{one.id}/{act}"), cls="ask"):
        tag("h2", _("End the access") if one.active else _("Give access back"))
        tag("input", type="hidden", name="version", value=str(one.version))
        with tag("label", cls="sure"):
            tag("input", type="checkbox", name="sure", value="yes", required=True)
            sure = _("The person is signed out everywhere and can be given access back later.")
            tag("span", sure if one.active else _("The person signs in with the PIN they had."))
        send_button(_("End the access") if one.active else _("Give access back"))


def import_form(request: Request) -> None:
    """A file that is looked at first, and then taken over as a whole or not at all."""
    say_of_file(request)
    action = address("/staff-import")
    with tag("form", method="post", action=action, enctype="multipart/form-data", cls="ask"):
        tag(
            "p",
            _(
                "CSV with the columns 工号, 姓名, 角色 and 病区 (or badge, name, role, wards), several wards with a"
                " semicolon between them. Who is new is added without a PIN, who is known by the badge or the column"
                " 编号 is changed, who is not in the file stays as they are."
            ),
        )
        file_fields()


def routes(core: Core) -> APIRouter:
    """Each form leads back to its page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/staff-new")
    async def added(request: Request) -> Response:
        form = await request.form()
        typed, wards = _typed(form), _wards(form)
        kept = {name: typed.get(name, "") for name in _FIELDS} | {"wards": ",".join(wards)}
        then = f"/staff/{typed.get('id', '')}"

        def work(visitor: Visit) -> None:
            visitor.demand("staff.manage")
            pin = _pin(typed, required=False)
            staff_acts.add(core, visitor.person, typed.get("id", ""), _asked(typed, wards), pin)

        return await asyncio.to_thread(posted, core, request, "/staff-new", work, then=then, typed=kept)

    @router.post("/staff-import")
    async def taken(request: Request) -> Response:
        def work(visitor: Visit, data: bytes, only_look: bool) -> str:
            taken = staff_file.take(core, visitor.person, data, _role_words(), only_look=only_look)
            return taken_text(taken, only_look=only_look)

        return await sent_file(core, request, "/staff-import", demand=lambda v: v.demand("staff.manage"), work=work)

    @router.post("/staff/{name}/{act}")
    async def acted(request: Request, name: str, act: str) -> Response:
        form = await request.form()
        typed, wards = _typed(form), _wards(form)
        path = f"/staff/{name[:40]}"
        return await asyncio.to_thread(posted, core, request, path, lambda v: _act(v, name, act, typed, wards))

    return router


def _act(visitor: Visit, name: str, act: str, typed: Mapping[str, str], wards: tuple[str, ...]) -> None:
    visitor.demand("staff.manage")
    core, by = visitor.core, visitor.person
    seen = typed.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    match act:
        case "change":
            staff_acts.change(core, by, name, _asked(typed, wards), version=version)
        case "pin":
            staff_acts.new_pin(core, by, name, _pin(typed, required=True) or "", version=version)
        case "end" | "back" if typed.get("sure") != "yes":
            raise InvalidInput(detail=_("the tick that you have checked it"))
        case "end":
            staff_acts.end(core, by, name, version=version)
        case "back":
            staff_acts.give_back(core, by, name, version=version)
        case _:
            raise NotFound(what="page", name=act[:40])


def _role_words() -> dict[str, str]:
    """What a role may be called in a file: its code, and its word in every language."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            found |= {word(ROLES, role).lower(): role for role in EVERY_ROLE}
    return found | {role: role for role in EVERY_ROLE}


def _asked(typed: Mapping[str, str], wards: tuple[str, ...]) -> Details:
    return Details(typed.get("name", ""), typed.get("role", ""), typed.get("badge", ""), wards)


def _pin(typed: Mapping[str, str], *, required: bool) -> str | None:
    pin, again = typed.get("pin", ""), typed.get("again", "")
    if pin != again:
        raise InvalidInput(_TWO_PINS)
    return pin if pin or required else None


def _typed(form: FormData) -> dict[str, str]:
    return {name: str(value).strip()[:_MOST] for name, value in form.items() if isinstance(value, str)}


def _wards(form: FormData) -> tuple[str, ...]:
    return tuple(str(value)[:40] for value in form.getlist("wards"))


def _details(visit: Visit, wards: Mapping[str, str], typed: Mapping[str, str], *, chosen: tuple[str, ...]) -> None:
    given = EVERY_ROLE if visit.person.role in EVERYWHERE else tuple(r for r in EVERY_ROLE if r in GIVEN_BY_MANAGERS)
    text_field("name", _("Full name"), value=typed.get("name", "")[:60], maxlength="60", required=True)
    text_field("badge", _("Staff number"), value=typed.get("badge", "")[:40], maxlength="40", required=True)
    roles = [("", "—"), *((role, word(ROLES, role)) for role in given)]
    choice_field("role", _("Role"), roles, typed.get("role"), required=True)
    with tag("fieldset", cls="fields"):
        tag("legend", _("Wards"))
        for ward, name in wards.items():
            with tag("label", cls="sure"):
                tag("input", type="checkbox", name="wards", value=ward, checked=ward in chosen or None)
                tag("span", name)
        # Wards that the visitor may not give stay as they are only by an administrator.
        for ward in chosen:
            if ward and ward not in wards:
                tag("input", type="hidden", name="wards", value=ward)


def _pins(*, required: bool) -> None:
    for name, label in (("pin", _("PIN, four to twelve digits")), ("again", _("The PIN again"))):
        how = {"inputmode": "numeric", "maxlength": "12", "autocomplete": "new-password"}
        text_field(name, label, type="password", required=required, **how)
