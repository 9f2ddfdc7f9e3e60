"""Strips arrive at the server: kept whole and once, told to the carts in parts that any message can hold."""

from __future__ import annotations

from array import array
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from server.live import MAX_RANGE_BYTES
from server.snapshot import render_snapshot
from tests.server.desk import Desk
from tests.server.ecg.strips import PEAKS, SECRET, STRIP, TAKEN, send, upload, with_senders
from tests.server.test_live import Wire
from tests.server.wards import DESK, NOW, STAY_1, STAY_2, SmallWard
from wardlink import topics
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.clinical.ecg.strip import MISSING, Strip
from wardlink.ids import new_id
from wardlink.messages.changes import decode_snapshot
from wardlink.messages.ecg import EcgPart, EcgView, SeeEcg, StrikeEcg
from wardlink.messages.encounters import Transfer
from wardlink.messages.pairings import PairMonitor
from wardlink.record.ecg import strip_of

PARTS = TypeAdapter(list[EcgPart])


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The desk of the small ward, with devices that may send."""
    return with_senders(desk)


def views(ward: SmallWard, name: str = "w1") -> list[EcgView]:
    """What the carts of a ward were told of strips."""
    return [EcgView.model_validate(change["body"]) for change in ward.changes("ecg.changed", name)]


def told(ward: SmallWard, name: str = "w1") -> Strip | None:
    """The last strip, made again out of what the carts of a ward were told."""
    parts = PARTS.validate_python([change["body"] for change in ward.changes("ecg-part.changed", name)])
    return strip_of(views(ward, name)[-1], parts)


def test_a_strip_is_told_with_every_sample(desk: Desk) -> None:
    """Twelve leads of ten seconds, equal to what was sent; whose, when, and by whom stand beside them."""
    body = upload(place="心电图室", report="窦性心律。")

    answer = send(desk, body)

    assert answer.status_code == 201, answer.text
    assert told(desk.ward) == STRIP
    (view,) = views(desk.ward)
    assert (view.id, view.encounter, view.bed, view.taken_at) == (body["id"], STAY_1, "b1", TAKEN)
    assert (view.source, view.place, view.device) == ("room", "心电图室", "room1")
    assert ([report.text for report in view.reports], view.is_new) == (["窦性心律。"], True)
    assert answer.json()["seq"] == desk.ward.changes("ecg.changed")[0]["seq"]
    assert desk.ward.exceptions() == []


def test_beats_are_found_here(desk: Desk) -> None:
    """In the lead in which R stands out, each within 20 ms of where the invented heart beat."""
    send(desk, upload())

    (view,) = views(desk.ward)
    assert (view.beats_lead, view.beats_by) == ("II", "server")
    assert view.beats is not None
    assert len(view.beats) == len(PEAKS)
    assert max(abs(found - peak) for found, peak in zip(view.beats, PEAKS, strict=True)) <= 10


def test_beats_that_the_sender_found_are_taken(desk: Desk) -> None:
    """In the lead that it names."""
    send(desk, upload(beats=[900, 500, 500], beats_lead="v5"))

    (view,) = views(desk.ward)
    assert (view.beats, view.beats_lead, view.beats_by) == ((500, 900), "V5", "sender")


def test_no_beats_are_found_in_what_is_no_heart(desk: Desk) -> None:
    """All leads off, flat, or too short to search: nobody looked, which is not the same as none."""
    for values in ([MISSING] * 5000, [3] * 5000, [1, 2] * 20):
        send(desk, upload(Strip(TAKEN, 500, 1, {"II": array("h", values)})))

    assert [view.beats for view in views(desk.ward)] == [None] * 3


def test_a_gap_stays_a_gap(desk: Desk) -> None:
    """Null and -32768 are no value, on every way; no beat lies in it."""
    strip, _ = sample_strip(TAKEN, off=("II", 2, 4))
    body = upload(strip)
    body["leads"]["II"][1000] = MISSING

    assert send(desk, body).status_code == 201

    found = told(desk.ward)
    assert found is not None
    assert [(gap.first, gap.end) for gap in found.gaps("II")] == [(1000, 2000)]
    (view,) = views(desk.ward)
    assert view.beats_lead == "V5"


def test_the_same_strip_again_changes_nothing(desk: Desk) -> None:
    """After a lost answer; it gets the same number."""
    body = upload()

    first, again = send(desk, body), send(desk, body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(views(desk.ward)) == 1


def test_another_strip_with_a_known_id_is_refused(desk: Desk) -> None:
    """The first stands."""
    body = upload()
    send(desk, body)
    body["leads"]["V1"][7] += 1

    answer = send(desk, body)

    assert (answer.status_code, "another strip" in answer.json()["detail"]) == (409, True)
    assert told(desk.ward) == STRIP


def test_no_message_is_larger_than_a_broker_carries(ward: SmallWard, desk: Desk) -> None:
    """Twelve leads go out in messages of 48 KiB, parts before the strip, and what comes after them in its turn."""
    wire = Wire(ward)
    send(desk, upload())
    ward.take(ward.cart.vitals(70))

    ranges = wire.told(topics.changes("w1"))

    kinds = [change.kind for found in ranges for change in found.changes]
    assert kinds == ["ecg-part.changed"] * 12 + ["ecg.changed", "vitals.recorded"]
    assert max(len(payload) for _, payload in wire.sent) < MAX_RANGE_BYTES + 8 * 1024
    assert [found.after for found in ranges][1:] == [found.upto for found in ranges][:-1]


def test_the_worst_samples_fit_in_a_message(ward: SmallWard, desk: Desk) -> None:
    """Noise of 16 bits, as much of it as may come at once."""
    noise = array("h", [(n * 48271 * n) % 65535 - 32767 for n in range(75_000)])
    wire = Wire(ward)

    answer = send(desk, upload(Strip(TAKEN, 500, 1, {"II": noise, "V1": noise})))

    assert answer.status_code == 201
    wire.told(topics.changes("w1"))
    assert max(len(payload) for _, payload in wire.sent) < 64 * 1024


def test_a_cart_that_catches_up_takes_strips_a_megabyte_at_a_time(desk: Desk) -> None:
    """With `more` set until it has everything."""
    for minutes in range(20):
        send(desk, upload(sample_strip(TAKEN + timedelta(minutes=minutes))[0]))

    sizes, after, kinds = [], 0, list[str]()
    for _ in range(10):
        answer = desk.get(None, f"/wards/w1/changes?after={after}", auth=("c1", SECRET))
        sizes.append(len(answer.content))
        found = answer.json()
        kinds += [change["kind"] for change in found["changes"]]
        after = found["upto"]
        if not found["more"]:
            break

    assert len(sizes) > 1
    assert max(sizes) < 1.3 * 1024 * 1024
    assert kinds.count("ecg.changed") == 20


def test_a_snapshot_holds_the_newest_strips_whole(desk: Desk) -> None:
    """Five of each stay, none older than 72 hours; that there are more is known for a month."""
    at = [timedelta(days=31), timedelta(hours=73), *(timedelta(hours=n) for n in range(7, 0, -1))]
    small = {age: upload(Strip(NOW - age, 500, 1, {"II": array("h", [1, 2, 3])})) for age in at}
    other = upload(Strip(NOW - timedelta(hours=50), 500, 1, {"II": array("h", [1, 2, 3])}), encounter=STAY_2)
    for body in (*small.values(), other):
        assert send(desk, body).status_code == 201

    with desk.ward.db.read() as conn:
        held = decode_snapshot(render_snapshot(conn, "w1", NOW))
        at_bed = decode_snapshot(render_snapshot(conn, "w1", NOW, bed="b1"))

    strips = [view["id"] for view in held.records["ecg"]]
    whole = [part["strip"] for part in held.records["ecg-part"]]
    assert strips == [small[at[1]]["id"], other["id"], *(small[age]["id"] for age in at[2:])]
    assert whole == [other["id"], *(small[age]["id"] for age in at[-5:])]
    assert at_bed.records == {}


def test_a_paired_monitor_need_not_say_whose_it_is(desk: Desk) -> None:
    """The scans of wristband and monitor have said so."""
    ward = desk.ward
    pairing = PairMonitor(monitor="m1", wristband_at=TAKEN, monitor_at=TAKEN)
    ward.take(ward.cart.command("monitor.pair", pairing, encounter=STAY_2, measured_at=TAKEN - timedelta(hours=1)))

    answer = send(desk, upload(encounter=None), device="m1")

    assert answer.json()["encounter"] == STAY_2
    assert (views(ward)[0].bed, views(ward)[0].source) == ("b2", "monitor")


def test_an_examination_room_knows_the_admission_number(desk: Desk) -> None:
    """And need not know where the patient lies: the strip goes to that ward, whatever the address says."""
    desk.ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)
    desk.ward.clock.advance(600)

    strip, _ = sample_strip(desk.ward.clock.now() - timedelta(minutes=1))
    answer = send(desk, upload(strip, encounter=None, admission_no="ZY0001"))

    assert answer.json()["encounter"] == STAY_1
    assert told(desk.ward, "w2") == strip
    assert (views(desk.ward), desk.ward.exceptions()) == ([], [])


@pytest.mark.parametrize("whose", [{"encounter": None}, {"encounter": new_id()}])
def test_a_strip_of_nobody_is_kept_and_put_before_a_person(desk: Desk, whose: dict[str, Any]) -> None:
    """With what the sender said of whose it is."""
    answer = send(desk, upload(**whose, admission_no="ZY9999"))

    assert answer.status_code == 201
    assert [found.kind for found in desk.ward.exceptions()] == ["unknown-encounter"]
    assert views(desk.ward)[0].admission_no == (None if whose["encounter"] else "ZY9999")


def test_a_strip_from_tomorrow_is_kept_and_put_before_a_person(desk: Desk) -> None:
    """One of the two clocks is wrong."""
    send(desk, upload(sample_strip(NOW + timedelta(hours=1))[0]))

    assert [found.kind for found in desk.ward.exceptions()] == ["clock-off"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"leads": {"ABP": [1, 2]}}, "ABP"),
    ({"leads": {"II": [1], "ii": [2]}}, "twice"),
    ({"leads": {"I": [1], "II": [1, 2]}}, "one length"),
    ({"leads": {"II": []}}, "one length"),
    ({"leads": {}}, "leads"),
    ({"leads": {"II": [1, 40000]}}, "leads"),
    ({"leads": {"II": [1.5]}}, "leads"),
    ({"leads": {"II": ["1"]}}, "leads"),
    ({"leads": {"II": [1] * 100}, "beats": [100]}, "beats"),
    ({"leads": {"II": [1] * 100}, "beats": [1], "beats_lead": "V1"}, "beats"),
    ({"leads": {"II": [1] * 50_000}, "rate_hz": 100}, "seconds"),
    ({"leads": {"I": [1] * 100_000, "II": [1] * 100_000}}, "samples"),
    ({"rate_hz": 0}, "rate_hz"),
    ({"uv_per_unit": 0}, "uv_per_unit"),
    ({"report": "x" * 4001}, "report"),
    ({"report": "a\x00b"}, "characters"),
    ({"id": "1"}, "id"),
    ({"start_at": "2026-11-25T10:00:00"}, "start_at"),
    ({"extra": 1}, "extra"),
]


@pytest.mark.parametrize(("decided", "said"), WRONG, ids=[f"{n}-{said}" for n, (_, said) in enumerate(WRONG)])
def test_what_cannot_be_is_refused_in_words(desk: Desk, decided: dict[str, Any], said: str) -> None:
    """And leaves nothing behind."""
    small = Strip(TAKEN, 500, 1, {"II": array("h", [1, 2])})

    answer = send(desk, upload(small) | decided)

    assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.text
    assert desk.ward.changes("ecg-part.changed") == []


def test_more_than_a_megabyte_is_cut_off(desk: Desk) -> None:
    """Before it is read; and every other address still takes 64 KiB only."""
    body = upload()
    body["report"] = "x" * 1024 * 1024

    large = send(desk, body)
    elsewhere = desk.post("d1", f"/ecg/{new_id()}/report", {"text": "x" * 70_000})

    assert (large.status_code, elsewhere.status_code) == (413, 413)


def test_who_may_send(desk: Desk) -> None:
    """Monitors of the ward, rooms for any, nurses and doctors of it; nobody else, and nobody with a wrong secret."""
    said = {
        "monitor": send(desk, upload(), device="m1").status_code,
        "room": send(desk, upload(), device="room1").status_code,
        "nurse": desk.post("n1", "/wards/w1/ecg", upload()).status_code,
        "monitor elsewhere": send(desk, upload(), device="m1", ward="w2").status_code,
        "cart": send(desk, upload(), device="c1").status_code,
        "pharmacist": desk.post("p1", "/wards/w1/ecg", upload()).status_code,
        "nurse elsewhere": desk.post("x1", "/wards/w1/ecg", upload()).status_code,
        "nobody": desk.post(None, "/wards/w1/ecg", upload()).status_code,
        "no ward": send(desk, upload(), ward="w9").status_code,
    }

    assert said == {
        "monitor": 201,
        "room": 201,
        "nurse": 201,
        "monitor elsewhere": 403,
        "cart": 403,
        "pharmacist": 403,
        "nurse elsewhere": 403,
        "nobody": 401,
        "no ward": 404,
    }


def test_a_strip_is_read_with_its_samples(desk: Desk) -> None:
    """By those who work in the ward; gaps are null, and who read it is written down."""
    strip, _ = sample_strip(TAKEN, off=("V2", 1, 2))
    body = upload(strip)
    send(desk, body)

    whole = desk.get("n1", f"/ecg/{body['id']}").json()

    assert whole["leads"] == body["leads"]
    assert whole["strip"]["id"] == body["id"]
    assert desk.get("x1", f"/ecg/{body['id']}").status_code == 403
    assert desk.get("n1", f"/ecg/{new_id()}").status_code == 404
    assert ("staff:n1", "view", f"ecg {body['id']}", STAY_1) in desk.audited()


def test_strips_are_listed_newest_first(desk: Desk) -> None:
    """In pages."""
    bodies = [upload(sample_strip(TAKEN + timedelta(minutes=n), seconds=2)[0]) for n in range(3)]
    for body in bodies:
        send(desk, body)

    first = desk.get("n1", f"/encounters/{STAY_1}/ecg?limit=2").json()
    rest = desk.get("n1", f"/encounters/{STAY_1}/ecg?limit=2&offset={first['next']}").json()

    assert [item["id"] for item in first["items"] + rest["items"]] == [body["id"] for body in reversed(bodies)]
    assert rest["next"] is None


def test_a_report_makes_a_strip_new_again(desk: Desk) -> None:
    """A nurse has read it; a doctor says more; earlier words stay."""
    ward, body = desk.ward, upload(report="自动分析：窦性心律")
    send(desk, body)
    ward.take(ward.cart.command("ecg.see", SeeEcg(strip=body["id"], reports=1), encounter=STAY_1))
    seen = views(ward)[-1]

    answer = desk.post("d1", f"/ecg/{body['id']}/report", {"text": "窦性心律，大致正常心电图。", "critical": True})

    assert (seen.is_new, seen.is_critical, seen.seen_by_name) == (False, False, "李静")
    reported = views(ward)[-1]
    assert reported.is_critical
    assert EcgView.model_validate(answer.json()) == reported
    assert [report.text for report in reported.reports] == ["自动分析：窦性心律", "窦性心律，大致正常心电图。"]
    assert (reported.is_new, reported.reports[-1].by_name) == (True, "赵医生")
    assert desk.post("n1", f"/ecg/{body['id']}/report", {"text": "x"}).status_code == 403


def test_a_strip_of_the_wrong_patient_is_struck_out(desk: Desk) -> None:
    """It stays readable, and is nothing new to anybody."""
    ward, body = desk.ward, upload()
    send(desk, body)
    strike = StrikeEcg(strip=body["id"], reason="病人错误")
    ward.take(ward.cart.command("ecg.strike", strike, encounter=STAY_1))

    view = views(ward)[-1]
    assert (view.struck_reason, view.is_new) == ("病人错误", False)
    assert told(ward) == STRIP


def test_no_device_sends_a_strip_as_a_command(desk: Desk) -> None:
    """Its samples would not be there."""
    send(desk, upload())
    made = views(desk.ward)[0]
    body = {
        "source": "monitor",
        "leads": ["II"],
        "rate_hz": 500,
        "uv_per_unit": 1,
        "length": 10,
        "digest": made.digest,
    }

    answer = desk.ward.answer(desk.ward.monitor.command("ecg.record", body, encounter=STAY_1))

    assert answer.outcome == "parked"
    assert len(views(desk.ward)) == 1
