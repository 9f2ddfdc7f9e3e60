"""Options of the whole suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import cases
from wardlink.i18n import language, set_process_language


@pytest.fixture(autouse=True)
def _language_of_the_process() -> Iterator[None]:
    # A program of one screen sets it for good; the next test begins as every other does.
    before = language()
    yield
    set_process_language(before)


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
