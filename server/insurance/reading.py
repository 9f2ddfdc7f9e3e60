"""One rule file: YAML to `RuleSet`, or a sentence that names the line where it is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from server.insurance.checking import flaws
from server.insurance.ruleset import RuleSet
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

MOST_BYTES = 256 * 1024
"""More than a rule file of any province needs."""

_UNKNOWN = N_("Insurance rules, {file}, line {line}: there is no entry called {name} here.")
_MISSING = N_("Insurance rules, {file}, line {line}: {name} is missing.")
_WRONG = N_("Insurance rules, {file}, line {line}: {name} cannot be {value}.")
_TWICE = N_("Insurance rules, {file}, line {line}: {name} stands here a second time.")
_ALIAS = N_("Insurance rules, {file}, line {line}: write the values out, references are not read.")
_NO_YAML = N_("Insurance rules, {file}, line {line}: this is not YAML.")
_NO_FILE = N_("Insurance rules, {file}: this file cannot be read as text of at most {limit} bytes.")

Path_ = tuple[str | int, ...]


class RulesRejected(Misconfigured):
    """A rule file is wrong; nothing of it is used. `params` hold the file and the line; `others`: what is wrong too."""

    code = "rules-rejected"
    sentence = N_("The insurance rules cannot be used.")
    others: Sequence[RulesRejected] = ()


class _Loader(yaml.SafeLoader):
    """Leaves dates as they are written: the model reads them, and knows where they stand."""


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))  # type: ignore[arg-type]


@dataclass(frozen=True)
class RuleFile:
    """A rule set that holds, and where its entries stand."""

    file: str
    rules: RuleSet
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """The line of this entry, or of the nearest one around it that is written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_file(path: Path) -> RuleFile:
    """The rule set of a file.

    Raises:
        RulesRejected: it cannot be read, is no rule set, or has gaps or overlaps.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RulesRejected(_NO_FILE, file=path.name, limit=MOST_BYTES)
        return read(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        raise RulesRejected(_NO_FILE, file=path.name, limit=MOST_BYTES) from exc


@lru_cache(maxsize=32)
def read(file: str, text: str) -> RuleFile:
    """The rule set in `text`; `file` is its name for what is said about it. The same text is worked through once.

    Raises:
        RulesRejected: it is no rule set, or has gaps or overlaps.
    """
    lines: dict[Path_, int] = {}
    try:
        loader = _Loader(text)
    except yaml.YAMLError as exc:
        # A character that no text has.
        raise RulesRejected(_NO_YAML, file=file, line=1) from exc
    try:
        node = loader.get_single_node()
        if node is None:
            raise RulesRejected(_NO_YAML, file=file, line=1)
        _note_lines(file, node, (), lines, set())
        data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        mark = getattr(exc, "problem_mark", None)
        raise RulesRejected(_NO_YAML, file=file, line=mark.line + 1 if mark else 1) from exc
    finally:
        loader.dispose()
    try:
        found = RuleFile(file, RuleSet.model_validate(data), lines)
    except ValidationError as exc:
        # A name that was mistyped is both: unknown, and missing under its own.
        errors = sorted(exc.errors(include_url=False), key=lambda error: error["type"] != "extra_forbidden")
        raise _first([_rejected(file, error, lines) for error in errors]) from exc
    wrong = [
        RulesRejected(flaw.sentence, file=file, line=found.line(flaw.path), **flaw.params)
        for flaw in flaws(found.rules)
    ]
    if wrong:
        raise _first(wrong)
    return found


def _first(wrong: Sequence[RulesRejected]) -> RulesRejected:
    wrong[0].others = wrong[1:]
    return wrong[0]


def _note_lines(file: str, node: yaml.Node, path: Path_, lines: dict[Path_, int], seen: set[int]) -> None:
    here = node.start_mark.line + 1
    lines.setdefault(path, here)
    if id(node) in seen:
        raise RulesRejected(_ALIAS, file=file, line=here)
    seen.add(id(node))
    for name, key, value in _children(node):
        if (*path, name) in lines:
            raise RulesRejected(_TWICE, file=file, line=key.start_mark.line + 1, name=str(name)[:60])
        lines[(*path, name)] = key.start_mark.line + 1
        _note_lines(file, value, (*path, name), lines, seen)


def _children(node: yaml.Node) -> Iterator[tuple[str | int, yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key, value
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield index, value, value


def _rejected(file: str, error: Any, lines: dict[Path_, int]) -> RulesRejected:
    path: Path_ = tuple(error["loc"])
    written = path
    while written and written not in lines:
        written = written[:-1]
    line = lines.get(written, 1)
    name = ".".join(str(part) for part in path) or file
    if error["type"] == "extra_forbidden":
        return RulesRejected(_UNKNOWN, file=file, line=line, name=name)
    if error["type"] == "missing":
        return RulesRejected(_MISSING, file=file, line=line, name=name)
    return RulesRejected(_WRONG, file=file, line=line, name=name, value=_short(error["input"]))


def _short(value: Any) -> str:
    return repr(value)[:60]
