"""Devices: each speaks as itself only, and one that was revoked speaks no more."""

from __future__ import annotations

from typing import Any

import pytest

from server.device_watch import DeviceWatch
from server.identity import devices
from tests.server.hospital import ADMIN, Hospital
from wardlink.credential import Credential
from wardlink.link.port import Incoming
from wardlink.messages import status

NEW = {"id": "cart-2", "kind": "cart", "name": "新推车", "ward": "w3"}


def _enrol(hospital: Hospital, **fields: Any) -> Any:
    return hospital.http.post("/api/v1/devices", json=NEW | fields, headers=hospital.token(ADMIN))


def _reads(hospital: Hospital, path: str, auth: tuple[str, str]) -> tuple[int, str]:
    answer = hospital.http.get(f"/api/v1/wards/{path}", auth=auth)
    return answer.status_code, answer.json().get("code", "")


def test_a_cart_reads_its_ward(hospital: Hospital) -> None:
    """Snapshot and changes are answered, and both are reads that stand in the audit."""
    auth = hospital.auth("cart-1")

    assert _reads(hospital, "w3/snapshot", auth) == (200, "")
    assert _reads(hospital, "w3/changes?after=1", auth) == (200, "")
    assert _reads(hospital, "w3/changes?after=2", auth) == (200, "")
    assert hospital.audited() == [
        ("device:cart-1", "snapshot", "ward w3 bed all"),
        ("device:cart-1", "changes", "ward w3 bed all changes 1-2"),
    ]


@pytest.mark.parametrize(
    ("device", "path"),
    [
        ("cart-4", "w3/snapshot"),
        ("cart-4", "w3/changes"),
        ("cart-1", "w4/snapshot"),
        ("t-1", "w3/snapshot"),
        ("t-1", "w3/changes"),
        ("t-1", "w3/beds/2/snapshot"),
        ("t-1", "w3/beds/2/changes"),
        ("t-1", "w4/beds/1/snapshot"),
        ("m-1", "w3/snapshot"),
        ("m-1", "w3/beds/1/changes"),
    ],
)
def test_no_device_reads_what_is_not_its_own(hospital: Hospital, device: str, path: str) -> None:
    """Another ward or bed, the whole ward from a terminal, anything from a monitor: turned away, and written down."""
    assert _reads(hospital, path, hospital.auth(device)) == (403, "not-allowed")
    assert [line[:2] for line in hospital.audited()] == [(f"device:{device}", "refused")]


def test_the_bed_of_a_terminal_holds_one_patient(hospital: Hospital) -> None:
    """Its snapshot names nobody from another bed."""
    answer = hospital.http.get("/api/v1/wards/w3/beds/1/snapshot", auth=hospital.auth("t-1"))

    assert [stay["bed"] for stay in answer.json()["encounters"]] == ["1"]
    assert "刘建国" not in answer.text


@pytest.mark.parametrize("auth", [("cart-1", "wrong"), ("nobody", "wrong"), ("", ""), ("cart-1\0", "x"), ("甲", "乙")])
def test_a_wrong_name_and_a_wrong_secret_get_the_same_answer(hospital: Hospital, auth: tuple[str, str]) -> None:
    """Nothing says which devices there are."""
    assert _reads(hospital, "w3/snapshot", auth) == (401, "device-unknown")


def test_a_revoked_device_is_turned_away_at_once(hospital: Hospital) -> None:
    """Its secret is worth nothing, sessions opened at it end, and those who keep accounts are told."""
    told: list[str] = []
    hospital.core.on_devices_changed.append(lambda: told.append("changed"))
    body = {"badge": "N1001", "pin": "2580"}
    session = hospital.http.post("/api/v1/sign-in", json=body, auth=hospital.auth("cart-1")).json()["token"]
    answer = hospital.http.post("/api/v1/devices/cart-1/revoke", headers=hospital.token(ADMIN))
    still = hospital.http.get("/api/v1/session", headers={"Authorization": f"Bearer {session}"})

    assert answer.status_code == 204
    assert _reads(hospital, "w3/snapshot", hospital.auth("cart-1")) == (401, "device-unknown")
    assert still.status_code == 401
    assert told == ["changed"]
    assert hospital.audited()[-1] == ("staff:a-wang", "device-revoked", "device cart-1")


def test_enrolling_answers_the_credential_once(hospital: Hospital) -> None:
    """It is the file that a device reads; its secret opens the server, and stands nowhere in the database."""
    made = Credential.model_validate(_enrol(hospital).json())
    secret = made.secret.get_secret_value()

    assert _reads(hospital, "w3/snapshot", ("cart-2", secret)) == (200, "")
    with hospital.core.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT * FROM device").all()
    assert not any(secret in str(row) for row in rows)
    assert all(row.broker_hash.startswith("$2") and row.mosquitto_hash.startswith("$7$") for row in rows)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"id": "Cart 2"}, 422, "A device id has"),
        ({"id": "server"}, 422, "A device id has"),
        ({"kind": "terminal"}, 422, "A terminal stands at a bed"),
        ({"bed": "1"}, 422, "A cart goes from bed to bed"),
        ({"kind": "terminal", "bed": "99"}, 404, "There is no bed called 99."),
        ({"ward": "w9"}, 404, "There is no ward called w9."),
        ({"id": "cart-1"}, 409, "The device cart-1 is enrolled already."),
        ({"name": "\n"}, 422, "Please enter a text."),
    ],
)
def test_what_cannot_be_enrolled_is_said(hospital: Hospital, fields: dict[str, Any], status: int, words: str) -> None:
    """A sentence says what is wrong, and no device is made or changed."""
    answer = _enrol(hospital, **fields)

    assert (answer.status_code, answer.json()["detail"][: len(words)]) == (status, words)
    assert _reads(hospital, "w3/snapshot", hospital.auth("cart-1")) == (200, "")


def test_enrolling_again_takes_the_old_secret_away(hospital: Hospital) -> None:
    """Only when it was said; a revoked device comes back without saying so."""
    headers = hospital.token(ADMIN)
    again = hospital.http.post("/api/v1/devices", json=NEW | {"id": "cart-1", "again": True}, headers=headers)
    hospital.http.post("/api/v1/devices/cart-4/revoke", headers=headers)
    back = hospital.http.post("/api/v1/devices", json=NEW | {"id": "cart-4"}, headers=headers)

    assert (again.status_code, back.status_code) == (201, 201)
    assert _reads(hospital, "w3/snapshot", hospital.auth("cart-1")) == (401, "device-unknown")
    assert _reads(hospital, "w3/snapshot", ("cart-1", again.json()["secret"])) == (200, "")


def test_the_list_shows_what_a_device_said_of_itself(hospital: Hospital) -> None:
    """Online, unsent and behind, as its last status had it; of the others that nothing was heard."""
    said = status.DeviceStatus(online=True, at=hospital.clock.now(), outbox=7, refused=1, seq=2, version="0.1.0")
    hospital.core.fleet.hear(Incoming("wardlink/v1/w3/status/cart-1", status.encode(said)))
    headers = hospital.token(ADMIN)

    page = hospital.http.get("/api/v1/devices", params={"ward": "w3", "limit": 2}, headers=headers).json()
    rest = hospital.http.get("/api/v1/devices", params={"ward": "w3", "after": page["next"]}, headers=headers).json()

    cart = page["items"][0]
    assert (cart["id"], cart["online"], cart["outbox"], cart["refused"]) == ("cart-1", True, 7, 1)
    assert [item["id"] for item in page["items"] + rest["items"]] == ["cart-1", "m-1", "t-1", "t-2", "t-3"]
    assert page["items"][1]["online"] is False
    assert page["items"][1]["outbox"] is None


def test_what_another_process_enrols_or_revokes_is_noticed(hospital: Hospital) -> None:
    """The watch sees each once, and then the census and the accounts are looked up again."""
    watch = DeviceWatch(hospital.core)
    told: list[str] = []
    hospital.core.on_devices_changed.append(lambda: told.append("changed"))
    quiet = watch.look()
    with hospital.core.db.write() as conn:
        devices.enrol(
            conn,
            id="t-4",
            kind="terminal",
            name="四病区1床",
            ward="w4",
            bed="1",
            now=hospital.clock.now(),
            addresses=devices.Addresses(),
        )
    enrolled = [watch.look(), watch.look()]
    hospital.clock.advance(1)
    with hospital.core.db.write() as conn:
        devices.revoke(conn, "t-1", now=hospital.clock.now())
    revoked = [watch.look(), watch.look()]

    assert (quiet, enrolled, revoked) == (False, [True, False], [True, False])
    assert told == ["changed", "changed"]
    assert hospital.core.terminal_beds() == {("w3", "2"), ("w3", "3"), ("w4", "1")}


def test_when_a_device_was_heard_outlives_the_server(hospital: Hospital) -> None:
    """The watch writes it down, and never puts it back to an earlier time."""
    watch = DeviceWatch(hospital.core)
    said = status.DeviceStatus(online=True)
    hospital.core.fleet.hear(Incoming("wardlink/v1/w3/status/cart-1", status.encode(said)))
    watch.note_heard()
    watch.note_heard()

    with hospital.core.db.read() as conn:
        heard = {entry.id: entry.last_seen_at for entry in devices.listed(conn)}
    assert heard["cart-1"] == hospital.clock.now()
    assert heard["t-1"] is None
