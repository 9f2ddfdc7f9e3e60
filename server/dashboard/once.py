"""Shows a secret once, on the answer to the form that made it: it is kept nowhere, and nothing of it is logged."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from fastapi.responses import HTMLResponse, Response

from server.dashboard import PREFIX
from server.dashboard.assets import url_of
from server.dashboard.visit import Visit
from wardlink.i18n import domain

_ = domain("server").gettext


def shown_once(
    visitor: Visit, *, title: str, how: str, label: str, secret: str, back: tuple[str, str], file: str | None = None
) -> Response:
    """A page with the secret. `how`: what to do with it; `file`: its name, if it can be saved; `back`: page, words."""
    words = {
        "title": title,
        "once": _("It is shown this once. Nobody can read it again, not even here."),
        "how": how,
        "label": label,
        "secret": secret,
        "rows": str(max(1, secret.count("\n") + 1)),
        "way_back": back[1],
        "back": PREFIX + quote(back[0]),
        "lang": "zh-CN" if visitor.language == "zh_CN" else visitor.language,
        "icon": url_of("icon.svg"),
        "style": url_of("board.css"),
    }
    safe = {name: escape(text) for name, text in words.items()}
    safe["save"] = _saving(file, secret) if file is not None else ""
    return HTMLResponse(_template().substitute(safe), headers={"Cache-Control": "no-store"})


def _saving(file: str, secret: str) -> str:
    data = f"data:application/json;charset=utf-8,{quote(secret)}"
    link = f'<a class="button main" download="{escape(file)}" href="{escape(data)}">'
    return f"{link}{escape(_('Save as a file'))}</a>"


@cache
def _template() -> Template:
    return Template((Path(__file__).parent / "templates" / "once.html").read_text("utf-8"))
