"""The floor: the least that any durable ingest must do, in one process, with nothing of Wardlink in the way.

A bare MQTT subscriber that writes each payload into one table of SQLite (WAL, FULL), commits whatever has
come in meanwhile, and sends its receipts after the commit. Run as `python -m workbench.bench.floor …`.
"""

from __future__ import annotations

import argparse
import queue
import sqlite3
import threading
import time
from pathlib import Path

import orjson

from workbench.bench.raw_mqtt import RawClient, publish_packet, topic_field

MAX_BATCH = 1_000


def prepare(path: Path) -> sqlite3.Connection:
    """The floor's database, with the same durability as the server's."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, topic TEXT, payload BLOB)")
    return db


def serve(host: str, port: int, username: str, secret: str, path: Path, commit_delay_s: float) -> None:
    """Take in and answer until the process is ended."""
    client = RawClient(host, port, username, username, secret)
    client.subscribe(["wardlink/v1/+/up/+"])
    client.socket.settimeout(None)
    waiting: queue.SimpleQueue[list[tuple[str, bytes]]] = queue.SimpleQueue()
    db = prepare(path)

    def write() -> None:
        batch: list[tuple[str, bytes]] = []
        while True:
            batch += waiting.get()
            while not waiting.empty() and len(batch) < MAX_BATCH:
                batch += waiting.get()
            now, batch = batch[:MAX_BATCH], batch[MAX_BATCH:]
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO message (topic, payload) VALUES (?, ?)", now)
            if commit_delay_s:
                time.sleep(commit_delay_s)
            db.execute("COMMIT")
            client.send(_receipts(now))
            if batch:
                waiting.put([])

    threading.Thread(target=write, daemon=True).start()
    print("ready", flush=True)
    while True:
        waiting.put(client.receive())


def _receipts(batch: list[tuple[str, bytes]]) -> bytes:
    by_topic: dict[str, list[dict[str, object]]] = {}
    for topic, payload in batch:
        # The id stands at a fixed place of the load's payload; the floor parses nothing it need not.
        receipt = {"id": payload[13:49].decode(), "outcome": "applied", "seq": 1}
        by_topic.setdefault(topic.replace("/up/", "/down/"), []).append(receipt)
    return b"".join(
        publish_packet(topic_field(topic), orjson.dumps({"v": 1, "receipts": receipts}))
        for topic, receipts in by_topic.items()
    )


def main() -> None:
    """The command line of the child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--username", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--commit-delay-ms", type=float, default=0.0)
    args = parser.parse_args()
    serve(args.host, args.port, args.username, args.secret, args.database, args.commit_delay_ms / 1e3)


if __name__ == "__main__":
    main()
