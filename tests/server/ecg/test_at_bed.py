"""ECG strips at the bed: only what a doctor has spoken of leaves, to its patient's own bed, and all is noted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, update

from server.patients.models import Patient
from server.snapshot import render_snapshot
from tests.server.desk import Desk
from tests.server.ecg.strips import SECRET, STRIP, TAKEN, send, upload, with_senders
from tests.server.wards import NOW, STAY_1, STAY_2
from wardlink.clinical.ecg.coding import decode
from wardlink.ids import new_id
from wardlink.messages.ecg import ReportEcg, SeeEcg, StrikeEcg
from wardlink.messages.ecg_at_bed import EcgAtBed, EcgsAtBed

_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]
MACHINE, DOCTORS = "机器自动诊断标记", "窦性心律。"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The desk of the small ward, with devices that may send and ask."""
    return with_senders(desk)


def taken(desk: Desk, **said: Any) -> str:
    """A strip with what its machine says of it; its id."""
    body = upload(**({"report": MACHINE} | said))
    assert send(desk, body).status_code == 201
    return str(body["id"])


def ask(desk: Desk, path: str = "", device: str = "t1", stay: str = STAY_1) -> Any:
    """The terminal asks."""
    return desk._http.get(f"/api/v1/encounters/{stay}/ecg/released{path}", auth=(device, SECRET))


def at_bed(desk: Desk) -> list[str]:
    """The ids of what the terminal is told."""
    return [line.id for line in EcgsAtBed.model_validate(ask(desk).json()).lines]


def report(desk: Desk, strip: str, *, critical: bool = False, text: str = DOCTORS) -> Any:
    """A doctor says what it shows."""
    return desk.post("d1", f"/ecg/{strip}/report", {"text": text, "critical": critical})


def see(desk: Desk, strip: str, reports: int) -> None:
    """A nurse has read it on the cart."""
    body = SeeEcg(strip=strip, reports=reports)
    desk.ward.take(desk.ward.cart.command("ecg.see", body, encounter=STAY_1, bed="b1"))


def why(desk: Desk, strip: str) -> list[str]:
    """What a doctor is told of why it is not shown."""
    found: list[str] = desk.get("d1", f"/ecg/{strip}").json()["why"]
    return found


def test_a_strip_comes_to_the_bed_when_a_doctor_has_spoken(desk: Desk) -> None:
    """Whole, with the doctor's words and name; what its machine says of it never leaves, on no way."""
    strip = taken(desk)
    assert (at_bed(desk), why(desk, strip)) == ([], ["unconfirmed"])
    assert ask(desk, f"/{strip}").status_code == 404
    report(desk, strip)

    assert (at_bed(desk), why(desk, strip)) == ([strip], [])
    answer = ask(desk, f"/{strip}")
    page = EcgAtBed.model_validate(answer.json())
    assert {lead.lead: decode(lead.samples, page.length) for lead in page.leads} == dict(STRIP.leads)
    assert [(said.text, said.by_name) for said in page.words] == [(DOCTORS, "赵医生")]
    assert page.line.taken_at == TAKEN
    assert MACHINE not in answer.text
    with desk.ward.db.read() as conn:
        assert MACHINE not in render_snapshot(conn, "w1", NOW, bed="b1").decode()


def test_every_look_is_written_down(desk: Desk) -> None:
    """Also one that was refused, under the name of the terminal."""
    strip = taken(desk)
    ask(desk, f"/{strip}")
    report(desk, strip)
    ask(desk)
    ask(desk, f"/{strip}")
    looks = [line for line in desk.audited() if line[0] == "device:t1"]

    assert looks == [
        ("device:t1", "refused", f"ecg {strip}", STAY_1),
        ("device:t1", "list", "ecg", STAY_1),
        ("device:t1", "view", f"ecg {strip}", STAY_1),
    ]


def test_another_bed_is_told_nothing(desk: Desk) -> None:
    """Not with its own stay in the address, and not with the other's; a monitor and a cart neither."""
    strip = taken(desk)
    report(desk, strip)

    assert ask(desk, f"/{strip}", "t2", STAY_2).status_code == 404
    for device in ("t2", "m1", "c1", "room1"):
        assert ask(desk, f"/{strip}", device).status_code == 403
        assert ask(desk, "", device).status_code == 403
    route = "GET /api/v1/encounters/{encounter}/ecg/released/{strip}"
    assert ("device:t2", "refused", f"ecg {strip}", STAY_2) in desk.audited()
    assert ("device:t2", "refused", route, STAY_1) in desk.audited()


def test_a_critical_strip_waits_for_two_people(desk: Desk) -> None:
    """Somebody has read the report, and a doctor lets it be seen; a later critical one waits for both again."""
    strip = taken(desk, critical=True)
    report(desk, strip)
    assert why(desk, strip) == ["unacknowledged", "critical"]
    assert desk.post("d1", f"/ecg/{strip}/release").status_code == 409
    see(desk, strip, 2)
    assert (at_bed(desk), why(desk, strip)) == ([], ["critical"])
    assert desk.post("n1", f"/ecg/{strip}/release").status_code == 403
    assert desk.post("d1", f"/ecg/{strip}/release").json()["shown"]["by_name"] == "赵医生"
    assert at_bed(desk) == [strip]
    assert ("staff:d1", "ecg-release", f"ecg {strip}", STAY_1) in desk.audited()
    report(desk, strip, critical=True, text="ST")

    assert (at_bed(desk), why(desk, strip)) == ([], ["unacknowledged", "critical"])


def test_a_doctor_keeps_one_back_and_lets_it_be_seen_again(desk: Desk) -> None:
    """Whatever the report says; the same word twice is one."""
    strip = taken(desk)
    report(desk, strip)
    for _again in range(2):
        desk.post("d1", f"/ecg/{strip}/keep-back")
    assert (at_bed(desk), why(desk, strip)) == ([], ["kept-back"])
    desk.post("d1", f"/ecg/{strip}/release")

    assert at_bed(desk) == [strip]


def test_what_was_struck_out_disappears_with_a_word(desk: Desk) -> None:
    """The list says that one was taken back; one that was never shown is not spoken of."""
    shown, hidden = taken(desk), taken(desk)
    report(desk, shown)
    for strip in (shown, hidden):
        body = StrikeEcg(strip=strip, reason="wrong patient")
        desk.ward.take(desk.ward.cart.command("ecg.strike", body, encounter=STAY_1, bed="b1"))

    assert ask(desk).json() == {"lines": [], "taken_back": 1}
    assert ask(desk, f"/{shown}").status_code == 404
    assert desk.post("d1", f"/ecg/{shown}/release").status_code == 409


def test_nothing_is_released_that_no_doctor_has_spoken_of(desk: Desk) -> None:
    """Nor what is nobody's; and a nurse cannot speak for one."""
    strip = taken(desk)

    assert desk.post("d1", f"/ecg/{strip}/release").status_code == 409
    assert desk.post("n1", f"/ecg/{strip}/report", {"text": DOCTORS}).status_code == 403
    assert at_bed(desk) == []


def test_a_childs_strip_is_for_the_guardian(desk: Desk) -> None:
    """The bed shows none; a doctor who tries is told so."""
    strip = taken(desk)
    report(desk, strip)
    with desk.ward.db.write() as conn:
        conn.execute(update(_PATIENT).values(birth_on=date(2015, 1, 1)))

    assert (at_bed(desk), why(desk, strip)) == ([], ["minor"])
    refused = desk.post("d1", f"/ecg/{strip}/release")
    assert (refused.status_code, "guardian" in refused.json()["detail"]) == (409, True)


def test_a_report_under_a_nurses_name_is_not_taken(desk: Desk) -> None:
    """Whichever entrance it comes through."""
    from wardlink.errors import NotAllowed
    from wardlink.messages.base import Actor

    strip = taken(desk)
    nurse = Actor(kind="staff", id="n1")

    with pytest.raises(NotAllowed):
        desk.ward.core.execute(
            "ecg.report", ReportEcg(strip=strip, text=DOCTORS), ward="w1", actor=nurse, encounter=STAY_1, bed="b1"
        )


def test_a_report_that_another_has_overtaken_is_not_written(desk: Desk) -> None:
    """Its doctor saw no report and there is one: looked at again it may be; the same one again is the same."""
    strip = taken(desk)
    report(desk, strip, text="first")
    command = new_id()
    seen = len(desk.get("d2", f"/ecg/{strip}").json()["strip"]["reports"])

    early = desk.post("d2", f"/ecg/{strip}/report", {"text": "second", "reports": seen - 1})
    late = [
        desk.post("d2", f"/ecg/{strip}/report", {"text": "second", "reports": seen, "command": command})
        for _sent_again in range(2)
    ]

    assert (early.status_code, early.json()["code"]) == (409, "changed-meanwhile")
    assert [answer.status_code for answer in late] == [200, 200]
    said = desk.get("d1", f"/ecg/{strip}").json()["strip"]["reports"]
    assert [found["text"] for found in said][-2:] == ["first", "second"]
    assert len(said) == seen + 1


@pytest.mark.parametrize("other", ["report", "keep-back"])
def test_a_decision_that_another_has_overtaken_is_not_written(desk: Desk, other: str) -> None:
    """Neither over a report that its doctor has not read, nor over another doctor's decision."""
    strip = taken(desk)
    report(desk, strip)
    seen = {"reports": len(desk.get("d1", f"/ecg/{strip}").json()["strip"]["reports"]), "over": ""}
    if other == "report":
        report(desk, strip, text="more")
    else:
        reason = {"reason": "wird besprochen"}
        assert desk.post("d2", f"/ecg/{strip}/keep-back", reason).json()["shown"]["reason"] == "wird besprochen"
    before = desk.audited()

    refused = desk.post("d1", f"/ecg/{strip}/release", seen)

    assert (refused.status_code, refused.json()["code"]) == (409, "changed-meanwhile")
    assert desk.audited() == before
    now = desk.get("d1", f"/ecg/{strip}").json()["strip"]
    over = now["shown"]["command"] if now.get("shown") else ""
    again = desk.post("d1", f"/ecg/{strip}/release", {"reports": len(now["reports"]), "over": over})
    assert (again.status_code, again.json()["shown"]["may_see"]) == (200, True)
