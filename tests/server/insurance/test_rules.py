"""Rule files: read as written, and refused with the line where they are wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from server.insurance.book import OUR_OWN, NoRules, RuleBook, read_book
from server.insurance.reading import RuleFile, RulesRejected, read, read_file
from server.insurance.ruleset import insutypes
from wardlink.i18n import LANGUAGES, speaking

OURS = (OUR_OWN / "chengdu-2023.yaml").read_text(encoding="utf-8")


def edited(old: str, new: str) -> str:
    """Our rule file with one place changed."""
    assert OURS.count(old) >= 1, old
    return OURS.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    """The line in which `part` stands first."""
    return text[: text.index(part)].count("\n") + 1


FAULTS: list[tuple[str, str, str, str]] = [
    # what is replaced, by what, where the fault is, what is said
    ("trust: V2\n\nschemes", "trust: V2\nluck: 1\n\nschemes", "luck: 1", "there is no entry called luck"),
    ("account: true", "acount: true", "acount", "there is no entry called schemes.employee.acount"),
    ("    account: true\n", "", "employee:", "schemes.employee.account is missing"),
    ('area: "510100"', "area: 51", "area:", "area cannot be 51"),
    ("ratio_bp: 9500}\n        first", "ratio_bp: 95.0}\n        first", "community: {", "cannot be 95.0"),
    ("deductible_fen: 16_000", "deductible_fen: -1", "community: {", "cannot be -1"),
    ("ratio_bp: 9200", "ratio_bp: 10001", "first: {ded", "cannot be 10001"),
    ("deductible_fen: 80_000", "deductible_fen: '80000'", "third: {ded", "cannot be '80000'"),
    ("in_use: true", "in_use: maybe", "in_use: maybe", "cannot be 'maybe'"),
    ("effective_from: 2023-01-01", "effective_from: 2023-02-30", "effective_from", "effective_from cannot be"),
    ("effective_until: 2026-12-31", "effective_until: 2022-12-31", "effective_until", "lies before the first"),
    ("below_age: 60, add", "below_age: 59, add", "{from_age: 60", "nothing holds from 59 to 60"),
    ("below_age: 60, add", "below_age: 61, add", "{from_age: 60", "two rows hold from 60 to 61"),
    ("below_age: 60, add", "below_age: 50, add", "{from_age: 50", "ends where it begins"),
    ("in_use: false", "in_use: true", "in_use: true\n        statuses: [in-service", "only one table of bonuses"),
    ("statuses: [retired]\n", "statuses: [resident]\n", "statuses: [resident]\n        rows", "no status resident"),
    ("from_fen: 5_000_000", "from_fen: 6_000_000", "from_fen: 6_000_000", "nothing holds from 5000000 to 6000000"),
    ("from_fen: 5_000_000", "from_fen: 4_000_000", "from_fen: 4_000_000", "two rows hold from 4000000 to 5000000"),
    ("{from_fen: 0,", "{from_fen: 1,", "{from_fen: 1,", "must begin at 0"),
    (
        "from_fen: 10_000_000, ratio",
        "from_fen: 10_000_000, below_fen: 20_000_000, ratio",
        "below_fen: 20",
        "only the last",
    ),
    ("in-service:\n", "resident:\n", "resident:\n          ded", "no status resident"),
    ('insutype: "390"', 'insutype: "310"', 'insutype: "310"\n    account: false', "the same insutype"),
    ("    emergency: {less_bp: 1000}\n", "", "kinds:", "filings.kinds.emergency is missing"),
    ("id: chengdu-2023\n", "id: chengdu-2023\nid: again\n", "id: again", "stands here a second time"),
    ("schemes:", "more: &x 1\nrest: *x\nschemes:", "more:", "references are not read"),
    ("schemes:", "sch: [", "", "not YAML"),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "said"), FAULTS, ids=[f"{no}-{fault[3]}" for no, fault in enumerate(FAULTS)]
)
def test_a_fault_is_refused_with_its_line(old: str, new: str, place: str, said: str) -> None:
    """Unknown, missing, of the wrong kind, gaps, overlaps, twice: each names the line and what is wrong there."""
    text = edited(old, new)

    with pytest.raises(RulesRejected) as refused:
        read("mine.yaml", text)

    assert said in str(refused.value)
    assert "mine.yaml" in str(refused.value)
    if place:
        assert refused.value.params["line"] == line_of(text, place)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_said_in_both_languages(language: str) -> None:
    """With file and line."""
    with pytest.raises(RulesRejected) as refused:
        read("mine.yaml", edited("account: true", "acount: true"))

    with speaking(language):
        said = refused.value.text()
    assert "mine.yaml" in said
    assert ("没有" in said) == (language == "zh_CN")


@pytest.mark.parametrize(
    "text", ["", "- 1\n", "just words", "a: b: c", "\x00", "{}", "? [a]\n: b\n", "!!python/name:os.x 1"]
)
def test_what_is_no_rule_set_is_refused(text: str) -> None:
    """Never a traceback of the library."""
    with pytest.raises(RulesRejected):
        read("mine.yaml", text)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Not there, not text, far too large."""
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    (tmp_path / "large.yaml").write_text("#" * 300_000)

    for name in ("none.yaml", "bytes.yaml", "large.yaml"):
        with pytest.raises(RulesRejected):
            read_file(tmp_path / name)
    with pytest.raises(RulesRejected):
        read_book(tmp_path / "nothing")


def dated(id: str, start: str, until: str | None, area: str = "510100") -> RuleFile:
    """Our rules under another name and for other days."""
    text = OURS.replace("id: chengdu-2023", f"id: {id}").replace("2023-01-01", start).replace("510100", area)
    text = text.replace("effective_until: 2026-12-31\n", f"effective_until: {until}\n" if until else "")
    return read(f"{id}.yaml", text)


def test_the_rules_of_the_day_are_found() -> None:
    """On the first and the last day of each set, and in each area."""
    book = RuleBook(
        [
            dated("new", "2025-01-01", None),
            dated("old", "2023-01-01", "2024-12-31"),
            dated("far", "2024-01-01", None, "440100"),
        ]
    )
    on: Callable[..., str] = lambda area, *day: book.on(area, date(*day)).id  # noqa: E731

    assert [on("510100", 2023, 1, 1), on("510100", 2024, 12, 31), on("510100", 2025, 1, 1)] == ["old", "old", "new"]
    assert on("440100", 2030, 1, 1) == "far"


@pytest.mark.parametrize(
    ("area", "day"), [("510100", (2022, 12, 31)), ("510100", (2027, 1, 1)), ("110000", (2026, 1, 1))]
)
def test_where_no_rules_hold_it_is_said(area: str, day: tuple[int, int, int]) -> None:
    """The day before the first, the day after the last, and an area that nobody wrote rules for."""
    with pytest.raises(NoRules):
        read_book().on(area, date(*day))


@pytest.mark.parametrize(
    ("until", "start", "said"),
    [
        ("2024-12-31", "2024-12-31", "holds on this day too"),
        (None, "2025-01-01", "holds on this day too"),
        ("2024-12-30", "2025-01-01", "nothing holds between 2024-12-30"),
    ],
)
def test_sets_that_overlap_or_leave_a_gap_are_refused(until: str | None, start: str, said: str) -> None:
    """With the line of the later one's first day."""
    later = dated("new", start, None)

    with pytest.raises(RulesRejected) as refused:
        RuleBook([later, dated("old", "2023-01-01", until)])
    assert said in str(refused.value)
    assert refused.value.params["line"] == later.line(("effective_from",))


def test_two_sets_of_one_name_are_refused() -> None:
    """An estimate names its rule set: the name must mean one."""
    with pytest.raises(RulesRejected):
        RuleBook([dated("same", "2023-01-01", None), dated("same", "2023-01-01", None, "440100")])


def test_the_schemes_are_known_by_the_platforms_codes() -> None:
    """310 and 390."""
    assert insutypes(read_book().on("510100", date(2026, 1, 1))) == {"310": "employee", "390": "resident"}
