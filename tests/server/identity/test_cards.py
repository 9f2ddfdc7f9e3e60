"""Cards shown to devices, over the wire: the device's own client finds and opens by them; strangers get nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.hospital import NURSE, PATIENT, Hospital
from wardlink.codes.cards import ShownCard

CARD = "0A1B2C3D4E5F607182"


def ask(hospital: Hospital, device: str, path: str, number: str = CARD, **more: Any) -> Any:
    """The server's answer to a health card."""
    body = {"kind": "health-card", "number": number, **more}
    return hospital.http.post(f"/api/v1/wards/w3{path}", json=body, auth=hospital.auth(device))


@pytest.fixture
def keeper(hospital: Hospital) -> Hospital:
    """A hospital that keeps the patient of bed 1 under the card's number."""
    with hospital.core.db.write() as conn:
        conn.exec_driver_sql(f"UPDATE patient SET mrn = '{CARD}' WHERE mrn = '{PATIENT.mrn}'")
    return hospital


def test_a_card_finds_at_a_cart_and_opens_at_its_bed(keeper: Hospital) -> None:
    """With the stay; at another bed, with another card and by another device it does not."""
    found = ask(keeper, "cart-1", "/cards", staff=NURSE.id).json()
    opened = ask(keeper, "t-1", "/beds/1/open-by-card")
    answers = [
        ask(keeper, "t-2", "/beds/2/open-by-card"),
        ask(keeper, "t-1", "/beds/1/open-by-card", "0" * 18),
        ask(keeper, "t-1", "/cards", staff=NURSE.id),
        ask(keeper, "cart-1", "/beds/1/open-by-card"),
        ask(keeper, "cart-1", "/cards", staff="nobody"),
    ]

    assert found == {"outcome": "found", "encounter": keeper.stays["1"]}
    assert opened.json()["encounter"]["id"] == keeper.stays["1"]
    assert [answer.status_code for answer in answers] == [401, 401, 403, 403, 403]
    assert answers[0].json() == keeper.open("t-2", "2", "ZY0", "0000").json()
    assert all(CARD not in answer.text for answer in answers)


def test_the_devices_client_speaks_so(keeper: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a cart and a terminal send and read is what the server takes and says."""
    from wardlink.device.http import ServerHttp

    for device, act in (("cart-1", "find"), ("t-1", "open")):
        client = ServerHttp(keeper.credentials[device])
        keeper.http.auth = keeper.auth(device)
        monkeypatch.setattr(client, "_open", lambda: keeper.http)
        if act == "find":
            assert client.find_by_card(ShownCard("health-card", CARD), NURSE.id).encounter == keeper.stays["1"]
        else:
            assert client.open_by_card(ShownCard("health-card", CARD)).id == keeper.stays["1"]
