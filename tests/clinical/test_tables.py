"""The data files: whole, sourced, consistent, and said in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import wardlink
from wardlink.clinical.items import ITEMS
from wardlink.clinical.nursing import Situation
from wardlink.clinical.tables import TABLES, TRUST_TAGS, load, texts
from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import LANGUAGES

PACKAGE = Path(wardlink.__file__).parent


def rows(node: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of a table: the first dictionaries on each way down that hold more than dictionaries."""
    if all(isinstance(value, Mapping) for value in node.values()):
        for key, value in node.items():
            yield from rows(value, f"{path}.{key}")
    else:
        yield path, node


ROWS = [row for name in TABLES for row in rows(load(name), name)]


def facts(node: object) -> Iterator[Mapping[str, Any]]:
    """A row and every fact inside it that is a dictionary of its own."""
    if isinstance(node, Mapping):
        yield node
        for value in node.values():
            yield from facts(value)
    elif isinstance(node, list):
        for value in node:
            yield from facts(value)


@pytest.mark.parametrize(("path", "row"), ROWS, ids=[path for path, _ in ROWS])
def test_every_row_has_its_source_date_and_trust(path: str, row: Mapping[str, Any]) -> None:
    """A number without a source cannot be signed off by a clinician."""
    assert row["source"].strip()
    assert isinstance(row["as_of"], date)
    assert {fact["trust"] for fact in facts(row)} <= set(TRUST_TAGS)
    assert {value for key, value in row.items() if key.endswith("_trust")} <= set(TRUST_TAGS)


def test_every_data_file_is_listed() -> None:
    """An unlisted file would escape the tests and the translators."""
    found = {file.name.removesuffix(".toml") for file in files("wardlink.clinical").joinpath("data").iterdir()}

    assert found == set(TABLES)


def test_the_dictionary_has_exactly_the_readings_of_a_set() -> None:
    """One name for the wire, the column and the form."""
    assert list(ITEMS) == list(VitalSet.model_fields)


@pytest.mark.parametrize("key", ITEMS)
def test_the_usual_range_lies_within_the_possible_one(key: str) -> None:
    """And a number has limits, a code its list, a text its grammar."""
    item = ITEMS[key]

    if item.kind in ("number", "integer"):
        assert item.hard is not None
        assert item.hard.low < item.hard.high
    if item.kind == "number":
        assert item.soft is not None
        assert item.hard is not None
        assert item.hard.low <= item.soft.low < item.soft.high <= item.hard.high
    assert (item.kind == "code") == (item.codes is not None)
    assert (item.kind == "text") == (item.pattern is not None)
    assert all(re.fullmatch(r"\d{3,6}-\d", loinc.code) for loinc in item.loinc)


def test_the_codes_of_the_domain_sheet() -> None:
    """UCUM for temperature is Cel, for pressure mm[Hg]; every measured quantity has a LOINC code."""
    assert {ITEMS[key].ucum for key in ITEMS if key.endswith("mmhg")} == {"mm[Hg]"}
    assert ITEMS["temp_c"].ucum == "Cel"
    assert [key for key, item in ITEMS.items() if item.ucum and not item.loinc] == []


@pytest.mark.parametrize("profile", ["A", "B"])
def test_the_timetable_knows_its_situations(profile: str) -> None:
    """No row that no trigger can name."""
    assert set(load("measurement_timetable")[profile]) <= set(Situation)


def in_code() -> set[str]:
    """Every message id that the code of `wardlink/` marks for translation."""
    keywords = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(str(PACKAGE), method_map=[("**.py", "python")], keywords=keywords)
    return {text for _, _, message, _, _ in found for text in ([message] if isinstance(message, str) else message)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    """Of the tables and of the code, with the same placeholders; and the catalogue holds nothing else."""
    path = PACKAGE / "i18n" / "locale" / language / "LC_MESSAGES" / "wardlink.po"
    with path.open("rb") as file:
        catalogue = {m.id: m.string for m in read_po(file, locale=language) if m.id and isinstance(m.id, str)}

    wanted = {text for _, text in texts()} | in_code()
    assert {text for text in wanted if not catalogue.get(text)} == set()
    assert set(catalogue) - wanted == set()
    for text, translated in catalogue.items():
        assert placeholders(translated) <= placeholders(text)


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
