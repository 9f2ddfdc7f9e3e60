"""Recordings become strips: the leads that we know, in microvolts, with their gaps."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cases import case
from wardlink.clinical.ecg.strip import MISSING
from wardlink.errors import ImportRejected, NotFound
from workbench.ecg.reading import read_strip

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)


def written(folder: Path, **decided: Any) -> Path:
    """A record of two seconds: lead II in mV with a gap, a lead of the same name again, and a pressure."""
    import numpy as np
    import wfdb

    ii = [math.sin(n / 10) for n in range(200)]
    ii[20:30] = [math.nan] * 10
    facts: dict[str, Any] = {
        "fs": 100,
        "units": ["mV", "mV", "mmHg"],
        "sig_name": ["ECG II", "MDC_ECG_LEAD_II", "ABP"],
        "p_signal": np.array([ii, [1.0] * 200, [80.0 + n % 3 for n in range(200)]]).T,
        "fmt": ["16", "16", "16"],
    } | decided
    wfdb.wrsamp("rec", write_dir=str(folder), **facts)
    return folder / "rec.hea"


def test_leads_are_known_and_other_signals_said(tmp_path: Path) -> None:
    """Within a unit of what was recorded; a gap is one; the second lead of a name is left out."""
    read = read_strip(written(tmp_path), 0, 10, AT)

    assert read.ignored == ("MDC_ECG_LEAD_II", "ABP")
    assert list(read.strip.leads) == ["II"]
    assert (read.strip.seconds, read.strip.start_at) == (2, AT)
    assert [(gap.first, gap.end) for gap in read.strip.gaps("II")] == [(20, 30)]
    for sample in (0, 19, 30, 199):
        found = read.strip.uv("II", sample)
        assert found is not None
        assert found == pytest.approx(1000 * math.sin(sample / 10), abs=2 * read.strip.uv_per_unit)


@pytest.mark.parametrize(("unit", "uv"), [("mV", 1000.0), ("uV", 1.0), ("V", 1_000_000.0)])
def test_units_are_microvolts(tmp_path: Path, unit: str, uv: float) -> None:
    """Whatever the record counts in."""
    path = written(tmp_path, units=[unit, unit, "mmHg"])

    assert read_strip(path, 0, 10, AT).strip.uv("II", 5) == pytest.approx(uv * math.sin(0.5), rel=1e-3)


def test_a_stretch_is_read(tmp_path: Path) -> None:
    """From a second on, as long as wanted or as long as it lasts."""
    path = written(tmp_path)

    assert read_strip(path, 0.25, 0.5, AT).strip.leads["II"][5] != MISSING
    assert read_strip(path, 0.25, 0.5, AT).strip.length == 50
    assert read_strip(path, 1.5, 10, AT).strip.length == 50


def test_what_is_no_recording_is_refused_in_words(tmp_path: Path) -> None:
    """No file, another file, a broken one, one without a lead, one that is over."""
    path = written(tmp_path)
    with pytest.raises(NotFound):
        read_strip(tmp_path / "none.hea", 0, 10, AT)
    with pytest.raises(ImportRejected, match="no WFDB header"):
        read_strip(path.with_suffix(".dat"), 0, 10, AT)
    with pytest.raises(ImportRejected, match="2 seconds"):
        read_strip(path, 2, 10, AT)
    broken = tmp_path / "broken.hea"
    broken.write_text("this is no header\n")
    with pytest.raises(ImportRejected, match="cannot be read"):
        read_strip(broken, 0, 10, AT)
    with pytest.raises(ImportRejected, match="no ECG lead"):
        read_strip(written(tmp_path, sig_name=["A", "B", "ABP"]), 0, 10, AT)


@pytest.mark.cases
def test_ten_seconds_of_record_100_are_its_two_leads() -> None:
    """In units of 5 µV as they were digitized."""
    read = read_strip(case("ecg", "100.hea"), 60, 10, AT)

    assert (list(read.strip.leads), read.ignored) == (["V5", "MLII"], ())
    assert (read.strip.length, read.strip.uv_per_unit) == (3600, 5.0)
