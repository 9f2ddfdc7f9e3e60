"""Options of the whole suite."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from functools import partial
from typing import Any

import argon2
import pytest
from hypothesis import settings
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

from tests import cases
from wardlink.i18n import language, set_process_language

# How long an example takes says something of the machine, nothing of the code.
settings.register_profile("wardlink", deadline=None)
settings.load_profile("wardlink")

# A worker holds hundreds of modules and programs; looking through all of it is a third of a page's time.
gc.set_threshold(*gc.get_threshold()[:2], 200)


@pytest.fixture(autouse=True)
def _language_of_the_process() -> Iterator[None]:
    # A program of one screen sets it for good; the next test begins as every other does.
    before = language()
    yield
    set_process_language(before)


@pytest.fixture(scope="session", autouse=True)
def _hashing_is_cheap() -> Iterator[None]:
    # The code takes Argon2 as it comes, with 64 MiB and four lanes; tests sign in hundreds of times.
    with pytest.MonkeyPatch.context() as patched:
        cheap = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(argon2, "PasswordHasher", cheap)
        yield


@pytest.fixture(scope="session", autouse=True)
def _style_sheets_are_parsed_once() -> Iterator[None]:
    # Textual keeps what it has parsed for one run of a program, and parses it anew when the theme is set; tests run
    # hundreds of programs with the same sheets and the same few themes.
    parse = Stylesheet._parse_rules
    kept: dict[tuple[object, ...], list[RuleSet]] = {}

    def parse_once(sheet: Stylesheet, css: str, read_from: CSSLocation, *rest: Any, **named: Any) -> list[RuleSet]:
        key = (css, read_from, rest, *sorted(named.items()), *sheet._variables.items())
        if key not in kept:
            kept[key] = parse(sheet, css, read_from, *rest, **named)
        return kept[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: much of the time a test waits for a broker, a server or a browser."""
    cores = os.cpu_count() or 1
    return cores + max(1, cores // 2)


HEAVY = ("tests/system/", "tests/faults/", "tests/workbench/", "tests/browser/")
"""Folders whose tests start whole wards."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The heavy ones come first, so that one worker has them and the others come to its help at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(HEAVY))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--nothing-skipped`: for machines on which everything is installed."""
    parser.addoption(
        "--nothing-skipped",
        action="store_true",
        help="Fail if a test was skipped. Tests on real data are let off where that data is absent.",
    )


def missed(config: pytest.Config) -> list[str]:
    """The tests that were skipped although nothing may be, by name."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not config.getoption("--nothing-skipped"):
        return []
    skipped = reporter.stats.get("skipped", [])
    return sorted(r.nodeid for r in skipped if cases.FOLDER.is_dir() or cases.ABSENT not in str(r.longrepr))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test is a failure, where that was asked for."""
    if missed(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which tests should have run."""
    for name in missed(config):
        terminalreporter.write_line(f"skipped, although nothing may be: {name}", red=True)
