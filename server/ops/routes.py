"""Health, readiness and metrics over HTTP. They name no patient and need no sign-in."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from server.http import CoreOf
from server.ops import health, metrics

router = APIRouter(tags=["operations"])


def data_dir_of(request: Request) -> Path:
    """The folder whose disk must have room."""
    path: Path = request.app.state.settings.data_dir
    return path


@router.get("/health/live", summary="Whether the process works at all")
def live(core: CoreOf) -> JSONResponse:
    """503 when a part of it has died and a supervisor should start it anew."""
    return _answer(core.ingest.alive, {"alive": core.ingest.alive})


@router.get("/health/ready", summary="Whether the server can take in readings now")
def ready(core: CoreOf, request: Request) -> JSONResponse:
    """503 when the database, the broker, the ingest or the disk is not well; the body says which."""
    checks = health.ready(core, data_dir_of(request))
    well = all(check.ok for check in checks.values())
    return _answer(well, {"ready": well, "checks": {name: asdict(check) for name, check in checks.items()}})


@router.get("/metrics", summary="Counters and gauges for Prometheus", response_class=Response)
def scrape(request: Request) -> Response:
    """Ids of wards and devices are its only labels."""
    return Response(metrics.render(request.app.state.metrics), media_type="text/plain; version=0.0.4; charset=utf-8")


def _answer(well: bool, body: dict[str, Any]) -> JSONResponse:
    return JSONResponse(body, status_code=200 if well else 503)
