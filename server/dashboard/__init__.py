"""The manager's pages: the live bed board, a patient's page, the fleet, what waits for a person, and the audit.

mount        puts the pages onto the application
door, visit  who comes in, and what they may see
board, tile  one ward and its picture, without a database or a page
load, feed   from the database, and kept alive by Live and Fleet
pacing       how fast a page is sent what a feed says
pages        one file a page; guard, frame, tags, words are what they share
sheets       tables as values; tables shows them, exports makes files of them; printing gives sheets of paper
forms        what is written from a page
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from server.core import Core

PREFIX = "/board"
"""Where the pages live."""


def mount(app: FastAPI, core: Core) -> None:
    """Put the pages under `/board` and lead `/` there. Loads the page framework only now."""
    from server.dashboard.mounting import mount_pages

    mount_pages(app, core)
