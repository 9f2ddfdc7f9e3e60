"""The whole application: it starts, works, says what is wrong, and ends, on both engines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from fastapi.testclient import TestClient

from server.app import create_app
from server.config import Settings
from server.running import read_addresses
from tests.server.hospital import W3, settings
from tests.waiting import wait_until
from wardlink.device import Device
from wardlink.errors import BrokerUnavailable, Collision
from wardlink.messages.audit import AuditEvent
from wardlink.messages.base import Actor
from wardlink.process.child import free_port
from workbench.ward import build


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        data_dir=folder, database_url=url, broker="embedded", broker_port=free_port(), port=free_port(), pages=False
    )


def test_a_device_that_is_enrolled_while_it_runs_gets_in_at_once(database_url: str, tmp_path: Path) -> None:
    """Enrolled, connected to the embedded broker, and its first command has its receipt."""
    chosen = _settings(tmp_path / "server", database_url)
    app = create_app(chosen)
    with TestClient(app) as http:
        wait_until(lambda: http.get("/health/ready").status_code == 200, "the server is ready")
        made = build(app.state.core, W3, app.state.running.addresses())
        device = Device(tmp_path / "cart", made.credentials["cart-1"])
        try:
            device.start()
            device.record("audit.event", AuditEvent(action="view"), actor=Actor(kind="staff", id="n-lijing"))
            wait_until(lambda: device.outbox.depth() == 0, "the command has its receipt", timeout_s=30)
        finally:
            device.stop()
        with app.state.core.db.read() as conn:
            actions = conn.exec_driver_sql("SELECT action FROM access_audit").scalars().all()

    assert "view" in actions


def test_it_says_where_it_is_and_ends_with_its_broker(sqlite_url: str, tmp_path: Path) -> None:
    """The note in the data folder has the addresses; after the end nothing of ours runs."""
    chosen = _settings(tmp_path / "server", sqlite_url)
    before = threading.active_count()
    with TestClient(create_app(chosen)) as http:
        assert http.get("/api/v1/time").status_code == 200
        noted = read_addresses(chosen.data_dir)

    assert (noted.broker_port, noted.server_url) == (chosen.broker_port, f"http://127.0.0.1:{chosen.port}")
    wait_until(lambda: threading.active_count() <= before, "every thread has ended")


def test_a_second_server_keeps_off_the_database(database_url: str, tmp_path: Path) -> None:
    """It says so and ends; when the first has ended, the next one starts."""
    first, second = (create_app(settings(tmp_path / name, database_url)) for name in ("one", "two"))
    with TestClient(first):
        with pytest.raises(Collision, match="Another server works on this database already"), TestClient(second):
            pass

        assert second.state.fault is not None
        assert first.state.core.ingest.alive
    with TestClient(create_app(settings(tmp_path / "three", database_url))) as http:
        assert http.get("/health/live").status_code == 200


def test_a_broker_that_cannot_start_is_said_and_nothing_runs(sqlite_url: str, tmp_path: Path) -> None:
    """The fault is kept for whoever started the application."""
    chosen = _settings(tmp_path / "server", sqlite_url).model_copy(update={"nats_server": Path("/nowhere/nats")})
    app = create_app(chosen)
    before = threading.active_count()

    with pytest.raises(Exception, match="nats"), TestClient(app):
        pass

    assert app.state.fault is not None
    assert threading.active_count() <= before


def test_addresses_are_the_defaults_where_no_server_ever_was(tmp_path: Path) -> None:
    """Also where the note is broken."""
    assert read_addresses(tmp_path).broker_port == 1883
    (tmp_path / "addresses.json").write_text("{")
    assert read_addresses(tmp_path).server_url == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/api/v1/sign-in", 405, "method-unknown"),
        ("POST", "/api/v1/sign-in", 422, "invalid-input"),
        ("GET", "/api/v1/session", 401, "not-signed-in"),
    ],
)
def test_every_error_has_a_code_and_words(
    sqlite_url: str, tmp_path: Path, method: str, path: str, status: int, code: str
) -> None:
    """Also those of the framework, in the language that was asked for."""
    http = TestClient(create_app(settings(tmp_path, sqlite_url)))
    answers = {lang: http.request(method, path, headers={"Accept-Language": lang}).json() for lang in ("zh", "en")}

    assert http.request(method, path).status_code == status
    assert answers["en"]["code"] == answers["zh"]["code"] == code
    assert answers["en"]["detail"] != answers["zh"]["detail"]


def test_an_error_that_nobody_foresaw_is_logged_without_its_text(sqlite_url: str, tmp_path: Path) -> None:
    """The one who asks gets a code; the log gets where it was, and no value."""
    app = create_app(settings(tmp_path, sqlite_url))

    @app.get("/boom")
    def boom() -> None:
        raise ValueError("陈秀英")

    with structlog.testing.capture_logs() as logged:
        answer = TestClient(app, raise_server_exceptions=False).get("/boom")

    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert "陈秀英" not in answer.text + str(logged)
    assert logged[0]["error"] == "ValueError"
    assert "boom" in logged[0]["where"][-1]


def test_a_wrong_field_is_named_without_its_value(sqlite_url: str, tmp_path: Path) -> None:
    """What somebody typed into a field may be a patient's."""
    http = TestClient(create_app(settings(tmp_path, sqlite_url)))
    answer = http.post("/api/v1/sign-in", json={"badge": "陈" * 50, "pin": 7})

    assert answer.status_code == 422
    assert "body.badge" in answer.json()["detail"]
    assert "陈" not in answer.text


def test_a_broker_fault_is_of_the_kind_that_ends_with_its_exit_code() -> None:
    """`wardlink server` ends with 5 after it."""
    from commands.main import exit_code

    assert exit_code(BrokerUnavailable(detail="x")) == 5


@pytest.mark.parametrize("path", ["/api/v1/sign-in", "/api/v1/staff", "/api/v1/wards/w3/beds/1/open"])
def test_a_request_brings_no_more_than_a_message_may_hold(sqlite_url: str, tmp_path: Path, path: str) -> None:
    """413 with words, whether it says its size or comes in pieces; what fits is looked at."""
    http = TestClient(create_app(settings(tmp_path, sqlite_url)), headers={"Accept-Language": "en"})

    def many_pieces() -> Iterator[bytes]:
        yield b'{"badge": "'
        for _ in range(200):
            yield b"x" * 1024

    told = http.post(path, content=b'{"badge": "' + b"x" * 70_000)
    pieces = http.post(path, content=many_pieces(), headers={"Content-Type": "application/json"})
    fits = http.post(path, content=b'{"badge": "' + b"x" * 60_000, headers={"Content-Type": "application/json"})

    assert {told.status_code, pieces.status_code} <= {413}
    assert told.json()["code"] == "message-too-large"
    assert "65536 are allowed" in pieces.json()["detail"]
    assert fits.status_code in (401, 422)
