"""Staff sign in with badge and PIN; wrong tries are slowed, and nothing says which part was wrong."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from server.identity import sessions, sign_in
from tests.server.hospital import ADMIN, MANAGER, NURSE, Hospital
from wardlink.device.gate import WAIT_S
from wardlink.errors import SignInFailed


def test_badge_and_pin_let_in(hospital: Hospital) -> None:
    """The answer holds a token, who it is, and until when; the token opens what the role may see."""
    answer = hospital.sign_in(NURSE)

    assert answer.status_code == 200
    assert answer.json()["staff"] == {"id": "n-lijing", "name": "李静", "role": "nurse"}
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert hospital.http.get("/api/v1/session", headers=headers).json()["id"] == "n-lijing"


def test_a_wrong_pin_and_an_unknown_badge_get_the_same_answer(hospital: Hospital) -> None:
    """Status, code and words are the same, so that nobody learns which badges exist."""
    wrong = hospital.sign_in(NURSE, pin="0000")
    unknown = hospital.http.post("/api/v1/sign-in", json={"badge": "N9999", "pin": "0000"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "sign-in-failed"


def test_the_answer_speaks_the_language_that_was_asked_for(hospital: Hospital) -> None:
    """Chinese and English by Accept-Language; Chinese where nothing is said."""
    said = {
        language: hospital.sign_in(NURSE, pin="0000", headers={"Accept-Language": language}).json()["detail"]
        for language in ("zh-CN", "en-GB", "fr")
    }

    assert said["en-GB"] == "This does not match. Please check and try again."
    assert said["zh-CN"] == said["fr"] == "信息不符，请核对后重试。"


def test_a_thousand_wrong_pins_are_slowed(hospital: Hospital) -> None:
    """Of a thousand tries in a minute only five are looked at: three at once, then one in ten seconds, then less."""
    codes = Counter[str]()
    for _ in range(1_000):
        with pytest.raises(SignInFailed) as refused:
            sign_in.check(hospital.core, NURSE.badge, "9999")
        codes[refused.value.code] += 1
        hospital.clock.advance(0.06)

    assert codes == {"sign-in-failed": 5, "sign-in-slowed": 995}


def test_a_slowed_try_says_how_long_to_wait(hospital: Hospital) -> None:
    """429 with the seconds, in the header and in words."""
    for _ in range(3):
        hospital.sign_in(NURSE, pin="9999")

    slowed = hospital.sign_in(NURSE)

    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] == "10"
    assert slowed.json() == {
        "code": "sign-in-slowed",
        "detail": "Too many wrong tries. Please wait 10 seconds.",
    }


def test_the_waits_are_those_of_the_devices(hospital: Hospital) -> None:
    """After so many wrong tries in a row the wait is the one of the device's own table: one rule, one place."""
    waits = []
    for _ in range(9):
        while (answer := hospital.sign_in(NURSE, pin="9999")).status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            hospital.clock.advance(waits[-1])

    expected = [wait_s for failures in range(1, 9) if (wait_s := next(w for bound, w in WAIT_S if failures < bound))]
    assert waits == expected


def test_the_right_pin_is_not_looked_at_while_slowed_and_forgives_after(hospital: Hospital) -> None:
    """Who waits out the time and knows the PIN starts from nothing again."""
    for _ in range(3):
        hospital.sign_in(NURSE, pin="9999")
    early = hospital.sign_in(NURSE)
    hospital.clock.advance(10)
    late = hospital.sign_in(NURSE)
    after = [hospital.sign_in(NURSE, pin="9999").status_code for _ in range(3)]

    assert early.status_code == 429
    assert late.status_code == 200
    assert after == [401, 401, 401]


def test_many_at_once_are_slowed_like_one_after_the_other(hospital: Hospital) -> None:
    """Twenty tries at the same time get no further than three: each is counted before it is looked at."""
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda _: hospital.sign_in(NURSE, pin="9999").status_code, range(20)))

    assert sorted(codes) == [401] * 3 + [429] * 17


def test_slowing_one_badge_leaves_the_others_alone(hospital: Hospital) -> None:
    """A nurse who mistypes keeps nobody else out, and is let in at another device."""
    for _ in range(5):
        hospital.sign_in(NURSE, pin="9999")

    assert hospital.sign_in(MANAGER).status_code == 200
    assert hospital.sign_in(NURSE, auth=hospital.auth("cart-1")).status_code == 200


def test_one_pin_tried_on_many_badges_is_slowed(hospital: Hospital) -> None:
    """Whoever goes through the badges gets thirty tries, then waits; at another address people come in meanwhile."""
    codes = Counter[str]()
    for number in range(100):
        with pytest.raises(SignInFailed) as refused:
            sign_in.check(hospital.core, f"X{number}", "1234", origin="10.0.0.9")
        codes[refused.value.code] += 1
    here = sign_in.check(hospital.core, NURSE.badge, NURSE.pin, origin="10.0.0.7")

    assert codes == {"sign-in-failed": 30, "sign-in-slowed": 70}
    assert here.staff.id == NURSE.id


def test_a_right_pin_does_not_wipe_out_the_count_of_the_place(hospital: Hospital) -> None:
    """Signing in oneself in between gives nobody new tries on the badges of others."""
    codes = Counter[str]()
    for number in range(60):
        if number % 3 == 0:
            with suppress(SignInFailed):
                sign_in.check(hospital.core, NURSE.badge, NURSE.pin, device="cart-1")
        with pytest.raises(SignInFailed) as refused:
            sign_in.check(hospital.core, f"X{number}", "1234", device="cart-1")
        codes[refused.value.code] += 1

    assert codes["sign-in-failed"] == 30


def test_an_hour_of_quiet_begins_anew(hospital: Hospital) -> None:
    """A count is not kept for ever, and the table does not grow for ever."""
    for number in range(30):
        with suppress(SignInFailed):
            sign_in.check(hospital.core, f"X{number}", "1234")
    hospital.clock.advance(3_601)
    sign_in.check(hospital.core, NURSE.badge, NURSE.pin)

    with hospital.core.db.read() as conn:
        left = conn.exec_driver_sql("SELECT key, failures FROM sign_in_attempt").all()
    assert [(key.partition(":")[0], failures) for key, failures in left] == [("place", 0)]


def test_slowing_outlives_a_restart(hospital: Hospital) -> None:
    """The tries stand in the database, under a name that does not say whose badge it was."""
    hospital.sign_in(NURSE, pin="9999")

    with hospital.core.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT key, failures FROM sign_in_attempt").all()
    assert [failures for _, failures in rows] == [1, 1]
    assert not any(NURSE.badge in key for key, _ in rows)


def test_signing_out_ends_the_token(hospital: Hospital) -> None:
    """After it the token is worth nothing."""
    headers = hospital.token(NURSE)

    assert hospital.http.post("/api/v1/sign-out", headers=headers).status_code == 204
    assert hospital.http.get("/api/v1/session", headers=headers).status_code == 401


def test_a_session_ends_with_the_shift_and_when_it_is_unused(hospital: Hospital) -> None:
    """Used every half an hour it lasts twelve hours; left alone it lasts one."""
    used, unused = hospital.token(NURSE), hospital.token(MANAGER)
    lasted_s = 0
    while hospital.http.get("/api/v1/session", headers=used).status_code == 200:
        hospital.clock.advance(1_800)
        lasted_s += 1_800
        if lasted_s == sessions.IDLE.total_seconds():
            assert hospital.http.get("/api/v1/session", headers=unused).status_code == 401

    assert lasted_s == sessions.LASTS.total_seconds()


def test_the_database_does_not_hold_the_token(hospital: Hospital) -> None:
    """Whoever reads the database cannot act for anybody."""
    token = hospital.sign_in(NURSE).json()["token"]

    with hospital.core.db.read() as conn:
        [kept] = conn.exec_driver_sql("SELECT token_hash FROM staff_session").scalars().all()
    assert token not in kept


def test_a_sign_in_from_a_stranger_device_is_refused(hospital: Hospital) -> None:
    """A device that says who it is must be who it says."""
    answer = hospital.sign_in(NURSE, auth=("cart-1", "guessed"))

    assert answer.status_code == 401
    assert answer.json()["code"] == "device-unknown"


def test_every_try_is_audited(hospital: Hospital) -> None:
    """Who, and whether it worked; of an unknown badge nothing that was typed."""
    hospital.sign_in(NURSE)
    hospital.sign_in(NURSE, pin="0000")
    hospital.http.post("/api/v1/sign-in", json={"badge": "135790", "pin": "A1"})

    assert hospital.audited() == [
        ("staff:n-lijing", "sign-in", ""),
        ("staff:n-lijing", "sign-in-failed", ""),
        ("unknown", "sign-in-failed", ""),
    ]


def test_somebody_who_no_longer_works_here_is_kept_out(hospital: Hospital) -> None:
    """Their sessions end at once, and the right PIN gets the answer of a wrong one."""
    session = hospital.token(NURSE)
    ended = hospital.http.post("/api/v1/staff/n-lijing/deactivate", headers=hospital.token(ADMIN))

    assert ended.status_code == 204
    assert hospital.http.get("/api/v1/session", headers=session).status_code == 401
    assert hospital.sign_in(NURSE).status_code == 401
