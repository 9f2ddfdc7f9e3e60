"""Logs of the server: one line an event, JSON for machines or colours for a person. No patient data, ids only."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Literal

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

_STARTUP = ("Traceback", "Application startup failed")

Format = Literal["auto", "json", "console"]


def places(exc: BaseException) -> list[str]:
    """Where an error came from, innermost last. Never its text: that may hold what was read or to be written."""
    frames = traceback.extract_tb(exc.__traceback__)[-8:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def configure(level: str, form: Format = "auto") -> None:
    """Send what our code and the libraries log to stderr; "auto" is JSON unless a person looks on."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_texts,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not as_json:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    # The same error is said to the person who started us, in a sentence.
    logging.getLogger("uvicorn.error").addFilter(lambda record: not record.getMessage().startswith(_STARTUP))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("server", "wardlink"):
        logging.getLogger(ours).setLevel(level.upper())


def _without_texts(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    exc = info[1] if isinstance(info, tuple) else info
    if isinstance(exc, BaseException):
        event["error"] = type(exc).__name__
        event["where"] = places(exc)
    return event
