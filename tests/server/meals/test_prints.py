"""Tray labels: what they say and scan as, and what has changed on the trays since they were printed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from server.charts.font import find_font
from server.labels.label import SIZES
from server.labels.making import trays as labels_of
from server.labels.sheet import document
from server.meals.kitchen import Production, Tray, production
from server.meals.prints import changes, marks, newest, note_print
from tests.server.meals.table import TODAY, asks, laid, meal, ordered
from tests.server.wards import DESK, STAY_1, SmallWard
from wardlink.clinical.meals.times import Slot
from wardlink.codes.kinds import TrayLabel
from wardlink.codes.reading import read_code
from wardlink.i18n import speaking
from wardlink.messages.encounters import Transfer, UpdateEncounter

DINNER = Slot(TODAY, "dinner")


def cooked(ward: SmallWard) -> Production:
    """The dinner of the small ward as it stands."""
    with ward.db.read() as conn:
        return production(conn, "w1", DINNER)


@pytest.fixture
def tray(ward: SmallWard) -> Tray:
    """One tray that was ordered."""
    laid(ward).look(STAY_1)
    ordered(ward, "RD3")
    return cooked(ward).trays[0]


def with_meal(tray: Tray, **fields: Any) -> Tray:
    """The same tray, its meal changed."""
    return replace(tray, meal=tray.meal.model_copy(update=fields))


def test_a_tray_as_it_was_printed_has_not_changed(tray: Tray) -> None:
    """Also when it is further on its way: its label is still right."""
    later = [with_meal(tray, state=state) for state in ("placed", "locked", "cooking", "dispatched", "delivered")]

    assert [changes(marks([tray]), [one]) for one in later] == [[]] * 5


@pytest.mark.parametrize(
    "fields",
    [
        {"diets": ("low-salt",)},
        {"allergens": ("egg",)},
        {"iddsi": 5},
        {"disposable": True},
        {"items": ()},
    ],
    ids=["diet", "allergy", "texture", "ware", "dishes"],
)
def test_whatever_stands_on_a_label_makes_it_another(tray: Tray, fields: dict[str, Any]) -> None:
    """Each of them alone."""
    (change,) = changes(marks([tray]), [with_meal(tray, **fields)])

    assert change.kind == "changed"


def test_new_gone_and_moved_trays_are_told_apart(tray: Tray) -> None:
    """A tray that was never to come is no change, and one that moved says where its label sends it."""
    gone = with_meal(tray, state="cancelled")
    moved = replace(tray, bed="b9")

    assert [c.kind for c in changes({}, [tray])] == ["new"]
    assert [c.kind for c in changes(marks([tray]), [gone])] == ["gone"]
    assert changes({}, [gone]) == []
    assert [(c.kind, c.bed_before, c.tray.bed) for c in changes(marks([tray]), [moved])] == [
        ("changed", tray.bed, "b9")
    ]


def test_what_was_printed_last_is_what_counts(ward: SmallWard, tray: Tray) -> None:
    """A patient is moved, another one orders; a second print makes it quiet again."""
    now = ward.clock.now()
    with ward.db.write() as conn:
        note_print(conn, "w1", cooked(ward), labels=1, at=now, by="n1")
    ward.core.execute("encounter.transfer", Transfer(ward="w1", bed="b4"), ward="w1", actor=DESK, encounter=STAY_1)
    with ward.db.read() as conn:
        printed = newest(conn, "w1", DINNER)
        lunch = newest(conn, "w1", Slot(TODAY, "lunch"))
    assert printed is not None
    found = changes(printed.trays, cooked(ward).trays)
    ward.clock.advance(60)
    with ward.db.write() as conn:
        note_print(conn, "w1", cooked(ward), labels=1, at=ward.clock.now(), by="n2")
    with ward.db.read() as conn:
        again = newest(conn, "w1", DINNER)

    assert (printed.labels, printed.by, printed.at) == (1, "n1", now)
    assert lunch is None
    assert [(c.kind, c.bed_before, c.tray.bed) for c in found] == [("changed", "b1", "b4")]
    assert again is not None
    assert again.by == "n2"
    assert changes(again.trays, cooked(ward).trays) == []


def test_a_trays_label_masks_the_name_reddens_the_care_and_scans_as_its_meal(ward: SmallWard) -> None:
    """Bed, masked name, diet, allergens, ware, dishes, when and where; never the admission number."""
    known = UpdateEncounter(diet="low-salt", allergies=("鸡蛋",))
    ward.core.execute("encounter.update", known, ward="w1", actor=DESK, encounter=STAY_1)
    laid(ward).look(STAY_1)
    name = ordered(ward, "LD1")
    with speaking("zh_CN"):
        (label,) = labels_of(cooked(ward).trays, DINNER, "一病区")
        (page,) = pypdfium2.PdfDocument(document([label], find_font(), is_sample=False))
        text = page.get_textpage().get_text_range()
    (code,) = zxingcpp.read_barcodes(page.render(scale=203 / 72).to_pil())

    assert read_code(code.text) == TrayLabel(name)
    assert label.size == SIZES["trays"]
    assert [line.text for line in label.lines if line.is_red] == ["过敏：蛋"]
    for word in ("b1 床", "病*1", "低盐", "晚餐", "17:30", "一病区", meal(ward, name).items[0].zh):
        assert word in text
    assert "ZY0001" not in text


def test_who_cancels_is_out_of_the_counts_and_stays_on_the_list(ward: SmallWard, tray: Tray) -> None:
    """So that a tray that was begun is taken out of the line."""
    before = cooked(ward)
    ward.answer(asks(ward.terminal, "meal.cancel", meal=tray.meal.id, reason="x"))
    after = cooked(ward)

    assert [(count.item.code, count.portions) for count in before.counts] == [("RD3", 1)]
    assert after.counts == ()
    assert [tray.cooked for tray in after.trays] == [False]
