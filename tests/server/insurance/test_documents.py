"""All rule sets in one text: as versions of the hospital's files are written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from server.house.keeping import add
from server.house.kinds import INSURANCE
from server.insurance.documents import joined, read_documents
from server.insurance.service import Insurance
from server.insurance.settings import InsuranceSettings
from tests.server.wards import SmallWard
from wardlink.errors import FileWrong

OURS = joined()
NEXT = OURS.replace("id: chengdu-2023", "id: chengdu-2027").replace("2023-01-01", "2027-01-01")
NEXT = NEXT.replace("effective_until: 2026-12-31\n", "")
BOTH = f"{OURS}---\n{NEXT}"


def test_several_sets_in_one_text() -> None:
    """Each holds on its days."""
    book = read_documents(BOTH)

    assert [book.on("510100", date(*day)).id for day in ((2026, 12, 31), (2027, 1, 1))] == [
        "chengdu-2023",
        "chengdu-2027",
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (BOTH.replace("ratio_bp: 9500", "ratio_bp: 95000"), ("ratio_bp: 95000",) * 4),
        (BOTH.replace("id: chengdu-2027", "id: chengdu-2023"), ("id: chengdu-2023",)),
        (f"{OURS}---\n{NEXT.replace('2027-01-01', '2027-01-02')}", ("effective_from: 2027-01-02",)),
        (f"{OURS}---\nid: [\n", ("",)),
    ],
)
def test_every_fault_is_named_with_its_line_in_the_whole_text(text: str, rows: tuple[str, ...]) -> None:
    """In whichever set it is."""
    with pytest.raises(FileWrong) as refused:
        read_documents(text)

    lines = text.splitlines()
    found = refused.value.faults
    assert len(found) == len(rows)
    assert all(row in lines[min(fault.line, len(lines)) - 1] for fault, row in zip(found, rows, strict=True))


def test_a_new_version_holds_at_its_time_without_a_new_start(ward: SmallWard) -> None:
    """And the one before it until then."""
    insurance = Insurance(ward.core, InsuranceSettings(), None)
    now = ward.clock.now()
    with ward.db.write() as conn:
        values: dict[str, Any] = {"by": "staff:m", "at": now, "note": "", "saw": "0.0"}
        add(conn, INSURANCE.name, BOTH, effective_at=now + timedelta(hours=1), **values)
    counts = []
    for seconds in (3_599, 1):
        ward.clock.advance(seconds)
        counts.append(len(insurance.rules.must_look().sets))

    assert counts == [1, 2]
