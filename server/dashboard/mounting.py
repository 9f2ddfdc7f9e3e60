"""Puts the pages onto the application: the door, the exports, and the page framework below the prefix."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from nicegui import app as framework
from nicegui import ui
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.core import Core
from server.dashboard import (
    PREFIX,
    assets,
    attribution_forms,
    door,
    exports,
    forms,
    order_forms,
    pages,
    printing,
    refusal,
    request_forms,
)
from server.dashboard.alarms import forms as alarms
from server.dashboard.assets import FOLDER
from server.dashboard.beds import page as beds
from server.dashboard.cashier import mounting as cashier
from server.dashboard.complaints import acts as complaints
from server.dashboard.consults import forms as consults
from server.dashboard.devices import forms as devices
from server.dashboard.ecg import mounting as ecg
from server.dashboard.events import forms as events
from server.dashboard.family import forms as family
from server.dashboard.files import mounting as files
from server.dashboard.kitchen import forms as kitchen
from server.dashboard.pages import results
from server.dashboard.rehabilitation import forms as rehabilitation
from server.dashboard.shifts import assignments
from server.dashboard.shifts import forms as shifts
from server.dashboard.staff import forms as staff
from server.dashboard.tubes import forms as tubes

# The framework's pages need inline scripts and compile their templates in the browser; nothing may come from outside.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


class StrictPages:
    """Tells the browser to load nothing of our pages from anywhere else, and to show them in no one's frame."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to answers below the prefix."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await self._app(scope, receive, told)


def mount_pages(app: FastAPI, core: Core) -> None:
    """Put the pages of `core` onto `app`. A process has one set of pages: those of the last call."""
    app.add_middleware(StrictPages)
    refusal.install(app)
    app.include_router(door.routes(core))
    app.include_router(exports.routes(core))
    app.include_router(printing.routes(core))
    app.include_router(forms.routes(core))
    app.include_router(attribution_forms.routes(core))
    app.include_router(order_forms.routes(core))
    app.include_router(request_forms.routes(core))
    app.include_router(kitchen.routes(core))
    app.include_router(consults.routes(core))
    app.include_router(results.routes(core))
    app.include_router(rehabilitation.routes(core))
    app.include_router(family.routes(core))
    app.include_router(shifts.routes(core))
    app.include_router(assignments.routes(core))
    app.include_router(staff.routes(core))
    app.include_router(beds.routes(core))
    app.include_router(alarms.routes(core))
    app.include_router(complaints.routes(core))
    app.include_router(devices.routes(core))
    app.include_router(events.routes(core))
    app.include_router(tubes.routes(core))
    _forget_former()
    framework.add_static_files(assets.PATH, FOLDER)
    cashier.mount(app, core)
    files.mount(app)
    ecg.mount(app, core)
    # Last: one of them stands for every address that nobody has.
    pages.register(core)
    ui.run_with(
        app,
        mount_path=PREFIX,
        title="Wardlink",
        favicon=(FOLDER / "icon.svg").read_text("utf-8"),
        language="zh-CN",
        tailwind=False,
        show_welcome_message=False,
    )


def _forget_former() -> None:
    # The framework is one application a process and refuses middleware once it has run.
    starlette: Any = framework
    starlette.user_middleware.clear()
    starlette.middleware_stack = None
