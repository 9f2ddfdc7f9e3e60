"""Things of the ward record in the replica: what was told, and our own unconfirmed commands folded on top.

Steps of a transaction; commits nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from wardlink.clock import to_micros
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command
from wardlink.messages.records import RecordView
from wardlink.record.kind import Kind, Said
from wardlink.record.kinds import BY_COMMAND, BY_NAME, KINDS

Target = tuple[str, str]
"""A record by its kind and id."""


def target_of(command: Command, body: Any) -> str | None:
    """What stands in `pending.target` for a command that changes a record; None for every other command."""
    kind = BY_COMMAND.get(command.kind)
    return None if kind is None else f"{kind.name}/{kind.target(command, body)}"


def told(conn: sqlite3.Connection, kind: Kind[Any], view: RecordView) -> None:
    """The server has told what a record is now."""
    _write(conn, kind, view.id, dump(view))
    _keep_newest(conn, kind, view.encounter)


def again(conn: sqlite3.Connection, targets: Iterable[str]) -> None:
    """Fold anew: commands of ours on these records were made, confirmed or refused. Other targets are passed over."""
    for target in dict.fromkeys(targets):
        name, slash, record = target.partition("/")
        if slash and name in BY_NAME:
            row = conn.execute("SELECT pending, told, body FROM record WHERE kind = ? AND id = ?", (name, record))
            found = row.fetchone()
            _write(conn, BY_NAME[name], record, None if found is None else found[1] if found[0] else found[2])


def replace_all(conn: sqlite3.Connection, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Begin anew with the records of a snapshot; our own unconfirmed commands stay on top.

    Raises:
        pydantic.ValidationError: a record has wrong fields.
    """
    conn.execute("DELETE FROM record")
    for name, views in found.items():
        kind = BY_NAME.get(name)
        if kind is not None:
            _insert(conn, kind, [kind.view.model_validate(view) for view in views])
    again(conn, [target for (target,) in conn.execute("SELECT target FROM pending ORDER BY n").fetchall()])


def tidy(conn: sqlite3.Connection, now: datetime) -> None:
    """Let go of closed records that are old."""
    for kind in KINDS:
        rows = conn.execute(
            "SELECT id, body FROM record WHERE kind = ? AND at < ? AND pending = 0",
            (kind.name, to_micros(now - kind.kept_for)),
        ).fetchall()
        gone = [(kind.name, record) for record, body in rows if not kind.is_kept(load(kind, body), now)]
        conn.executemany("DELETE FROM record WHERE kind = ? AND id = ?", gone)


def load(kind: Kind[Any], body: bytes) -> Any:
    """The view in a row."""
    return kind.view.model_validate_json(body)


def dump(view: RecordView) -> bytes:
    """A view as it is kept."""
    return orjson.dumps(view.model_dump(mode="json", exclude_none=True))


def _insert(conn: sqlite3.Connection, kind: Kind[Any], views: Sequence[RecordView]) -> None:
    conn.executemany(
        "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, 0, NULL, ?)",
        [(kind.name, view.id, view.encounter, to_micros(kind.at(view)), dump(view)) for view in views],
    )


def _write(conn: sqlite3.Connection, kind: Kind[Any], record: str, told_body: bytes | None) -> None:
    view = None if told_body is None else load(kind, told_body)
    mine = conn.execute(
        "SELECT command FROM pending WHERE target = ? ORDER BY n", (f"{kind.name}/{record}",)
    ).fetchall()
    for (payload,) in mine:
        view = kind.fold(view, _said(conn, Command.model_validate_json(payload)))
    if view is None:
        conn.execute("DELETE FROM record WHERE kind = ? AND id = ?", (kind.name, record))
        return
    body = dump(view) if mine or told_body is None else told_body
    row = (kind.name, record, view.encounter, to_micros(kind.at(view)), int(bool(mine)), told_body if mine else None)
    conn.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, body))


def _keep_newest(conn: sqlite3.Connection, kind: Kind[Any], encounter: str | None) -> None:
    if kind.newest_per_stay is None:
        return
    conn.execute(
        "DELETE FROM record WHERE kind = ?1 AND encounter IS ?2 AND pending = 0 AND at < (SELECT min(at) FROM ("
        "SELECT DISTINCT at FROM record WHERE kind = ?1 AND encounter IS ?2 ORDER BY at DESC LIMIT ?3))",
        (kind.name, encounter, kind.newest_per_stay),
    )


def _said(conn: sqlite3.Connection, command: Command) -> Said:
    row = conn.execute("SELECT body FROM staff WHERE id = ?", (command.actor.id,)).fetchone()
    name = str(orjson.loads(row[0])["name"]) if row is not None and command.actor.kind == "staff" else None
    return Said(command, parse_body(command.kind, command.body), name)
