"""What a browser shows whose visitor lacks the right: a sentence, and the way back."""

from __future__ import annotations

import asyncio
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from server.dashboard import PREFIX
from server.dashboard.assets import url_of
from server.dashboard.visit import HOME, language_of
from server.http import core_of, ours
from server.refusals import note_refused
from wardlink.errors import NoRight
from wardlink.i18n import domain, speaking

_ = domain("server").gettext


def install(app: FastAPI) -> None:
    """Answer a browser in a page; everybody else is answered as at all other addresses."""
    app.add_exception_handler(NoRight, _refuse)


async def _refuse(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, NoRight)
    is_page = request.url.path.startswith(PREFIX) and "text/html" in request.headers.get("accept", "")
    if not is_page:
        return await ours(request, exc)
    await asyncio.to_thread(note_refused, core_of(request), request)
    language = language_of(request)
    with speaking(language):
        words = {
            "title": _("Not possible"),
            "message": exc.text(),
            "way_back": _("To the first page"),
            "home": HOME,
            "lang": "zh-CN" if language == "zh_CN" else language,
            "icon": url_of("icon.svg"),
            "style": url_of("board.css"),
        }
    page = _template().substitute({name: escape(text) for name, text in words.items()})
    return HTMLResponse(page, status_code=exc.status, headers={"Cache-Control": "no-store"})


@cache
def _template() -> Template:
    return Template((Path(__file__).parent / "templates" / "refused.html").read_text("utf-8"))
