"""A file of admissions: all of its lines or none, with a reason for every line that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.main import app
from server.patients.import_table import MOST_BYTES, read_table
from server.patients.imports import Imported, LinesRejected, import_admissions
from server.patients.service import residents
from tests.server.desk import Desk
from tests.server.wards import DESK, SmallWard
from wardlink.errors import ImportRejected
from wardlink.i18n import speaking

CHINESE = """住院号,病案号,姓名,性别,出生日期,病区,床号,护理级别,过敏史,入院时间
ZY9,M9,欧阳娜娜,女,1950年3月8日,w1,B3,一级护理,青霉素、花生,2026-11-25 09:30
ZY10,M10,王小明,男,19610702,w1,b4,二级,无,
"""
ENGLISH = """Admission No;MRN;Patient Name;Sex;Date of Birth;Ward;Bed;Level;Allergies;Admitted at;Colour
ZY9;M9;Ouyang Nana;female;1950-03-08;w1;b3;level1;penicillin, peanut;2026-11-25T01:30:00Z;red

ZY10;M10;Wang Xiaoming;M;1961/7/2;w1;b4;2;none;;
"""


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "gb18030"),
        (CHINESE.replace("\n", "\r\n"), "gbk"),
        (CHINESE.replace(",", "\t"), "utf-8"),
        (ENGLISH, "ascii"),
    ],
)
def test_everybody_in_the_file_is_admitted(ward: SmallWard, text: str, encoding: str) -> None:
    """Names of columns, separators and spellings as hospitals have them."""
    done = import_admissions(ward.core, text.encode(encoding), actor=DESK)

    assert done == Imported(admitted=2, already=0, dry_run=False)
    with ward.db.read() as conn:
        new = [stay for stay in residents(conn, "w1") if stay.bed in ("b3", "b4")]
    assert [(stay.bed, stay.sex, stay.birth_on.isoformat(), stay.level, len(stay.allergies)) for stay in new] == [
        ("b3", "female", "1950-03-08", "level1", 2),
        ("b4", "male", "1961-07-02", "level2", 0),
    ]
    assert new[0].admitted_at.isoformat() == "2026-11-25T01:30:00+00:00"


def test_the_same_file_again_changes_nothing(ward: SmallWard) -> None:
    """Not even after one of them was moved."""
    data = CHINESE.encode()
    import_admissions(ward.core, data, actor=DESK)
    changes = len(ward.changes("encounter.changed"))

    assert import_admissions(ward.core, data, actor=DESK) == Imported(admitted=0, already=2, dry_run=False)
    assert len(ward.changes("encounter.changed")) == changes


def test_a_dry_run_changes_nothing(ward: SmallWard) -> None:
    """And says what would be done."""
    done = import_admissions(ward.core, CHINESE.encode(), actor=DESK, dry_run=True)

    assert done == Imported(admitted=2, already=0, dry_run=True)
    assert len(ward.changes("encounter.changed")) == 2
    assert import_admissions(ward.core, CHINESE.encode(), actor=DESK).admitted == 2


# A line, the column that is at fault, and a word of the reason.
FAULTY = [
    ("ZY20,M20,甲,女,1950-02-30,w1,b3,,,", "birth_on", "no date"),
    ("ZY20,M20,甲,女,50-1-1,w1,b3,,,", "birth_on", "no date"),
    ("ZY20,M20,甲,雌,1950-01-01,w1,b3,,,", "sex", "none of"),
    ("ZY20,M20,甲,女,1950-01-01,w1,b3,五级,,", "level", "none of"),
    ("ZY20,M20,甲,女,1950-01-01,w1,b3,,,明天", "admitted_at", "no time"),
    (",M20,甲,女,1950-01-01,w1,b3,,,", "admission_no", "empty"),
    ("ZY20,M20,,女,1950-01-01,w1,b3,,,", "name", "empty"),
    ("ZY20,M20,甲,女,1950-01-01,w1,,,,", "bed", "no bed"),
    ("ZY20,M20,甲,女,1950-01-01,,b3,,,", "ward", "Which ward"),
    ("ZY 20!,M20,甲,女,1950-01-01,w1,b3,,,", "admission_no", "cannot be right"),
    ("ZY20,M20," + "甲" * 61 + ",女,1950-01-01,w1,b3,,,", "name", "too long"),
    ("ZY20,M20,\u202e甲,女,1950-01-01,w1,b3,,,", "name", "cannot be shown"),
    ("ZY20,M20,甲,女,1950-01-01,w1,b9,,,", None, "no bed"),
    ("ZY20,M20,甲,女,1950-01-01,w9,b3,,,", None, "no bed"),
    ("ZY20,M20,甲,女,1950-01-01,w1,b1,,,", "bed", "taken"),
    ("ZY20,M0001,甲,女,1950-01-01,w1,b3,,,", "mrn", "somebody else"),
    ("ZY0001,M20,甲,女,1950-01-01,w1,b3,,,", "admission_no", "already a stay"),
    ("ZY20,M0001,病人1,女,1950-01-01,w1,b3,,,", None, "still lies"),
    ("ZY20,M20,甲,女,1950-01-01,w1,b3,,,2026-12-25 08:00", None, "future"),
    ("ZY9,M20,甲,女,1950-01-01,w1,b3,,,", "admission_no", "line 2"),
    ("ZY20,M20,甲,女,1950-01-01,w1,b3,,,", "bed", "taken"),
]


def test_every_faulty_line_is_named_and_none_is_taken_over(ward: SmallWard) -> None:
    """Good lines around them are not taken over either; the reasons come in the order of the file."""
    header, good, other = CHINESE.splitlines()
    faulty = [line.replace("ZY20,", f"ZY{number},") for number, (line, _, _) in enumerate(FAULTY, start=100)]
    lines = [header, good, *faulty, other]

    with pytest.raises(LinesRejected) as rejected, speaking("en"):
        import_admissions(ward.core, "\n".join(lines).encode(), actor=DESK)

    with speaking("en"):
        found = [(fault.line, fault.column, fault.why.text()) for fault in rejected.value.faults]
    assert [(line, column) for line, column, _ in found] == [
        (number, column) for number, (_, column, _) in enumerate(FAULTY, start=3)
    ]
    assert [word for (_, _, word), (_, _, said) in zip(FAULTY, found, strict=True) if word not in said] == []
    assert len(ward.changes("encounter.changed")) == 2


def test_the_reasons_are_said_in_the_language_of_the_reader(ward: SmallWard) -> None:
    """The error keeps what is wrong, not the words."""
    text = CHINESE + "ZY20,M20,甲,雌,1950-01-01,w1,b3,,,"
    with pytest.raises(LinesRejected) as rejected:
        import_admissions(ward.core, text.encode(), actor=DESK)

    with speaking("en"):
        english = rejected.value.text()
    with speaking("zh_CN"):
        chinese = rejected.value.text()
    assert english.startswith("Nothing was imported. Line 4, 性别:")
    assert "第 4 行" in chinese


# What is no file of admissions, and a word of why.
NO_FILE = {
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n ", "empty"),
    "another table": ("姓名,电话\n甲,1\n".encode(), "missing"),
    "a column twice": ("住院号,住院号,病案号,姓名,性别,出生日期,床号\n".encode(), "twice"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\xff", "no text"),
    "UTF-16": (CHINESE.encode("utf-16"), "no text"),
    "too large": (b"x" * (MOST_BYTES + 1), "larger than 5 MB"),
    "an endless line": (b"a,b\n" + b'"' + b"x" * 200_000, "missing"),
}


@pytest.mark.parametrize("name", NO_FILE)
def test_what_is_no_file_of_admissions_is_told(name: str) -> None:
    """In words, before anything is read from the database."""
    data, word = NO_FILE[name]

    with speaking("en"), pytest.raises(ImportRejected) as rejected:
        read_table(data)

    with speaking("en"):
        assert word in rejected.value.text()


def test_lines_keep_their_numbers_after_a_cell_with_line_breaks() -> None:
    """The number is that of the file, as an editor shows it."""
    text = CHINESE.replace("青霉素、花生", '"青霉素\n花生"')

    assert [line.number for line in read_table(text.encode())] == [2, 4]


def test_import_over_http(desk: Desk) -> None:
    """A dry run, then the file, then a file with a faulty line; audited."""
    headers = {"Content-Type": "text/csv"}
    dry = desk.send("h1", "POST", "/encounters/import?dry_run=true", content=CHINESE.encode("gb18030"), headers=headers)
    done = desk.send("h1", "POST", "/encounters/import", content=CHINESE.encode("gb18030"), headers=headers)
    bad = CHINESE + "ZY20,M20,甲,雌,1950-01-01,w1,b3,,,"
    refused = desk.send("h1", "POST", "/encounters/import", content=bad.encode(), headers=headers)

    assert (dry.json(), done.json()) == (
        {"admitted": 2, "already": 0, "dry_run": True},
        {"admitted": 2, "already": 0, "dry_run": False},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "import-rejected")
    assert [(fault["line"], fault["column"]) for fault in refused.json()["faults"]] == [(4, "sex")]
    assert [line[1:3] for line in desk.audited()] == [
        ("import", "2 admitted, 0 there already, dry run"),
        ("import", "2 admitted, 0 there already"),
    ]


def test_a_head_nurse_imports_into_her_own_ward_only(desk: Desk) -> None:
    """Every line of another ward is at fault."""
    answer = desk.send("x1", "POST", "/encounters/import", content=CHINESE.encode())

    assert answer.status_code == 422
    assert [fault["line"] for fault in answer.json()["faults"]] == [2, 3]


def test_import_by_command(ward: SmallWard, tmp_path: Path) -> None:
    """On the server's database, with a dry run and a sentence for a faulty line."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(CHINESE, "utf-8")
    bad.write_text(CHINESE + "ZY20,M20,甲,雌,1950-01-01,w1,b3,,,", "utf-8")

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["--lang", "en", "server", "import", *words, "--database", ward.db.url])
        return done.exit_code, done.output

    assert "2 would be admitted" in run(str(good), "--dry-run")[1]
    assert run(str(good)) == (0, "2 admitted, 0 were there already.\n")
    assert run(str(good)) == (0, "0 admitted, 2 were there already.\n")
    assert run(str(bad))[0] != 0
