"""Recordings are read as they are, or refused with the place of the fault."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cases import case
from wardlink.clinical.items import ITEMS
from wardlink.errors import ImportRejected, NotFound
from workbench.replay.recording import known_signals, load


def test_every_known_signal_is_a_reading() -> None:
    """The table of signals names only readings of the dictionary."""
    assert set(known_signals().values()) <= set(ITEMS)


def test_a_csv_is_read_in_order_with_gaps_as_none(tmp_path: Path) -> None:
    """An empty cell is nothing measured, a zero is a zero, and a signal that is no reading is named."""
    path = tmp_path / "a.csv"
    path.write_text("minute,HR,SpO2,Foo\n0,0.0,,1\n2,62.8,97,\n")

    found = load(path)

    assert [(s.at, s.raw) for s in found.samples] == [
        (timedelta(0), {"hr_per_min": 0.0, "spo2_pct": None}),
        (timedelta(minutes=2), {"hr_per_min": 62.8, "spo2_pct": 97.0}),
    ]
    assert found.interval == timedelta(minutes=2)
    assert found.ignored == ("Foo",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: the header must begin with the column minute"),
        (b"HR\n1\n", "line 1: the header must begin with the column minute"),
        (b"minute,Foo\n1,2\n", "none of the signals that are known here"),
        (b"minute,HR,HR\n0,1,1\n", "the signals HR and HR are the same reading"),
        (b"minute,HR\n", "holds no samples"),
        (b"minute,HR\n0,80\n1\n", "line 3: 1 columns, the header has 2"),
        (b"minute,HR\n0,80\n1,eighty\n", "line 3, column HR: 'eighty' is no number"),
        (b"minute,HR\n0,inf\n", "line 2, column HR: 'inf' is no number"),
        (b"minute,HR\n1,80\n1,81\n", "line 3: minute 1 does not follow 1"),
        (b"minute,HR\n,80\n", "line 2: minute ? does not follow -1"),
        (b"minute,HR\n0,\xff\n", "cannot be read as CSV"),
        (b'minute,HR\n0,"80\n', "cannot be read as CSV"),
    ],
)
def test_a_broken_csv_is_refused_with_the_place(tmp_path: Path, content: bytes, said: str) -> None:
    """The error names the line and the column, and nothing of the file is played."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with pytest.raises(ImportRejected) as refused:
        load(path)

    assert said in str(refused.value.args[0]).format_map(refused.value.params)


@pytest.mark.parametrize(
    ("header", "signals"),
    [
        ("nonsense", b""),
        ("r 1 0.0166666666667/125 2\nr.dat 16 10/bpm 16 0 0 0 0 HR\n", b""),
        ("r 1 0.0166666666667/125 2\ngone.dat 16 10/bpm 16 0 0 0 0 HR\n", b"\0\0\0\0"),
    ],
)
def test_a_broken_wfdb_record_is_refused(tmp_path: Path, header: str, signals: bytes) -> None:
    """A header that is none, and signals that are missing or too short."""
    (tmp_path / "r.hea").write_text(header)
    (tmp_path / "r.dat").write_bytes(signals)

    with pytest.raises(ImportRejected):
        load(tmp_path / "r.hea")


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    """No such file, and a file of another kind."""
    (tmp_path / "a.txt").write_text("hello")

    with pytest.raises(NotFound):
        load(tmp_path / "gone.csv")
    with pytest.raises(ImportRejected):
        load(tmp_path / "a.txt")


@pytest.mark.cases
def test_the_record_and_its_csv_hold_the_same() -> None:
    """Every one of the 1,936 samples is the same through WFDB and through CSV, to the last digit."""
    record = load(case("vitals", "s00001-2896-10-10-00-31n.hea"))
    table = load(case("vitals", "3975656n.csv"))

    assert len(record.samples) == 1936
    assert record.samples == table.samples
    assert (record.digest, record.interval) == (table.digest, timedelta(minutes=1))
