"""A peer: vital signs over HTTP, one commit a POST, as the FastAPI and SQLModel tutorials teach it.

Honest, not clumsy: SQLite with WAL and FULL, a wide row a set, an index for the stay, a unique id so that a
message that comes twice is stored once. Run as `python -m workbench.bench.peer_api …`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel
from sqlalchemy import Engine, event
from sqlmodel import Field, Session, SQLModel, create_engine


class Readings(BaseModel):
    """Five values of one set."""

    hr_per_min: float
    rr_per_min: float
    spo2_pct: float
    sbp_mmhg: float
    dbp_mmhg: float


class SetIn(BaseModel):
    """What is posted: the same facts as in a message of the link."""

    id: str
    ward: str
    device: str
    encounter: str
    bed: str
    measured_at: datetime
    readings: Readings


class VitalSign(SQLModel, table=True):
    """One set."""

    id: int | None = Field(default=None, primary_key=True)
    command: str = Field(unique=True)
    ward: str
    device: str
    encounter: str = Field(index=True)
    bed: str
    measured_at: datetime
    hr_per_min: float
    rr_per_min: float
    spo2_pct: float
    sbp_mmhg: float
    dbp_mmhg: float


class SetOut(BaseModel):
    """The answer, after the commit."""

    id: str
    seq: int


def database(path: Path) -> Engine:
    """Tables and durability as in Wardlink."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False, "timeout": 30})

    def prepare(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["vitalsign"]])
    return engine


def session(request: Request) -> Iterator[Session]:
    """One session a request."""
    with Session(request.app.state.engine) as opened:
        yield opened


app = FastAPI()


@app.post("/vitals")
def record(found: SetIn, db: Annotated[Session, Depends(session)]) -> SetOut:
    """Store one set and answer after the commit."""
    row = VitalSign(
        command=found.id,
        ward=found.ward,
        device=found.device,
        encounter=found.encounter,
        bed=found.bed,
        measured_at=found.measured_at,
        **found.readings.model_dump(),
    )
    db.add(row)
    db.commit()
    db.refresh(row)
    return SetOut(id=row.command, seq=row.id or 0)


def main() -> None:
    """The command line of the child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", type=Path, required=True)
    args = parser.parse_args()
    app.state.engine = database(args.database)
    uvicorn.run(app, host="127.0.0.1", port=args.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
