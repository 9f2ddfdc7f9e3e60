"""What holds for every kind of record, whatever it is."""

from __future__ import annotations

import pytest

from wardlink.messages.bodies import BODIES
from wardlink.messages.records import RecordView
from wardlink.record.kind import Kind
from wardlink.record.kinds import BY_COMMAND, KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_whole(kind: Kind[RecordView]) -> None:
    """Its commands have bodies, its view is one of the record, its name fits the column."""
    assert set(kind.folds) <= set(BODIES)
    assert issubclass(kind.view, RecordView)
    assert 0 < len(kind.name) <= 20


def test_a_command_changes_one_kind_only() -> None:
    """So that there is one place that says what it makes of a record."""
    assert len(BY_COMMAND) == sum(len(kind.folds) for kind in KINDS)
