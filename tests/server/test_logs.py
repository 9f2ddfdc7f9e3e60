"""The log says what happened and where, in JSON or in colours, and never what somebody typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import logging, sys
import structlog
from pydantic import TypeAdapter
from server.logs import configure

configure(sys.argv[1], sys.argv[2])
ours, theirs = structlog.get_logger("server.test"), logging.getLogger("some.library")
ours.debug("too.quiet")
ours.info("server.started", ward="w3")
theirs.info("too quiet")
theirs.warning("library speaks")
try:
    TypeAdapter(int).validate_python("陈秀英")
except ValueError:
    ours.exception("server.failed")
    theirs.exception("library failed")
"""


def _logged(level: str, form: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, level, form],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert ended.stdout == ""
    return ended.stderr


def test_json_has_a_line_for_each_event() -> None:
    """Ours from the chosen level on, those of libraries from warnings on; each with its time and who said it."""
    lines = [json.loads(line) for line in _logged("info", "auto").splitlines()]

    assert [line["event"] for line in lines] == ["server.started", "library speaks", "server.failed", "library failed"]
    assert lines[0] == {
        "event": "server.started",
        "ward": "w3",
        "level": "info",
        "logger": "server.test",
        "timestamp": lines[0]["timestamp"],
    }


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_is_logged_with_its_place_and_without_its_text(form: str) -> None:
    """The text of an error quotes what was read: here a name where a number should be."""
    logged = _logged("debug", form)

    assert "陈秀英" not in logged
    assert logged.count("ValidationError") == 2
    assert "<module>" in logged
    assert "too.quiet" in logged
