"""The envelope: exactly the keys, a signature over all of it, and a platform that refuses anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from server.integrations.national.envelope import Unreadable, envelope, message_id, read_reply
from server.integrations.national.fields import amount, settlement
from server.integrations.national.settings import NationalSettings
from server.integrations.national.signing import HmacSigner, signed_content
from tests.server.insurance.office import Office
from wardlink.errors import Misconfigured

AT = datetime(2026, 11, 25, 17, 30, 5, tzinfo=UTC)
SETTINGS = NationalSettings("https://fsi.example", "H51010000001", "示例医院", "510100")


KEYS = """
infno msgid mdtrtarea_admvs insuplc_admdvs recer_sys_code dev_no dev_safe_info cainfo signtype infver opter_type
opter opter_name inf_time fixmedins_code fixmedins_name sign_no input
"""


@pytest.mark.parametrize("algorithm", ["sm3", "sha256"])
def test_an_envelope_has_exactly_the_keys(algorithm: str) -> None:
    """In their spelling, with an id of 30 characters and the time in the ward."""
    signer = HmacSigner(b"key", algorithm=algorithm)
    msgid = message_id(SETTINGS, 12345, AT)
    made = envelope(
        SETTINGS, signer, infno="2304", msgid=msgid, at=AT, insured_area="510100", sign_no="S1", content={"data": {}}
    )

    assert list(made) == KEYS.split()
    assert msgid == "H51010000001202611260130052345"
    assert (made["inf_time"], made["signtype"]) == ("2026-11-26 01:30:05", algorithm.upper())
    assert made["cainfo"] == signer.sign(signed_content(made))


CHANGES: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("a key more", lambda m: m.update(more="1")),
    ("a key less", lambda m: m.pop("dev_no")),
    ("spelled with two d", lambda m: m.update(mdtrtarea_admdvs=m.pop("mdtrtarea_admvs"))),
    ("a short id", lambda m: m.update(msgid=m["msgid"][:-1])),
    ("an id of another hospital", lambda m: m.update(msgid="H99999999999" + m["msgid"][12:])),
    ("an id of another time", lambda m: m.update(msgid=m["msgid"][:12] + "20200101000000" + m["msgid"][26:])),
    ("an hour old", lambda m: m.update(inf_time="2026-11-25 09:00:00")),
    ("another transaction", lambda m: m.update(infno="2305")),
    ("another area", lambda m: m.update(mdtrtarea_admvs="110000")),
    ("no insured area", lambda m: m.update(insuplc_admdvs="")),
    ("an old sign-in", lambda m: m.update(sign_no="S0")),
    ("no sign-in", lambda m: m.update(sign_no="")),
    ("a number for a text", lambda m: m.update(opter=1)),
    ("input that is none", lambda m: m.update(input=[])),
]


def sent(office: Office, change: Callable[[dict[str, Any]], object], *, sign: bool = True) -> dict[str, Any]:
    """What the platform answers to a message changed so, and signed again unless `sign` is False."""
    office.dealings.register("00000000-0000-7000-8000-000000000001", office.card(), actor="staff:n1")
    made = envelope(
        office.settings,
        office.signer,
        infno="5203",
        msgid=message_id(office.settings, 9000, office.ward.clock.now()),
        at=office.ward.clock.now(),
        insured_area="510100",
        sign_no=office.platform._sign_no,
        content={"data": {"psn_no": "51000051200000000001", "mdtrt_id": next(iter(office.platform.visits))}},
    )
    change(made)
    if sign:
        made["cainfo"] = office.signer.sign(signed_content(made))
    body = json.dumps(made).encode()
    with httpx2.Client(trust_env=False) as client:
        first = client.post(f"{office.platform.url}/fsi/api/5203", content=body).json()
        again = client.post(f"{office.platform.url}/fsi/api/5203", content=body).json()
    assert again["infcode"] == "-1"
    return dict(first)


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[what for what, _ in CHANGES])
def test_a_wrong_envelope_is_refused(
    quick_office: Office, what: str, change: Callable[[dict[str, Any]], object]
) -> None:
    """Although it is rightly signed."""
    assert sent(quick_office, change)["infcode"] == "-1"


def test_a_right_envelope_is_answered_once(quick_office: Office) -> None:
    """The same bytes a second time are refused, as their id was used."""
    reply = sent(quick_office, lambda _: None)

    assert reply["infcode"] == "0"
    assert len(reply["inf_refmsgid"]) == 30


@pytest.mark.parametrize(
    "change", [lambda m: m["input"]["data"].update(psn_no="5"), lambda m: m.update(cainfo="A" * 44)]
)
def test_a_message_that_was_altered_is_refused(
    quick_office: Office, change: Callable[[dict[str, Any]], object]
) -> None:
    """The signature is over all of it."""
    assert sent(quick_office, change, sign=False)["err_msg"] == "验签失败"


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b'{"infcode": 1}', b"\xff", b'{"output": {}}', b"[" * 100000]
)
def test_what_is_no_answer_is_not_read(raw: bytes) -> None:
    """Then nobody knows what was done."""
    with pytest.raises(Unreadable):
        read_reply(raw)


@pytest.mark.parametrize(
    ("said", "fen"),
    [("12345.67", 1234567), ("0.05", 5), (100, 10000), ("1.5", 150), ("7.0000", 700), (None, 0), ("", 0), ("0", 0)],
)
def test_amounts_of_an_answer_are_read_exactly(said: object, fen: int) -> None:
    """As text or as a number, with trailing zeros or without; what is left out is 0."""
    reply = read_reply(json.dumps({"infcode": 0, "output": {"x": said}}).encode())

    assert amount(reply["output"], "x") == fen


@pytest.mark.parametrize("said", ["1.234", "-1", "NaN", "1e3", True, {}, "1,000.00", "100000000.01"])
def test_what_is_no_amount_is_not_guessed(said: object) -> None:
    """Half fen, negative, not a number, too large."""
    with pytest.raises(Unreadable):
        amount({"x": said}, "x")


INFO = {
    **{"medfee_sumamt": "100.00", "fund_pay_sumamt": "60.00", "psn_part_amt": "40.00", "psn_cash_pay": "40.00"},
    **{"inscp_scp_amt": "100.00", "hifp_pay": "60.00", "pool_prop_selfpay": "0.8500", "setl_id": "S1"},
}


def test_pool_prop_selfpay_is_a_ratio() -> None:
    """Not an amount, and above the whole it is not believed."""
    found = settlement(INFO)

    assert (found.ratio_bp, found.pooled, found.doubts()) == (8500, 6000, ())
    with pytest.raises(Unreadable):
        settlement(INFO | {"pool_prop_selfpay": "85.00"})


def test_an_answer_whose_sums_do_not_come_out_is_doubted() -> None:
    """It stands, and a person is told where it does not add up."""
    found = settlement(INFO | {"psn_cash_pay": "39.00"})

    assert found.doubts() == ("person = account + cash",)


@pytest.mark.parametrize("name", ["medfee_sumamt", "fund_pay_sumamt", "psn_part_amt", "psn_cash_pay"])
def test_an_answer_without_its_amounts_is_none(name: str) -> None:
    """A missing sum is not zero."""
    with pytest.raises(Unreadable):
        settlement({key: value for key, value in INFO.items() if key != name})


@pytest.mark.parametrize(
    "wrong",
    [
        ("http://fsi.example", "H51010000001", "510100"),
        ("https://x", "H5", "510100"),
        ("https://x", "H51010000001", "5"),
    ],
)
def test_wrong_settings_are_refused(wrong: tuple[str, str, str]) -> None:
    """No plain HTTP to anywhere else, no short code, no short area."""
    with pytest.raises(Misconfigured):
        NationalSettings(wrong[0], wrong[1], "x", wrong[2])


def test_a_hash_that_the_machine_does_not_know_is_said() -> None:
    """At the start, not at the first patient."""
    with pytest.raises(Misconfigured):
        HmacSigner(b"key", algorithm="sm9")


def test_the_clock_of_the_platform_is_the_wards(quick_office: Office) -> None:
    """Six minutes off, every message is refused."""
    quick_office.platform._now = lambda: quick_office.now() + timedelta(minutes=6)

    assert sent_fails(quick_office)


def sent_fails(office: Office) -> bool:
    """Whether the platform refuses an ordinary message."""
    from server.insurance.port import PlatformRefused

    try:
        office.dealings.person(office.card(), actor="staff:n1")
    except PlatformRefused:
        return True
    return False
