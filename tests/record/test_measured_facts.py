"""Intake, output and single measurements under commands in any order: kept as said, struck once, never forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record.test_orders_and_doses import said
from wardlink.errors import MessageUnreadable
from wardlink.ids import new_id
from wardlink.messages.records import RecordView
from wardlink.record.fluids import FLUID
from wardlink.record.kind import Kind, Said
from wardlink.record.observations import OBSERVATION

URINE = {"direction": "output", "kind": "urine", "volume_ml": 350, "manner": "catheter", "appearance": "淡黄"}
GLUCOSE = {"what": "glucose", "value": 7.8, "slot": "fasting"}

SUBJECTS: list[tuple[Kind[Any], str, dict[str, Any], str]] = [
    (FLUID, "fluid", URINE, "fluid"),
    (OBSERVATION, "observation", GLUCOSE, "observation"),
]


def folded(kind: Kind[Any], commands: list[Said]) -> RecordView | None:
    """The record after these commands."""
    view: RecordView | None = None
    for command in commands:
        view = kind.fold(view, command)
    return view


@pytest.mark.parametrize(("kind", "name", "body", "field"), SUBJECTS, ids=["fluid", "observation"])
def test_what_was_said_is_kept_as_it_was_said(kind: Kind[Any], name: str, body: dict[str, Any], field: str) -> None:
    """Every word of the body stands in the view, under the same name."""
    view = folded(kind, [said(f"{name}.record", body)])

    assert view is not None
    assert body.items() <= view.model_dump().items()


@pytest.mark.parametrize(("kind", "name", "body", "field"), SUBJECTS, ids=["fluid", "observation"])
@given(order=st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=8))
def test_told_again_nothing_changes(
    kind: Kind[Any], name: str, body: dict[str, Any], field: str, order: list[int]
) -> None:
    """In whatever order and however often: the first word stands, and so does the first reason to strike it out."""
    record = said(f"{name}.record", body)
    strikes = [said(f"{name}.strike", {field: record.command.id, "reason": why}, minute=1) for why in ("录错", "重复")]
    commands = [(record, *strikes)[n] for n in order]
    view = folded(kind, commands)
    known = commands[commands.index(record) :] if record in commands else []
    struck_by = next((command for command in known if command is not record), None)

    if not known:
        assert view is None
    else:
        assert view is not None
        assert body.items() <= view.model_dump().items()
        assert view.model_dump()["struck_reason"] == (struck_by.body.reason if struck_by else None)
        assert folded(kind, [*commands, *commands]) == view or struck_by is None


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("fluid.record", {"direction": "output", "kind": "urine"}),
        ("fluid.record", {"direction": "output", "kind": "urine", "volume_ml": -1}),
        ("fluid.record", {"direction": "sideways", "kind": "urine", "volume_ml": 1}),
        ("observation.record", {"what": "glucose"}),
        ("observation.record", {"what": "glucose", "value": 1.1, "comparator": "<"}),
        ("observation.record", {"what": "weight", "value": 60, "not_measured": "bedridden"}),
    ],
)
def test_what_says_nothing_or_two_things_is_no_message(kind: str, body: dict[str, Any]) -> None:
    """It would have to be guessed what was meant."""
    with pytest.raises(MessageUnreadable):
        said(kind, body)


def test_a_kind_that_is_not_known_yet_is_kept() -> None:
    """A newer cart's word must not be lost on an older server."""
    view = folded(FLUID, [said("fluid.record", {"direction": "output", "kind": "dialysate", "volume_ml": 10})])

    assert view is not None
    assert view.model_dump()["kind"] == "dialysate"


def test_nobody_can_be_struck_out_who_is_not_known() -> None:
    """Nothing is made of it."""
    assert folded(FLUID, [said("fluid.strike", {"fluid": new_id(), "reason": "x"})]) is None
