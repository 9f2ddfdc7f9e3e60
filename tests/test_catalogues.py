"""Both languages are complete: every text of every part, the same placeholders, nothing left over."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from wardlink import errors
from wardlink.i18n import LANGUAGES
from workbench import catalogues

WANTED = catalogues.wanted()
PARTS = sorted(set(WANTED) | {path.stem for path in catalogues.LOCALE.rglob("*.po")})
FILES = sorted(path for folder in catalogues.FOLDERS for path in (catalogues.ROOT / folder).rglob("*.py"))
SHARED = catalogues.ROOT / "wardlink"
ERRORS = {name for name, found in vars(errors).items() if isinstance(found, type)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_a_catalogue_is_complete(part: str, language: str) -> None:
    """Every text is translated, none is unused or fuzzy, and the placeholders are the same."""
    assert catalogues.faults(part, language, WANTED.get(part, {})) == []


def test_faults_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing, an unused, a fuzzy text and a lost placeholder are each named."""
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    path = catalogues.path_of("cart", "en")
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "unused"\nmsgstr "unused"\n\n#, fuzzy\nmsgid "fuzzy"\nmsgstr "fuzzy"\n\n'
        'msgid "{n} beds"\nmsgstr "{m} beds"\n\nmsgid "empty"\nmsgstr ""\n'
    )

    found = catalogues.faults("cart", "en", {"fuzzy": set(), "{n} beds": set(), "empty": {"a.py"}, "new": {"b.py"}})

    assert found == [
        "'fuzzy' is marked fuzzy.",
        "'empty' of a.py is not translated.",
        "'new' of b.py is not translated.",
        "'unused' is used nowhere.",
        "'{n} beds' has other placeholders than '{m} beds'.",
    ]


def test_update_keeps_words_and_drops_what_is_unused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue written anew holds the old words, sorted, and new texts without words; a second time changes none."""
    kept = tmp_path / "zh_CN" / "LC_MESSAGES" / "commands.po"
    kept.parent.mkdir(parents=True)
    shutil.copy(catalogues.path_of("commands", "zh_CN"), kept)
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    old = next(entry for entry in catalogues.read("commands", "zh_CN") if entry.id)
    used: dict[catalogues.Message, set[str]] = {old.id: {"b.py"}, "Zebra": {"a.py"}, ("{n} bed", "{n} beds"): {"c.py"}}

    missing = catalogues.update("commands", "zh_CN", used)
    first = kept.read_bytes()
    catalogues.update("commands", "zh_CN", used)

    assert missing == 2
    assert kept.read_bytes() == first
    after = {entry.id: entry.string for entry in catalogues.read("commands", "zh_CN") if entry.id}
    assert after == {old.id: old.string, "Zebra": "", ("{n} bed", "{n} beds"): ("",)}


def _called(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            yield node.func.id, node.args[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(catalogues.ROOT)))
def test_texts_are_marked_where_they_are_found(path: Path) -> None:
    """No error is raised with unmarked words, and no other part takes wardlink's catalogue for its own `_`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    unmarked = [ast.unparse(said) for name, said in _called(tree) if name in ERRORS and isinstance(said, ast.Constant)]
    borrowed = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "wardlink.i18n"
        for alias in node.names
        if alias.name in ("gettext", "ngettext") and alias.asname in (None, "_") and not path.is_relative_to(SHARED)
    ]

    assert (unmarked, borrowed) == ([], [])


_HAN = "\u3400-\u9fff"
_BESIDE = f"{_HAN}、。《》「」“”（），：；？！{{}}"
_HALF_WIDTH = re.compile(f"(?<=[{_BESIDE}])[,;:?!()](?=[ ]?[{_BESIDE}]|$)|(?<=[{_HAN}])[,;:?!()]|[,;:?!()](?=[{_HAN}])")
_AN_ADDRESS = re.compile(r"\{(?:host|minutes)\}:\{(?:port|seconds:02d)\}")
"""Where a colon belongs to what stands beside it: an address, a time."""


def _half_width(text: str) -> list[str]:
    if re.search(f"[{_HAN}]", text) is None:
        return []
    return _HALF_WIDTH.findall(re.sub(r"\{\w+:[^}]*\}", "{n}", _AN_ADDRESS.sub("", text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("缺{what}:请补", [":"]),
        ("交班 {who},{at}", [","]),
        ("已交,未接", [","]),
        ("性别?", ["?"]),
        ("低（糖尿病)", [")"]),
        ("如 14:30 或 11-23 14:30", []),
        ("每秒 1,332 组，阳性（+）", []),
        ("按 ! 查看", []),
        ("连接 {host}:{port}", []),
        ("CPU: {n}", []),
    ],
)
def test_half_width_marks_are_found(text: str, found: list[str]) -> None:
    """Beside Chinese or what is put in; not in figures, times, addresses and names of keys."""
    assert _half_width(text) == found


@pytest.mark.parametrize("part", PARTS)
def test_chinese_sentences_have_chinese_punctuation(part: str) -> None:
    """No comma, colon, question mark or bracket of half width stands between Chinese words."""
    texts = [
        text
        for entry in catalogues.read(part, "zh_CN")
        if entry.id
        for text in (entry.string if isinstance(entry.string, tuple) else (entry.string,))
    ]

    assert [text for text in texts if _half_width(text)] == []
