"""The tables of a device's own disk, by the version that brought them.

`outbox` is what this device has said and nobody may lose. Everything else is a copy of what the server decided,
plus what our own commands will change once they are confirmed (`pending`).
"""

from __future__ import annotations

VERSIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    -- One row a command. `payload` is the message without its `base`, which is added when it is sent.
    -- `outcome` NULL: no receipt yet. A refused or parked row stays until a person has acknowledged it.
    CREATE TABLE outbox (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        encounter TEXT,
        entered_at INTEGER NOT NULL,
        payload BLOB NOT NULL,
        outcome TEXT,
        code TEXT,
        reason_zh TEXT,
        reason_en TEXT,
        settled_at INTEGER,
        acknowledged_at INTEGER,
        acknowledged_by TEXT,
        note TEXT
    );
    CREATE INDEX outbox_open ON outbox (n) WHERE outcome IS NULL;
    CREATE INDEX outbox_trouble ON outbox (n) WHERE outcome IN ('refused', 'parked') AND acknowledged_at IS NULL;

    CREATE TABLE bed (id TEXT PRIMARY KEY, position INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE TABLE staff (id TEXT PRIMARY KEY, body BLOB NOT NULL);

    -- `left_at`: discharged, or moved to where this device does not look after it.
    CREATE TABLE encounter (id TEXT PRIMARY KEY, bed TEXT NOT NULL, left_at INTEGER, body BLOB NOT NULL);

    -- `pending` 1: only this device knows it yet.
    CREATE TABLE vitals (
        id TEXT PRIMARY KEY,
        encounter TEXT,
        measured_at INTEGER NOT NULL,
        pending INTEGER NOT NULL,
        struck INTEGER NOT NULL,
        source TEXT NOT NULL,
        body BLOB NOT NULL
    );
    CREATE INDEX vitals_stay ON vitals (encounter, measured_at, id);
    CREATE INDEX vitals_pending ON vitals (id) WHERE pending = 1;

    -- The newest unstruck value of every reading (`off` 0) and the newest time its lead was off (`off` 1).
    CREATE TABLE latest (
        encounter TEXT NOT NULL,
        field TEXT NOT NULL,
        off INTEGER NOT NULL,
        measured_at INTEGER NOT NULL,
        vitals TEXT NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (encounter, field, off)
    ) WITHOUT ROWID;

    -- `heard` 1: only the bed's direct notice is known, not yet what the server made of it.
    CREATE TABLE call (
        id TEXT PRIMARY KEY,
        raised_at INTEGER NOT NULL,
        closed_at INTEGER,
        heard INTEGER NOT NULL,
        body BLOB NOT NULL
    );
    CREATE TABLE exception (id TEXT PRIMARY KEY, opened_at INTEGER NOT NULL, body BLOB NOT NULL);

    -- Our own commands that change what is shown of `target`, until the change itself has come.
    CREATE TABLE pending (
        id TEXT PRIMARY KEY,
        n INTEGER NOT NULL,
        kind TEXT NOT NULL,
        target TEXT NOT NULL,
        command BLOB NOT NULL,
        settled_seq INTEGER
    );
    CREATE INDEX pending_target ON pending (target);

    -- Who was checked by the server and when, so that they can be let in while it is away.
    CREATE TABLE verifier (
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        slot TEXT NOT NULL,
        hash TEXT NOT NULL,
        answer BLOB NOT NULL,
        checked_at INTEGER NOT NULL,
        PRIMARY KEY (kind, name, slot)
    ) WITHOUT ROWID;
    CREATE TABLE attempt (
        kind TEXT NOT NULL, name TEXT NOT NULL, failures INTEGER NOT NULL, last_at INTEGER NOT NULL,
        PRIMARY KEY (kind, name)
    ) WITHOUT ROWID;
    """,
    """
    -- Things of the ward record, by kind. `body` is what is shown: what the server told, and our own unconfirmed
    -- commands on top. `told` is what the server told while there are such commands; NULL if it told nothing.
    CREATE TABLE record (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        encounter TEXT,
        at INTEGER NOT NULL,
        pending INTEGER NOT NULL,
        told BLOB,
        body BLOB NOT NULL,
        PRIMARY KEY (kind, id)
    );
    CREATE INDEX record_stay ON record (encounter, kind, at);
    CREATE INDEX record_at ON record (kind, at);

    -- The number of the change that a receipt named, and whether that answer was once found to be untrue.
    ALTER TABLE outbox ADD COLUMN seq INTEGER;
    ALTER TABLE outbox ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX outbox_seq ON outbox (seq) WHERE doubted = 0;
    CREATE INDEX pending_settled ON pending (settled_seq) WHERE settled_seq IS NOT NULL;
    """,
)

PATIENT_TABLES = (
    "encounter",
    "vitals",
    "latest",
    "call",
    "exception",
    "record",
    "pending",
    "staff",
    "verifier",
    "attempt",
)
"""What is emptied when a terminal is wiped, besides the answered commands."""
