"""Family at the bed: the tables, and who may give a consent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from wardlink.clinical.family import (
    RELATIONS,
    SCOPES,
    Reach,
    Relation,
    Scope,
    is_weak_pin,
    may_consent,
    may_reach,
    needs_own_consent,
    relation_text,
    scopes,
)
from wardlink.clinical.tables import load
from wardlink.errors import MessageUnreadable
from wardlink.messages.bodies import parse_body


def choices() -> Iterator[tuple[Scope, ...]]:
    """Every way to choose something."""
    for size in range(1, len(SCOPES) + 1):
        yield from combinations(SCOPES, size)


def test_the_tables_say_all_that_can_be_chosen() -> None:
    """No relation and no scope without its words, and none that nobody can choose."""
    assert set(load("family")["relations"]) == set(RELATIONS)
    assert set(load("family")["scopes"]) == set(SCOPES)
    assert len({relation_text(one) for one in RELATIONS}) == len(RELATIONS)
    assert all(row.label_text() and row.open_text() for row in scopes())


def test_medical_information_is_never_chosen_to_begin_with() -> None:
    """What needs a consent of its own is not offered as chosen."""
    assert [row.code for row in scopes() if row.by_default] == ["daily", "money"]
    assert [row.code for row in scopes() if row.apart] == ["medical"]


@pytest.mark.parametrize("chosen", list(choices()))
@pytest.mark.parametrize("separately", [True, False])
def test_medical_information_needs_a_question_of_its_own(chosen: tuple[Scope, ...], separately: bool) -> None:
    """Whatever else is chosen; and nothing else may claim one."""
    said = {"relation": "daughter", "scopes": chosen, "separately": separately}

    assert needs_own_consent(chosen) == ("medical" in chosen)
    if ("medical" in chosen) == separately:
        parse_body("family-consent.grant", said)
    else:
        with pytest.raises(MessageUnreadable):
            parse_body("family-consent.grant", said)


@pytest.mark.parametrize(
    "said",
    [
        {"scopes": []},
        {"scopes": ["daily", "daily"]},
        {"scopes": ["doses"]},
        {"relation": "neighbour"},
        {"number": 0},
        {"number": 10},
    ],
)
def test_what_is_no_consent_is_not_read(said: dict[str, Any]) -> None:
    """To nothing, twice to the same, to what no table knows, or to nobody."""
    with pytest.raises(MessageUnreadable):
        parse_body("family-consent.grant", {"relation": "son", "scopes": ["daily"]} | said)


@pytest.mark.parametrize(
    ("on", "may"),
    [(date(2026, 11, 24), False), (date(2026, 11, 25), True), (date(2026, 11, 26), True)],
)
def test_who_is_fourteen_consents_alone(on: date, may: bool) -> None:
    """From the birthday on."""
    assert may_consent(date(2012, 11, 25), on) is may


def test_two_of_one_relation_are_told_apart() -> None:
    """The first has no number."""
    assert relation_text("son", 2) == f"{relation_text('son')} 2"


@pytest.mark.parametrize("pin", ["111111", "123456", "654321", "123123", "121212", "112211", "975310"])
def test_what_everybody_tries_first_is_no_pin(pin: str) -> None:
    """One or two digits, a row, one half twice; a row with a wider step is none of them."""
    assert is_weak_pin(pin) == (pin != "975310")


@pytest.mark.parametrize(
    ("reach", "relation", "opened", "may"),
    [
        ("anybody", "other", (), True),
        ("daily", "son", ("daily",), True),
        ("daily", "son", ("money", "medical"), False),
        ("medical", "son", ("daily", "money"), False),
        ("patient", "son", ("daily", "money", "medical"), False),
        ("patient", "guardian", ("daily",), True),
        ("medical", "guardian", ("daily",), True),
    ],
)
def test_family_reach_what_was_opened(reach: Reach, relation: Relation, opened: tuple[Scope, ...], may: bool) -> None:
    """What is the patient's alone is nobody else's, except who stands in their place."""
    assert may_reach(reach, relation, opened) is may
