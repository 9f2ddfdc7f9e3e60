"""A real Chromium, and a server for it. Everything here is skipped where Chromium is absent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.servers import RealServer, StillServer, real_server, still_server
from tests.browser.visitor import Browsing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the browser."""
    skip = pytest.mark.skip(reason="Chromium is not installed here (make system-deps)")
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker("browser")
            if CHROMIUM is None:
                item.add_marker(skip)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for the tests of a file, each in a context of its own.

    Not for longer: Playwright keeps a loop in this thread, in which no test with a loop of its own can run.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        arguments += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillServer]:
    """A server whose clock stands still. Tests share it: each uses beds of its own."""
    with still_server(tmp_path_factory.mktemp("still")) as server:
        yield server


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server as it is run, in a process of its own."""
    with real_server(tmp_path_factory.mktemp("real")) as server:
        yield server


@pytest.fixture
def browsing(chromium: Any) -> Iterator[Browsing]:
    """Opens windows, and closes them at the end; fails if any of them asked another host for anything."""
    found = Browsing(chromium)
    yield found
    found.close()
    assert found.foreign == []
