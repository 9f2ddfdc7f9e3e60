"""Gives the pages and forms of ECG strips their addresses."""

from __future__ import annotations

from fastapi import FastAPI

from server.core import Core
from server.dashboard.ecg import forms, page
from server.dashboard.ecg.drafts import Drafts


def mount(app: FastAPI, core: Core) -> None:
    """The list, the strip and its forms on `app`."""
    drafts = Drafts()
    app.include_router(forms.routes(core, drafts))
    page.register(core, drafts)
