"""Labels as a scanner sees them: every page is rendered, every code on it decoded back to what it was made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from server.charts.font import find_font
from server.identity.staff import StaffEntry
from server.labels import making
from server.labels.label import SIZES, Label, Line
from server.labels.sheet import document
from server.wards.service import wards
from tests.server.orders.ward import active, doses
from tests.server.wards import DESK, STAY_1, SmallWard
from wardlink.clinical.drugs import sample_drugs
from wardlink.codes.kinds import Badge, BedTag, DrugPack, Wristband
from wardlink.codes.reading import read_code
from wardlink.i18n import speaking
from wardlink.messages.encounters import UpdateEncounter
from wardlink.record.bags import label_of

LABEL_DPI, CARD_DPI = 203, 300
"""What printers of labels, and of cards, print with."""

INFUSION = {
    "category": "infusion",
    "items": [{"drug": "kcl-10pct", "dose": 10, "unit": "mL"}, {"drug": "nacl-0.9-250", "dose": 250, "unit": "mL"}],
    "route": "ivgtt",
    "frequency": "q12h",
    "volume_ml": 250,
    "rate_ml_per_h": 125,
}
DAY = timedelta(hours=48)
LONG = "(01)06900000000014" + "".join(f"(9{n})" + "X" * 60 for n in range(1, 9))


def printed(labels: list[Label], *, is_sample: bool = False) -> list[tuple[tuple[float, float], str, list[Any]]]:
    """Of each page its size in millimetres, its text, and what a scanner reads on it."""
    pdf = pypdfium2.PdfDocument(document(labels, find_font(), is_sample=is_sample))
    found = []
    for page in pdf:
        width, height = (round(points / 72 * 25.4, 1) for points in page.get_size())
        dpi = CARD_DPI if width == SIZES["badges"].width_mm else LABEL_DPI
        picture = page.render(scale=dpi / 72).to_pil()
        codes = [read_code(code.text) for code in zxingcpp.read_barcodes(picture)]
        found.append(((width, height), page.get_textpage().get_text_range(), codes))
    return found


def entry(ward: SmallWard) -> Any:
    """The ward with its beds."""
    with ward.db.read() as conn:
        return next(found for found in wards(conn) if found.id == "w1")


def test_a_wristband_names_the_stay_and_not_the_bed(ward: SmallWard) -> None:
    """With what tells two people apart, and the allergies; whoever is moved keeps it."""
    known = UpdateEncounter(allergies=("青霉素",))
    ward.core.execute("encounter.update", known, ward="w1", actor=DESK, encounter=STAY_1)
    with ward.db.read() as conn, speaking("zh_CN"):
        made = making.wristbands(conn, entry(ward), ward.clock.now())

        (size, text, codes), *others = printed(made)

    assert size == (SIZES["wristbands"].width_mm, SIZES["wristbands"].height_mm)
    assert codes == [Wristband(STAY_1)]
    assert [word in text for word in ("病人1", "ZY0001", "1950-01-01", "青霉素", "b1")] == [True] * 4 + [False]
    assert len(others) == 1


def test_a_bed_card_masks_who_lies_there(ward: SmallWard) -> None:
    """Neither the whole name nor what somebody is allergic to is for those who pass by."""
    known = UpdateEncounter(allergies=("青霉素",))
    ward.core.execute("encounter.update", known, ward="w1", actor=DESK, encounter=STAY_1)
    with ward.db.read() as conn, speaking("zh_CN"):
        pages = printed(making.beds(conn, entry(ward)))

    assert [codes for _, _, codes in pages] == [[BedTag("w1", f"b{n}")] for n in range(1, 5)]
    assert "病*1" in pages[0][1]
    assert "病人1" not in pages[0][1]
    assert "青霉素" not in pages[0][1]
    assert "过敏" in pages[0][1]


def test_a_bags_label_says_all_that_is_matched_and_scans_as_its_dose(ward: SmallWard) -> None:
    """Whose, what, how much, how, when, until when; a high-alert drug says so first."""
    dose = doses(ward, active(ward, **INFUSION))[0]
    with ward.db.read() as conn, speaking("zh_CN"):
        made = making.bags(conn, entry(ward), ward.clock.now(), within=DAY, use_within=timedelta(hours=6))
        (_size, text, codes), *_others = printed(made)

    now = ward.clock.now()
    assert codes == [label_of(dose, use_by=now + timedelta(hours=6))]
    for word in ("病人1", "ZY0001", "10% 氯化钾注射液", "10 mL", "静脉滴注", "125 mL/h", "高警示"):
        assert word in text
    assert made[0].is_alert


def test_only_what_drips_and_is_due_soon_gets_a_bag(ward: SmallWard) -> None:
    """A tablet has its pack, and tomorrow's bag is made tomorrow."""
    active(ward)
    first, *_later = doses(ward, active(ward, **INFUSION))
    assert first.due_at is not None
    soon = first.due_at - ward.clock.now() + timedelta(seconds=1)
    with ward.db.read() as conn:
        found = making.bags(conn, entry(ward), ward.clock.now(), within=soon)

    assert [label.code for label in found] == [label_of(first).text()]


def test_a_drugs_label_scans_as_its_pack() -> None:
    """In a GS1 DataMatrix, also inside the red frame of a high-alert drug."""
    listed = list(sample_drugs().values())

    pages = printed(making.drugs(listed), is_sample=True)

    assert [codes for _, _, codes in pages] == [[DrugPack(drug.gtins[0])] for drug in listed]
    assert all(drug.name_zh in text for drug, (_, text, _) in zip(listed, pages, strict=True))


def test_any_badge_scans_whatever_the_name_is() -> None:
    """A long name is made smaller, never wider than the card; some badges of each length."""
    made = [f"{'9A0-ZB7' * 2}"[start : start + length] for length in (1, 2, 5, 8, 12) for start in range(2)]
    made.append("X" * 40)
    names = ["李静", "阿卜杜热合曼" * 12, "W" * 60, "👩\u200d⚕️"]

    pages = printed(
        making.badges([StaffEntry("n", names[n % 4], "nurse", badge, (), True) for n, badge in enumerate(made)])
    )

    assert [codes for _, _, codes in pages] == [[Badge(badge)] for badge in made]
    assert {size for size, _, _ in pages} == {(85.6, 54.0)}


def test_what_is_invented_says_so_on_every_label() -> None:
    """And nothing else does."""
    label = Label("bags", Badge("N1").text(), (Line("x"),))

    assert "SAMPLE" in printed([label], is_sample=True)[0][1]
    assert "SAMPLE" not in printed([label])[0][1]


def test_a_code_that_no_scanner_would_read_is_not_printed() -> None:
    """Finer than two dots of a label printer."""
    with pytest.raises(ValueError, match="too fine"):
        printed(
            [Label("drugs", "(01)06900000000014" + "".join(f"(9{n})" + "X" * 60 for n in range(1, 9)), (Line("x"),))]
        )
