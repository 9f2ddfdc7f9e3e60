"""The door: sign-in, sign-out and the choice of the language. Plain forms, which work before any script has loaded."""

from __future__ import annotations

import asyncio
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.assets import url_of
from server.dashboard.visit import (
    HOME,
    LANGUAGE_COOKIE,
    inside,
    language_of,
    set_cookie,
)
from server.identity.sessions import COOKIE
from server.identity.sign_in import check
from server.identity.sign_in import leave as leave_session
from wardlink.errors import SignInFailed, WardlinkError
from wardlink.i18n import LANGUAGES, domain, speaking

_ = domain("server").gettext

SIGN_IN = PREFIX + "/sign-in"
SIGN_OUT = PREFIX + "/sign-out"
LANGUAGE = PREFIX + "/language"

NAMES = {"zh_CN": "中文", "en": "English"}
"""Each language in its own words: whoever needs it must be able to read it."""

_YEAR_S = 365 * 24 * 3600


def routes(core: Core) -> APIRouter:
    """The routes of the door."""
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN)
    def ask(request: Request) -> Response:
        return _page(core, request, said=request.query_params.get("said"))

    @router.post(SIGN_IN)
    async def come_in(request: Request) -> Response:
        form = await request.form()
        badge, pin = str(form.get("badge", ""))[:100], str(form.get("pin", ""))[:100]
        try:
            if not badge.strip() or not pin:
                raise SignInFailed
            origin = request.client.host if request.client else None
            session = await asyncio.to_thread(check, core, badge, pin, origin=origin)
        except WardlinkError as fault:
            return _page(core, request, fault=fault, badge=badge, next_=str(form.get("next", "")))
        answer = RedirectResponse(inside(str(form.get("next", ""))), status_code=303)
        lasts_s = int((session.expires_at - core.clock.now()).total_seconds())
        set_cookie(answer, request, COOKIE, session.token, seconds=lasts_s)
        return answer

    @router.post(SIGN_OUT)
    async def leave(request: Request) -> Response:
        form = await request.form()
        token = request.cookies.get(COOKIE)
        if token:
            await asyncio.to_thread(leave_session, core, token)
        query = {"said": "idle", "next": inside(str(form.get("next", "")))} if form.get("idle") else {"said": "out"}
        answer = RedirectResponse(f"{SIGN_IN}?{urlencode(query)}", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    @router.post(LANGUAGE)
    async def speak(request: Request) -> Response:
        form = await request.form()
        chosen = str(form.get("language", ""))
        back = str(form.get("next", ""))
        answer = RedirectResponse(back if back.startswith(SIGN_IN) else inside(back), status_code=303)
        if chosen in LANGUAGES:
            set_cookie(answer, request, LANGUAGE_COOKIE, chosen, seconds=_YEAR_S)
        return answer

    @router.get("/")
    def first() -> Response:
        return RedirectResponse(HOME)

    return router


def way_in(address: str) -> RedirectResponse:
    """To the sign-in page, and back to `address` afterwards."""
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': address})}", status_code=303)


def _page(
    core: Core,
    request: Request,
    *,
    fault: WardlinkError | None = None,
    said: str | None = None,
    badge: str = "",
    next_: str | None = None,
) -> HTMLResponse:
    language = language_of(request)
    after = next_ or request.query_params.get("next", "")
    with speaking(language):
        plain = _plain(after, badge) | {"lang": "zh-CN" if language == "zh_CN" else language}
        html = {
            "sample": _sample() if core.demo else "",
            "message": _message(fault, said),
            "languages": _languages(after),
        }
    page = _template().substitute({name: escape(text) for name, text in plain.items()} | html)
    return HTMLResponse(page, status_code=fault.status if fault else 200, headers={"Cache-Control": "no-store"})


@cache
def _template() -> Template:
    return Template((Path(__file__).parent / "templates" / "sign_in.html").read_text("utf-8"))


def _plain(after: str, badge: str) -> dict[str, str]:
    return {
        "title": _("Ward board"),
        "how": _("Sign in with your badge and your PIN."),
        "badge_label": _("Badge"),
        "pin_label": _("PIN"),
        "sign_in": _("Sign in"),
        "not_certified": _("Wardlink is not a certified medical device."),
        "badge": badge,
        "next": after,
        "action": SIGN_IN,
        "icon": url_of("icon.svg"),
        "style": url_of("board.css"),
    }


def _sample() -> str:
    words = _("SAMPLE DATA: every name and value here is invented.")
    return f'<div class="sample">{escape(words)}</div>'


def _message(fault: WardlinkError | None, said: str | None) -> str:
    if fault is not None:
        return f'<p class="trouble" role="alert">{escape(fault.text())}</p>'
    told = {"idle": _("You were signed out because nobody was here."), "out": _("You have signed out.")}
    return f'<p class="said" role="status">{escape(told[said])}</p>' if said in told else ""


def _languages(after: str) -> str:
    here = escape(SIGN_IN + (f"?{urlencode({'next': after})}" if after else ""))
    return "".join(
        f'<form method="post" action="{LANGUAGE}"><input type="hidden" name="next" value="{here}">'
        f'<button class="button" name="language" value="{code}" lang="{code[:2]}">{NAMES[code]}</button></form>'
        for code in LANGUAGES
    )
