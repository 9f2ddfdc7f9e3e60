"""Who works here: added, listed, ended, by those who may; hostile text gets words and leaves nothing behind."""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from typing import Any

import pytest

from cart.usecases import words as cart_words
from server.dashboard.staff.words import RIGHTS as RIGHT_WORDS
from server.identity import staff
from server.identity.roles import EVERYWHERE, RIGHTS, ROLES
from tests.cases import case
from tests.server.hospital import ADMIN, MANAGER, NURSE, Hospital
from wardlink.errors import Collision, InvalidInput

NEW = {"id": "d-sun", "name": "孙医生", "role": "doctor", "badge": "D7", "pin": "4711", "wards": ["w3"]}


def _add(hospital: Hospital, headers: dict[str, str], **fields: Any) -> Any:
    return hospital.http.post("/api/v1/staff", json=NEW | fields, headers=headers)


def test_somebody_who_was_added_can_sign_in(hospital: Hospital) -> None:
    """Badge and PIN work at once; neither the PIN nor its hash is ever answered."""
    answer = _add(hospital, hospital.token(ADMIN))
    signed_in = hospital.http.post("/api/v1/sign-in", json={"badge": "D7", "pin": "4711"})

    assert answer.status_code == 201
    assert answer.json() == {k: v for k, v in NEW.items() if k != "pin"} | {
        "active": True,
        "has_pin": True,
        "version": 1,
    }
    assert signed_in.json()["staff"]["role"] == "doctor"


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"id": "D Sun"}, 422, "A staff id has"),
        ({"role": "king"}, 422, "There is no such role."),
        ({"badge": "Ⅶ 7"}, 422, "A badge has"),
        ({"pin": "12a4"}, 422, "A PIN has four to twelve digits."),
        ({"pin": "123"}, 422, "A PIN has four to twelve digits."),
        ({"pin": "٤٧١١"}, 422, "A PIN has four to twelve digits."),
        ({"name": "  "}, 422, "Please enter a text."),
        ({"name": "名" * 61}, 422, "This text is too long: 61 characters, 60 are allowed."),
        ({"name": "孙\u202e医生"}, 422, "This text holds characters that cannot be shown."),
        ({"wards": ["w9"]}, 404, "There is no ward called w9."),
        ({"id": NURSE.id}, 409, "There is already somebody"),
        ({"badge": NURSE.badge}, 409, "There is already somebody"),
    ],
)
def test_what_cannot_be_right_is_said_and_not_kept(
    hospital: Hospital, fields: dict[str, Any], status: int, words: str
) -> None:
    """A sentence says what is wrong; the list of staff and the audit stay as they were."""
    headers = hospital.token(ADMIN)
    before = (_ids(hospital, headers), hospital.audited())

    answer = _add(hospital, headers, **fields)

    assert (answer.status_code, answer.json()["detail"][: len(words)]) == (status, words)
    assert (_ids(hospital, headers), hospital.audited()) == before


@pytest.mark.cases
def test_a_naughty_name_is_kept_as_it_was_typed_or_refused(hospital: Hospital) -> None:
    """What is taken stands in the list in the same characters, but for spaces around it and composition."""
    headers = hospital.token(ADMIN)
    kept = {}
    with hospital.core.db.write() as conn:
        for number, words in enumerate(_naughty()):
            try:
                staff.add(conn, id=f"s-{number:03}", name=words, role="nurse", badge=f"S{number}", pin_hash="-")
            except InvalidInput:
                continue
            kept[f"s-{number:03}"] = unicodedata.normalize("NFC", words).strip()

    listed = {
        entry["id"]: entry["name"] for entry in _all(hospital, headers, limit=200) if entry["id"].startswith("s-")
    }
    assert listed == kept
    assert len(kept) > 250


@pytest.mark.cases
def test_no_naughty_text_is_an_id_a_role_a_badge_or_a_pin_that_was_not_meant(hospital: Hospital) -> None:
    """Every string in every other field is taken or refused with words; nothing else happens."""
    with hospital.core.db.write() as conn:
        for number, words in enumerate(_naughty()):
            for field in ("id", "role", "badge"):
                own = {"id": f"{field}-{number}", "badge": f"{field}-{number}", "role": "nurse", field: words}
                with suppress(InvalidInput, Collision):
                    staff.add(conn, name="某", pin_hash="-", **own)
            if not words.isascii() or not words.isdigit():
                with pytest.raises(InvalidInput):
                    staff.hashed(words)


@pytest.mark.cases
@pytest.mark.parametrize("part", range(4))
def test_naughty_texts_over_http_get_an_answer_in_words(hospital: Hospital, part: int) -> None:
    """In the body and in the question: taken or refused, never an error that nobody foresaw."""
    headers = hospital.token(ADMIN)
    for number, words in list(enumerate(_naughty()))[part::12]:
        body = {"id": f"b{number}", "label": words}
        answers = [
            hospital.http.post("/api/v1/wards/w3/beds", json=body, headers=headers),
            hospital.http.get("/api/v1/staff", params={"text": words}, headers=headers),
            hospital.http.get("/api/v1/audit", params={"actor": words}, headers=headers),
        ]
        assert {answer.status_code for answer in answers} <= {200, 201, 422}, words


def test_the_list_has_pages_and_is_searched(hospital: Hospital) -> None:
    """By id; a search finds part of an id or a name, and a whole badge; signs of the search stand for themselves."""
    headers = hospital.token(ADMIN)

    assert [entry["id"] for entry in _all(hospital, headers, limit=1)] == ["a-wang", "m-zhao", "n-lijing"]
    for text, ids in (("李", ["n-lijing"]), ("ZHAO", ["m-zhao"]), ("n1001", ["n-lijing"]), ("n10", []), ("%", [])):
        assert [entry["id"] for entry in _all(hospital, headers, text=text)] == ids, text


def test_somebody_is_changed_as_they_were_seen(hospital: Hospital) -> None:
    """Name, role, badge and wards; whoever has seen an older version is told, and nothing is overwritten."""
    headers = hospital.token(ADMIN)
    new = {"name": "李静", "role": "head-nurse", "badge": "N2002", "wards": ["w3", "w4"], "version": 1}

    changed = hospital.http.put("/api/v1/staff/n-lijing", json=new, headers=headers)
    stale = hospital.http.put("/api/v1/staff/n-lijing", json=new | {"role": "nurse"}, headers=headers)

    assert (changed.status_code, changed.json()["role"], changed.json()["version"]) == (200, "head-nurse", 2)
    assert (stale.status_code, stale.json()["detail"][:28]) == (409, "Somebody has changed this pe")
    assert hospital.sign_in(NURSE).status_code == 401
    assert hospital.http.post("/api/v1/sign-in", json={"badge": "N2002", "pin": NURSE.pin}).status_code == 200


def test_a_lost_badge_lets_nobody_else_in(hospital: Hospital) -> None:
    """A badge that was somebody's is never given to another; its owner may have it back."""
    headers = hospital.token(ADMIN)
    own: dict[str, Any] = {"name": "李静", "role": "nurse", "wards": ["w3"]}
    hospital.http.put("/api/v1/staff/n-lijing", json=own | {"badge": "N2002", "version": 1}, headers=headers)

    other = _add(hospital, headers, badge=NURSE.badge)
    back = hospital.http.put("/api/v1/staff/n-lijing", json=own | {"badge": NURSE.badge, "version": 2}, headers=headers)

    assert (other.status_code, back.status_code) == (409, 200)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 201),
        ({"role": "nurse"}, 201),
        ({"role": "admin"}, 403),
        ({"role": "manager"}, 403),
        ({"role": "cashier"}, 403),
        ({"wards": ["w3", "w4"]}, 403),
        ({"wards": []}, 422),
    ],
)
def test_a_manager_gives_only_what_belongs_to_the_own_wards(
    hospital: Hospital, fields: dict[str, Any], status: int
) -> None:
    """Roles that are bound to no ward, managers and other wards are an administrator's."""
    assert _add(hospital, hospital.token(MANAGER), **fields).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/v1/staff/a-wang", {"name": "x", "role": "nurse", "badge": "A1", "wards": ["w3"], "version": 1}),
        ("PUT", "/api/v1/staff/n-lijing", {"name": "x", "role": "admin", "badge": "N1001", "wards": [], "version": 1}),
        ("POST", "/api/v1/staff/a-wang/pin", {"pin": "1234"}),
        ("POST", "/api/v1/staff/a-wang/deactivate", None),
        ("POST", "/api/v1/staff/a-wang/activate", None),
    ],
)
def test_a_manager_changes_nobody_above(hospital: Hospital, method: str, path: str, body: Any) -> None:
    """An administrator stays as they are, and nobody becomes one."""
    answer = hospital.http.request(method, path, headers=hospital.token(MANAGER), json=body)

    assert answer.status_code == 403
    assert hospital.sign_in(ADMIN).status_code == 200


def test_nobody_changes_their_own_role(hospital: Hospital) -> None:
    """Name and badge they may; role and wards somebody else gives."""
    headers = hospital.token(ADMIN)
    own = {"name": "王管", "role": "admin", "badge": "A1", "wards": ["w3"], "version": 1}

    role = hospital.http.put("/api/v1/staff/a-wang", json=own | {"role": "nurse"}, headers=headers)
    name = hospital.http.put("/api/v1/staff/a-wang", json=own, headers=headers)

    assert (role.status_code, name.status_code) == (422, 200)


def test_without_a_pin_nobody_signs_in(hospital: Hospital) -> None:
    """Somebody from a file has none, and no text is it."""
    with hospital.core.db.write() as conn:
        staff.add(conn, id="s-1", name="某", role="nurse", badge="S1", pin_hash=staff.NO_PIN, wards=["w3"])

    for pin in ("", " ", "0000"):
        assert hospital.http.post("/api/v1/sign-in", json={"badge": "S1", "pin": pin}).status_code in (401, 422)


def test_a_new_pin_ends_the_sessions(hospital: Hospital) -> None:
    """The old PIN and the old token are worth nothing; the new PIN lets in."""
    session = hospital.token(NURSE)
    answer = hospital.http.post("/api/v1/staff/n-lijing/pin", json={"pin": "11112222"}, headers=hospital.token(ADMIN))

    assert answer.status_code == 204
    assert hospital.http.get("/api/v1/session", headers=session).status_code == 401
    assert hospital.sign_in(NURSE).status_code == 401
    assert hospital.sign_in(NURSE, pin="11112222").status_code == 200


def test_nobody_ends_their_own_access(hospital: Hospital) -> None:
    """The last administrator cannot lock the hospital out."""
    answer = hospital.http.post("/api/v1/staff/a-wang/deactivate", headers=hospital.token(ADMIN))

    assert answer.status_code == 422
    assert hospital.sign_in(ADMIN).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/staff"),
        ("POST", "/api/v1/staff"),
        ("POST", "/api/v1/staff/m-zhao/pin"),
        ("POST", "/api/v1/staff/m-zhao/deactivate"),
        ("GET", "/api/v1/devices"),
        ("POST", "/api/v1/devices"),
        ("POST", "/api/v1/devices/cart-1/revoke"),
        ("POST", "/api/v1/wards"),
    ],
)
def test_a_nurse_administers_nothing(hospital: Hospital, method: str, path: str) -> None:
    """With a nurse's token, without one and with a device's secret: the answer says so and nothing else."""
    body = {"json": NEW} if method == "POST" else {}
    nurse = hospital.http.request(method, path, headers=hospital.token(NURSE), **body)
    nobody = hospital.http.request(method, path, **body)
    device = hospital.http.request(method, path, auth=hospital.auth("cart-1"), **body)

    assert (nurse.status_code, nobody.status_code, device.status_code) in ((403, 401, 401), (422, 401, 401))
    assert hospital.sign_in(MANAGER).status_code == 200


def test_every_act_is_audited_with_who_did_it(hospital: Hospital) -> None:
    """Added, PIN, ended, given back: each names whom it was done to."""
    headers = hospital.token(ADMIN)
    _add(hospital, headers)
    hospital.http.post("/api/v1/staff/d-sun/pin", json={"pin": "99998888"}, headers=headers)
    hospital.http.post("/api/v1/staff/d-sun/deactivate", headers=headers)
    hospital.http.post("/api/v1/staff/d-sun/activate", headers=headers)
    new = {"name": "孙医生", "role": "nurse", "badge": "D7", "wards": ["w3"], "version": 4}
    hospital.http.put("/api/v1/staff/d-sun", json=new, headers=headers)

    acts = ["staff-added", "staff-pin", "staff-deactivated", "staff-activated", "staff-changed"]
    assert hospital.audited()[1:] == [("staff:a-wang", act, "staff d-sun") for act in acts]


def test_the_table_of_rights_knows_only_roles_that_there_are() -> None:
    """A role that was misspelt would silently have no right."""
    assert set().union(*RIGHTS.values(), EVERYWHERE) <= set(ROLES)


def test_the_table_of_roles_has_words_for_every_right() -> None:
    """A new right is in the table that administrators read."""
    assert set(RIGHT_WORDS) == set(RIGHTS)


def test_the_cart_has_words_for_every_role() -> None:
    """What the server may send as a role is shown in words."""
    assert set(ROLES) <= set(cart_words.ROLES)


def _naughty() -> list[str]:
    found: list[str] = json.loads(case("naughty", "blns.json").read_text())
    return found


def _all(hospital: Hospital, headers: dict[str, str], **question: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        answer = hospital.http.get("/api/v1/staff", params=question | {"after": after}, headers=headers).json()
        found += answer["items"]
        after = answer["next"]
    return found


def _ids(hospital: Hospital, headers: dict[str, str]) -> list[str]:
    return [entry["id"] for entry in _all(hospital, headers)]
