"""The tables of the scales: ranges, levels and items are whole."""

from __future__ import annotations

from itertools import product

import pytest

from wardlink.clinical.alert_rules import CODES
from wardlink.clinical.assessments.scales import SCALE_CODES, TOTAL, Scale, read_scale, scales
from wardlink.clinical.nursing import dependency
from wardlink.clinical.tables import TABLES, load

CUTS = [(code, cut) for code in SCALE_CODES for cut, row in load(f"assessment_{code}")["cuts"].items()]

RANGES = {
    "morse": {TOTAL: (0, 125)},
    "braden": {TOTAL: (6, 23)},
    "barthel": {TOTAL: (0, 100)},
    "caprini": {TOTAL: (0, 77)},
    "padua": {TOTAL: (0, 20)},
    "nrs2002": {TOTAL: (0, 7)},
    "psych": {"dt": (0, 10), "phq9": (0, 27), "gad7": (0, 21)},
    "swallow": {TOTAL: (1, 5)},
    "frail": {TOTAL: (0, 5)},
    "flacc": {TOTAL: (0, 10)},
    "gcs": {TOTAL: (3, 15)},
    "rass": {TOTAL: (-5, 4)},
    "camicu": {TOTAL: (0, 4)},
    "tubes": {TOTAL: (0, 35)},
}


def reachable(scale: Scale, part: str) -> set[int]:
    """Every sum that the items of a part can give."""
    sums = {0}
    for item in scale.items:
        if item.part == part:
            counted = {option.points for option in item.options if option.points is not None}
            counted |= {0} if item.opened_by else set()
            sums = {a + b for a, b in product(sums, counted)}
    return sums


def test_every_scale_has_its_table_and_every_table_its_scale() -> None:
    """No data file without a place in the list."""
    assert {f"assessment_{code}" for code in SCALE_CODES} == {name for name in TABLES if name.startswith("assessment_")}
    assert list(scales()) == list(SCALE_CODES)


@pytest.mark.parametrize("code", SCALE_CODES)
def test_the_totals_reach_from_end_to_end(code: str) -> None:
    """The least and the most points are those of the published scale; Braden cannot reach 24."""
    scale = scales()[code]

    assert {part: (min(sums), max(sums)) for part in scale.summed if (sums := reachable(scale, part))} == RANGES[code]


@pytest.mark.parametrize(("code", "cut"), CUTS)
def test_levels_cover_every_total_exactly_once(code: str, cut: str) -> None:
    """Between two levels there is neither a gap nor a doubt, and none of them lies outside the scale."""
    scale = read_scale(code, cut)

    for part in scale.summed:
        low, high = RANGES[code][part]
        for total in range(low, high + 1):
            holding = [band.code for band in scale.bands if part in band.ranges and _within(band.ranges[part], total)]
            assert len(holding) == 1, (part, total, holding)
        assert scale.band_of(part, low - 1) is None
        assert scale.band_of(part, high + 1) is None


def _within(bounds: tuple[int, int], total: int) -> bool:
    return bounds[0] <= total <= bounds[1]


@pytest.mark.parametrize(("code", "cut"), [(code, cut) for code, cut in CUTS if code != "rass"])
def test_levels_go_one_way(code: str, cut: str) -> None:
    """From level to level the need grows with the points, or with Braden, Barthel and GCS falls with them."""
    scale = read_scale(code, cut)
    falls = code in ("braden", "barthel", "gcs")

    for part in scale.summed:
        low, high = RANGES[code][part]
        ranks = [band.rank for total in range(low, high + 1) if (band := scale.band_of(part, total)) is not None]
        assert ranks == sorted(ranks, reverse=falls)


@pytest.mark.parametrize("way", [1, -1])
def test_sedation_and_agitation_worsen_away_from_calm(way: int) -> None:
    """RASS has its best in the middle: each step to either side is a level no better than the one before."""
    rass = scales()["rass"]
    steps = [way * step for step in range(6)]
    ranks = [band.rank for step in steps if (band := rass.band_of(TOTAL, step)) is not None]

    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    assert len(ranks) == (5 if way > 0 else 6)


@pytest.mark.parametrize(("code", "cut"), CUTS)
def test_more_need_is_looked_at_no_less_often(code: str, cut: str) -> None:
    """A worse level never waits longer for its re-assessment, and never shows a calmer colour."""
    bands = read_scale(code, cut).bands
    intervals = [band.reassess for band in bands if band.reassess is not None]
    tones = [("calm", "warn", "alarm").index(band.tone) for band in bands]

    assert intervals == sorted(intervals, reverse=True)
    assert tones == sorted(tones)


@pytest.mark.parametrize("code", SCALE_CODES)
def test_what_an_item_names_is_there(code: str) -> None:
    """Answers that open an item, levels that are set at once, and an option for each age."""
    scale = scales()[code]

    for item in scale.items:
        assert len({option.code for option in item.options}) == len(item.options)
        for other, answer in item.opened_by:
            opener = scale.item(other)
            assert opener is not None
            assert opener.option(answer) is not None
            assert scale.items.index(opener) < scale.items.index(item)
        assert item.sets is None or scale.band(item.sets) is not None
        assert len(item.age_up_to) in (0, len(item.options))
    assert {band.alert for band in scale.bands} <= {None, *CODES}
    assert scale.untotalled is None or scale.band(scale.untotalled) is not None
    assert scale.instead_of is None or scales()[scale.instead_of].instead_of == code


@pytest.mark.parametrize("total", range(0, 101, 5))
def test_barthel_and_the_levels_of_care_agree(total: int) -> None:
    """One bound, two tables: the dependency of the nursing levels is the level of the scale."""
    band = scales()["barthel"].band_of(TOTAL, total)

    assert band is not None
    assert band.code == dependency(total)


@pytest.mark.parametrize(
    ("cut", "total", "band"),
    [("over-45", 45, "moderate"), ("over-45", 46, "high"), ("from-45", 44, "moderate"), ("from-45", 45, "high")],
)
def test_the_hospital_chooses_what_exactly_45_is(cut: str, total: int, band: str) -> None:
    """Many wards call 45 high; the table in use decides, and its name is kept with the assessment."""
    scale = read_scale("morse", cut)
    found = scale.band_of(TOTAL, total)

    assert found is not None
    assert found.code == band
    assert scale.cut == cut


@pytest.mark.parametrize(
    ("cut", "total", "band"),
    [
        ("0-2-3-5", 2, "moderate"),
        ("0-3-5", 2, "low"),
        ("0-3-5", 3, "moderate"),
        ("0-2-3-5", 3, "high"),
        ("0-2-3-5", 5, "highest"),
        ("0-3-5", 5, "high"),
    ],
)
def test_caprini_has_two_groupings(cut: str, total: int, band: str) -> None:
    """The form's own and the one that is usual in Chinese guidance."""
    found = read_scale("caprini", cut).band_of(TOTAL, total)

    assert found is not None
    assert found.code == band
