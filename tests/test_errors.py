"""Errors say what is wrong in the language of the one who reads them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from wardlink.errors import NotFound
from wardlink.i18n import speaking

ROOT = Path(__file__).parents[1]
PARTS = ("wardlink", "cart", "bedside", "server", "workbench", "commands")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "There is no parked message called 7."), ("zh_CN", "没有名为 7 的搁置消息。")],
)
def test_what_was_not_found_is_said_in_words(language: str, sentence: str) -> None:
    """The kind of thing is translated with the sentence around it."""
    with speaking(language):
        assert NotFound(what="parked message", name="7").text() == sentence


def test_every_kind_of_thing_has_its_words() -> None:
    """No part says that a thing of another kind was not found."""
    said = {
        keyword.value.value
        for part in PARTS
        for path in (ROOT / part).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "NotFound"
        for keyword in call.keywords
        if keyword.arg == "what" and isinstance(keyword.value, ast.Constant)
    }

    assert said <= set(NotFound.KINDS)
    assert len(said) > 5
