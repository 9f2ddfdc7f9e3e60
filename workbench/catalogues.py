"""Keeps the translation catalogues in step with the code: `make messages` runs it, a test asks `faults`.

Each part has a catalogue of its own. A text belongs to the part whose `domain(...)` its file names, else to the
folder it stands in; the command line and the workbench share one. The tables of the clinical rules are texts of
`wardlink`.
"""

from __future__ import annotations

import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from wardlink.clinical.tables import texts
from wardlink.i18n import LANGUAGES

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "wardlink" / "i18n" / "locale"
FOLDERS = {
    "wardlink": "wardlink",
    "cart": "cart",
    "bedside": "bedside",
    "server": "server",
    "commands": "commands",
    "workbench": "commands",
}
"""Top-level folder to the catalogue of its texts."""

_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_NAMED = re.compile(r"""\bdomain\(["'](\w+)["']\)""")
_WIDTH = 116

Message = str | tuple[str, str]
"""A message id, or one with its plural."""


def wanted(root: Path = ROOT) -> dict[str, dict[Message, set[str]]]:
    """What each catalogue must hold: message id to the files that use it."""
    found: dict[str, dict[Message, set[str]]] = defaultdict(lambda: defaultdict(set))
    for folder, part in FOLDERS.items():
        for path in sorted((root / folder).rglob("*.py")):
            if path.is_relative_to(LOCALE.parent):
                continue
            named = _NAMED.search(path.read_text(encoding="utf-8"))
            for message in _texts_of(path):
                found[named[1] if named else part][message].add(str(path.relative_to(root)))
    for table, text in texts():
        found["wardlink"][text].add(f"wardlink/clinical/data/{table}.toml")
    return found


def _texts_of(path: Path) -> Iterator[Message]:
    for _, message, _, _ in extract_from_file("python", path, keywords=_KEYWORDS):
        yield (message[0], message[1]) if isinstance(message, tuple) else message


def path_of(part: str, language: str) -> Path:
    """Where a part's catalogue of one language lies."""
    return LOCALE / language / "LC_MESSAGES" / f"{part}.po"


def read(part: str, language: str) -> Catalog:
    """A part's catalogue of one language; an empty one if there is none yet."""
    path = path_of(part, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def faults(part: str, language: str, texts_of_part: Mapping[Message, set[str]]) -> list[str]:
    """Everything that is wrong with one catalogue, a sentence each."""
    held: dict[Message, tuple[str, ...]] = {}
    found = []
    for entry in read(part, language):
        if not entry.id:
            continue
        key: Message = entry.id if isinstance(entry.id, str) else (entry.id[0], entry.id[1])
        held[key] = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        if entry.fuzzy:
            found.append(f"{key!r} is marked fuzzy.")
    for message, files in texts_of_part.items():
        if not held.get(message) or not all(held[message]):
            found.append(f"{message!r} of {', '.join(sorted(files))} is not translated.")
    for message, strings in held.items():
        if message not in texts_of_part:
            found.append(f"{message!r} is used nowhere.")
        names = placeholders(message)
        found += [f"{message!r} has other placeholders than {s!r}." for s in strings if s and placeholders(s) != names]
    return found


def placeholders(message: Message) -> frozenset[str]:
    """The names in braces."""
    forms = [message] if isinstance(message, str) else message
    return frozenset(name for form in forms for _, name, _, _ in Formatter().parse(form) if name)


def update(part: str, language: str, texts_of_part: Mapping[Message, set[str]]) -> int:
    """Write one catalogue anew, sorted, with what the code uses and nothing else; returns how many lack words.

    English needs no words of its own: a new text is taken over as it stands.
    """
    before, after, missing = read(part, language), Catalog(locale=language), 0
    for message, files in texts_of_part.items():
        old = before.get(message if isinstance(message, str) else message[0])
        words = old.string if old else ""
        if not words or not all([words] if isinstance(words, str) else words):
            words = message if language == "en" else "" if isinstance(message, str) else ("",)
            missing += language != "en"
        after.add(message, words, locations=[(file, 0) for file in sorted(files)])
    body = io.BytesIO()
    write_po(body, after, width=_WIDTH, sort_output=True, omit_header=True, include_lineno=False)
    path = path_of(part, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_header(path, part, language).encode() + b"\n" + body.getvalue().lstrip(b"\n"))
    return missing


def _header(path: Path, part: str, language: str) -> str:
    if path.exists():
        return path.read_text(encoding="utf-8").partition("\n\n")[0] + "\n"
    plural = Catalog(locale=language).plural_forms
    lines = [f"# The words of {part}.", 'msgid ""', 'msgstr ""', '"Project-Id-Version: Wardlink\\n"']
    lines += [f'"Language: {language}\\n"', '"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=utf-8\\n"']
    lines += ['"Content-Transfer-Encoding: 8bit\\n"', f'"Plural-Forms: {plural.rstrip(";")};\\n"']
    return "\n".join(lines) + "\n"


def main(parts: list[str]) -> int:
    """Update the catalogues of these parts, or of all; fails while words are missing."""
    found = wanted()
    missing = 0
    for part in parts or sorted(found):
        for language in LANGUAGES:
            lacking = update(part, language, found[part])
            missing += lacking
            print(f"{path_of(part, language).relative_to(ROOT)}: {len(found[part])} texts, {lacking} without words")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
