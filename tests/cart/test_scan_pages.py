"""Any scan on any page: what it opens, what it records, what it refuses in red, and the trace that a refusal leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from cart.app import CartApp
from cart.sample import SampleWard
from cart.sample_cards import VOUCHERS
from cart.sample_stays import WARD
from cart.usecases.scan import Scanner
from tests.cart.nurse import AT, SIZES, Nurse, cart, clock_of, process_language, sample, sample_of
from tests.waiting import wait_for
from wardlink.codes.gs1 import write_gs1
from wardlink.codes.kinds import Badge, BedTag, DeviceTag, DrugPack, Wristband
from wardlink.codes.presence import presence_now
from wardlink.record.bags import label_of
from wardlink.record.doses import DOSE

GTIN = "06901234567892"
GONE = "018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e0f"


def stay_in(bed: str) -> str:
    """The stay in a bed of the sample."""
    return sample().replica.in_bed(bed).id


def bag(bed: str) -> str:
    """A bag for the patient in `bed`."""
    doses = sample().replica.records(DOSE, encounter=stay_in(bed))
    return label_of(doses[0]).text()


def refusals(ward: SampleWard) -> list[tuple[str, str, str | None]]:
    """Kind of code, reason and bed of every refusal that was written down."""
    return [(c.body["code"], c.body["reason"], c.bed) for c in ward.recorded if c.kind == "scan.refused"]


@pytest.mark.parametrize("where", ["", "f1", "f9", "u"])
async def test_our_wristband_opens_its_patient_and_says_so_in_green(where: str) -> None:
    """From every page; the line goes by itself."""
    async with cart() as nurse:
        await nurse.sign_in()
        if where:
            await nurse.press(where)
        await nurse.scan(Wristband(stay_in("10")).text())

        assert nurse.page == "PatientScreen"
        assert "腕带：10" in nurse.text()
        await nurse.pass_time(clock_of(nurse), 2)
        assert "腕带：10" not in nurse.text()


async def test_a_name_that_another_patient_has_is_said() -> None:
    """The page opens, and the green line names the other one."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(Wristband(stay_in("12")).text())

        assert "3 床 王秀兰" in nurse.line("腕带", "姓名相近")


async def test_a_bed_tag_records_a_round() -> None:
    """For the patient who lies there, with the tag as evidence; the page stays."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(BedTag(WARD, "12").text())

        [said] = [c for c in sample_of(nurse).recorded if c.kind == "round.record"]
        assert (said.encounter, said.bed, said.body["evidence"]) == (stay_in("12"), "12", "bed-tag")
        assert nurse.page == "WardScreen"
        assert "已记录巡视" in nurse.text()


REFUSED: list[tuple[str, Callable[[], str], tuple[str, str, str | None], str]] = [
    ("unknown", lambda: "http://x.example/[b]", ("unknown", "unknown", None), "无法识别"),
    ("damaged", lambda: Wristband(stay_in("12")).text()[:-1] + "U", ("unknown", "damaged", None), "没有读全"),
    ("nobody", lambda: Wristband(GONE).text(), ("wristband", "elsewhere", None), "本病区"),
    ("other-ward", lambda: BedTag("w9", "12").text(), ("bed", "other-ward", "12"), "其他病区"),
    ("empty-bed", lambda: BedTag(WARD, "4").text(), ("bed", "empty-bed", "4"), "没有病人"),
    ("expired", lambda: write_gs1(DrugPack(GTIN, expires=(26, 10, 0))), ("drug", "expired", None), "过期"),
    ("no-patient", lambda: GTIN, ("drug", "no-patient", None), "腕带"),
    ("check-digit", lambda: "01" + GTIN[:-1] + "3", ("unknown", "check-digit", None), "读错"),
    ("device", lambda: DeviceTag("m-1").text(), ("device", "no-wristband", None), "监护仪"),
    (
        "presence",
        lambda: presence_now(b"k", WARD, "12", stay_in("12"), AT).text(),
        ("presence", "stale", "12"),
        "腕带",
    ),
]


@pytest.mark.parametrize(("text", "trace", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
async def test_a_scan_that_does_not_fit_is_refused_with_a_trace(
    text: Callable[[], str], trace: tuple[str, str, str | None], words: str
) -> None:
    """Red until a key, in words; the trace has kind, reason and bed, and nothing of what was read."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(text())
        assert nurse.page == "ScanRefused"
        assert words in nurse.text()
        await nurse.press("enter")

        assert nurse.page == "WardScreen"
        assert refusals(sample_of(nurse)) == [trace]
        [said] = [c for c in sample_of(nurse).recorded if c.kind == "scan.refused"]
        assert set(said.body) == {"code", "reason", "screen"}


@pytest.mark.parametrize(
    ("change", "reason"), [({"status": "finished"}, "discharged"), ({"ward": "w9"}, "moved")], ids=["out", "moved"]
)
async def test_a_patient_who_has_left_is_refused_by_name(change: dict[str, str], reason: str) -> None:
    """Discharged, or in another ward now: the cart still knows the stay, and says which."""
    ward = sample()
    left = ward.replica.in_bed("12").model_copy(update=change)
    ward.replica.stays = [stay for stay in ward.replica.stays if stay.bed != "12"]
    known = ward.replica.encounter
    ward.replica.encounter = lambda id: left if id == left.id else known(id)  # type: ignore[method-assign]
    async with cart(ward=lambda: ward) as nurse:
        await nurse.sign_in()
        await nurse.scan(Wristband(left.id).text())

        assert nurse.page == "ScanRefused"
        assert "王秀英" in nurse.text()
        assert refusals(ward) == [("wristband", reason, "12")]


async def test_nothing_is_taken_while_the_screen_is_red() -> None:
    """The next scan neither opens anything nor makes the red go away."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan("http://x.example/")
        await nurse.scan(Wristband(stay_in("12")).text())

        assert nurse.page == "ScanRefused"


async def test_a_bag_opens_the_round_of_its_patient() -> None:
    """From the list of the ward."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(bag("12"))

        assert nurse.page == "MedicationScreen"
        assert "王秀英" in nurse.text()


async def test_a_bag_of_another_patient_stops_the_round() -> None:
    """Red, with the name of the one it is for."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(bag("12"))
        await nurse.scan(bag("10"))

        assert nurse.page == "ScanRefused"
        assert "赵强" in nurse.text()


async def test_a_drug_on_a_patients_page_opens_the_round_and_is_checked_there() -> None:
    """A drug that the patient is not to get is refused by the round itself."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.open("12")
        await nurse.scan(GTIN)

        assert nurse.page == "DoseRefused"
        assert "王秀英" in nurse.text()


async def test_a_gs1_code_with_separators_is_read_whole() -> None:
    """The separator comes as Ctrl and ], as scanners type it."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(f"01{GTIN}10AB\x1d17261000")

        assert refusals(sample_of(nurse)) == [("drug", "expired", None)]


async def test_prefix_and_end_are_those_of_the_carts_scanner() -> None:
    """A scanner that puts a tilde before the code and Tab behind it; without the tilde it is typing."""
    app = CartApp(sample, named="C2", scanner=Scanner(prefix="~", ends=("tab",)))
    with process_language("zh_CN"):
        async with app.run_test(size=(120, 36)) as pilot:
            nurse = Nurse(app, pilot)
            await nurse.sign_in()
            await nurse.scan("20261110", end="tab")
            assert nurse.page == "WardScreen"
            await nurse.scan("~20261110", end="tab")

            assert nurse.page == "PatientScreen"


async def test_our_badge_fills_the_sign_in() -> None:
    """The number stands in the field, not the code."""
    async with cart() as nurse:
        await nurse.scan(Badge("N1001").text())

        assert nurse.value("badge") == "N1001"


async def refused(nurse: Nurse) -> None:
    """A damaged wristband."""
    await nurse.sign_in()
    await nurse.scan(Wristband(stay_in("12")).text()[:-1] + "U")


async def taken(nurse: Nurse) -> None:
    """A wristband whose name another patient's is like."""
    await nurse.sign_in()
    await nurse.scan(Wristband(stay_in("12")).text())
    # That the page was opened is on record, and the status line has counted it.
    await nurse.changed()


@pytest.mark.parametrize("speaks", ["zh_CN", "en"])
@pytest.mark.parametrize("size", SIZES, ids=["120", "80"])
@pytest.mark.parametrize("page", [refused, taken])
def test_a_scan_looks_as_it_did(page: Any, size: tuple[int, int], speaks: str, snap_compare: Any) -> None:
    """Red and green, at both sizes, in both languages."""
    app = CartApp(sample, named="C2")

    async def act(pilot: Pilot[Any]) -> None:
        await page(Nurse(app, pilot))

    with process_language(speaks):
        assert snap_compare(app, terminal_size=size, run_before=act)


async def test_a_monitor_is_paired_by_two_scans_within_a_minute() -> None:
    """Wristband, then the monitor's tag: it is recorded with both instants, and said in green."""
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(Wristband(stay_in("12")).text())
        await nurse.pass_time(clock_of(nurse), 60)
        await nurse.scan(DeviceTag("m12").text())

        body = sample_of(nurse).recorded[-1].body
        assert (sample_of(nurse).recorded[-1].kind, body["monitor"]) == ("monitor.pair", "m12")
        assert body["wristband_at"] < body["monitor_at"]
        assert "m12 已与 12 床" in nurse.text()


@pytest.mark.parametrize("waits_s", [None, 61])
async def test_a_monitor_without_a_wristband_just_now_is_refused(waits_s: float | None) -> None:
    """In red: nobody knows at whom it stands."""
    async with cart() as nurse:
        await nurse.sign_in()
        if waits_s is not None:
            await nurse.scan(Wristband(stay_in("12")).text())
            await nurse.pass_time(clock_of(nurse), waits_s)
        await nurse.scan(DeviceTag("m12").text())

        assert "这是谁的监护仪" in nurse.text()
        assert "monitor.pair" not in {command.kind for command in sample_of(nurse).recorded}


async def test_a_voucher_opens_whose_it_is_and_is_shown_nowhere() -> None:
    """Said in green that it does not stand for the wristband; the code is neither on the screen nor in the record."""
    token = next(token for token, bed in VOUCHERS.items() if bed == "12")
    async with cart() as nurse:
        await nurse.sign_in()
        await nurse.scan(token)
        await wait_for(lambda: nurse.page == "PatientScreen", "the patient of the card opens")
        await wait_for(lambda: "凭证：12 床" in nurse.text(), "it says what was shown")

        assert token not in nurse.text()
        assert token not in repr(sample_of(nurse).recorded)
        assert stay_in("12") not in nurse.app.desk.wristbands


@pytest.mark.parametrize(("alive", "words", "reason"), [(True, "无法识别", "unknown"), (False, "服务器", "offline")])
async def test_a_card_that_opens_nobody_says_why(alive: bool, words: str, reason: str) -> None:
    """Not known, or no server to ask; the trace holds the reason and nothing of the code."""
    async with cart() as nurse:
        await nurse.sign_in()
        sample_of(nurse).server_alive = alive
        await nurse.scan("7" * 28)
        await wait_for(lambda: nurse.page == "ScanRefused", "it is refused")

        assert words in nurse.text()
        assert "7777" not in nurse.text()
        assert refusals(sample_of(nurse)) == [("card", f"card-{reason}", None)]
