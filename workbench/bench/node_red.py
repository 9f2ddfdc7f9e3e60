"""A peer: Node-RED with SQLite, as a ward's engineer would draw it: MQTT in, insert, receipt to MQTT out.

Installed by npm into a folder of its own, once. The flow inserts each message as it comes, in one wide row, with
the same durability; better-sqlite3 is the fastest SQLite that Node has.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wardlink.errors import WardlinkError
from wardlink.i18n import N_

PACKAGES = ("node-red@4", "better-sqlite3@12")
INSTALL_TIMEOUT_S = 600.0


class PeerNotHere(WardlinkError):
    """A peer cannot be had on this machine; it is left out, and the reason is said."""

    status = 503
    code = "peer-not-here"
    sentence = N_("{peer} is left out: {reason}")


_NO_NPM = N_("npm is not installed here.")
_NOT_INSTALLED = N_("npm could not install it; its last words are in {log}.")
_NO_BINDING = N_("better-sqlite3 does not run with this Node; its last words are in {log}.")


def install(folder: Path, report: Callable[[str], None]) -> Path:
    """Node-RED in `folder`, installed if it is not there yet; returns its program.

    Raises:
        PeerNotHere: there is no npm, or it could not install.
    """
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise PeerNotHere(peer="Node-RED", reason=_NO_NPM)
    folder.mkdir(parents=True, exist_ok=True)
    program, log = folder / "node_modules" / "node-red" / "red.js", folder / "npm.log"
    if not program.exists():
        report("npm install " + " ".join(PACKAGES))
        # Scripts run afterwards, for the one package that needs a compiler where no binary can be fetched.
        arguments = ["install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
        if _run([npm, *arguments], folder, log) or not program.exists():
            raise PeerNotHere(peer="Node-RED", reason=_NOT_INSTALLED.format(log=log))
    if not _runs(node, folder, log):
        report("npm rebuild better-sqlite3")
        _run([npm, "rebuild", "better-sqlite3"], folder, log, timeout_s=90.0)
    headers = Path(node).resolve().parents[1]
    if not _runs(node, folder, log) and (headers / "include" / "node" / "node.h").exists():
        report("node-gyp rebuild better-sqlite3")
        package = folder / "node_modules" / "better-sqlite3"
        compiler = Path(npm).resolve().parents[1] / "node_modules" / "node-gyp" / "bin" / "node-gyp.js"
        _run([node, str(compiler), "rebuild", "--release", f"--nodedir={headers}"], package, log)
    if not _runs(node, folder, log):
        raise PeerNotHere(peer="Node-RED", reason=_NO_BINDING.format(log=log))
    return program


def write_settings(folder: Path, modules: Path) -> Path:
    """The settings file: no editor, loopback only, and better-sqlite3 for function nodes."""
    path = folder / "settings.js"
    sqlite = modules / "node_modules" / "better-sqlite3"
    path.write_text(
        "module.exports = {\n"
        '  httpAdminRoot: false, httpNodeRoot: false, uiHost: "127.0.0.1", flowFile: "flows.json",\n'
        "  credentialSecret: false, telemetry: { enabled: false },\n"
        f"  functionGlobalContext: {{ Database: require({json.dumps(str(sqlite))}) }},\n"
        '  logging: { console: { level: "info", metrics: false, audit: false } },\n'
        "};\n"
    )
    return path


def write_flow(folder: Path, *, broker_port: int, username: str, secret: str, database: Path) -> None:
    """The flow, with the broker's account beside it."""
    open_database = (
        'const Database = global.get("Database");\n'
        f"const db = new Database({json.dumps(str(database))});\n"
        'db.pragma("journal_mode = WAL"); db.pragma("synchronous = FULL");\n'
        'db.exec("CREATE TABLE IF NOT EXISTS vitals (id TEXT PRIMARY KEY, ward TEXT, device TEXT,'
        " encounter TEXT, bed TEXT, measured_at TEXT,"
        " hr_per_min REAL, rr_per_min REAL, spo2_pct REAL, sbp_mmhg REAL, dbp_mmhg REAL);"
        ' CREATE INDEX IF NOT EXISTS by_stay ON vitals (encounter, measured_at);");\n'
        'context.set("insert", db.prepare("INSERT OR IGNORE INTO vitals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));\n'
    )
    store = (
        "const m = msg.payload, r = m.body.readings;\n"
        'context.get("insert").run(m.id, m.ward, m.device, m.encounter, m.bed, m.measured_at,'
        " r.hr_per_min, r.rr_per_min, r.spo2_pct, r.sbp_mmhg, r.dbp_mmhg);\n"
        'msg.topic = "wardlink/v1/" + m.ward + "/down/" + m.device;\n'
        'msg.payload = JSON.stringify({v: 1, receipts: [{id: m.id, outcome: "applied", seq: 1}]});\n'
        "return msg;\n"
    )
    broker: dict[str, Any] = {"id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1", "port": str(broker_port)}
    broker |= {"clientid": username, "protocolVersion": "4", "keepalive": "60", "cleansession": True, "usetls": False}
    nodes: list[dict[str, Any]] = [
        {"id": "tab", "type": "tab", "label": "ward"},
        broker,
        _node(
            "in", "mqtt in", ["store"], topic="wardlink/v1/+/up/+", qos="0", datatype="json", broker="broker", inputs=0
        ),
        _node("store", "function", ["out"], func=store, initialize=open_database, outputs=1, libs=[]),
        _node("out", "mqtt out", [], topic="", qos="0", retain="false", broker="broker"),
    ]
    (folder / "flows.json").write_text(json.dumps(nodes))
    credentials = {"broker": {"user": username, "password": secret}}
    (folder / "flows_cred.json").write_text(json.dumps(credentials))
    (folder / "flows_cred.json").chmod(0o600)


def _node(name: str, kind: str, to: list[str], **fields: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "z": "tab", "name": "", "x": 100, "y": 100, "wires": [to] if to else []} | fields


def _runs(node: str, folder: Path, log: Path) -> bool:
    return not _run([node, "-e", "new (require('better-sqlite3'))(':memory:')"], folder, log)


def _run(command: list[str], folder: Path, log: Path, timeout_s: float = INSTALL_TIMEOUT_S) -> int:
    with log.open("ab") as said:
        try:
            done = subprocess.run(command, cwd=folder, stdout=said, stderr=said, timeout=timeout_s, check=False)
        except subprocess.TimeoutExpired:
            return 1
    return done.returncode
