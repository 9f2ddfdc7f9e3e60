"""All rule sets in one text: documents one after the other, with a line `---` between them, as YAML has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from server.insurance.book import OUR_OWN, RuleBook
from server.insurance.reading import RuleFile, RulesRejected, read
from wardlink.errors import Fault, FileWrong
from wardlink.i18n import N_

_WRONG = N_("The insurance rules are wrong in line {line}: {what}")
_BETWEEN = "---"


def read_documents(text: str) -> RuleBook:
    """The rule sets in this text; lines are counted through all of it.

    Raises:
        FileWrong: one of them is no rule set, or they do not fit together; names all that are wrong.
    """
    found: list[RuleFile] = []
    faults: list[Fault] = []
    for number, part in enumerate(_parts(text), 1):
        try:
            found.append(read(f"#{number}", part))
        except RulesRejected as wrong:
            faults += [_fault(each) for each in (wrong, *wrong.others)]
    if not faults:
        try:
            return RuleBook(found)
        except RulesRejected as wrong:
            faults.append(_fault(wrong))
    raise FileWrong(_WRONG, faults)


def joined(folder: Path = OUR_OWN) -> str:
    """The rule files of a folder as one text."""
    texts = [path.read_text("utf-8").rstrip("\n") for path in sorted(folder.glob("*.yaml"))]
    return f"\n{_BETWEEN}\n".join(texts) + "\n"


def _fault(wrong: RulesRejected) -> Fault:
    return Fault(wrong.message or wrong.sentence, int(str(wrong.params.get("line", 1))), wrong.params)


def _parts(text: str) -> Iterator[str]:
    """Each document, with as many empty lines before it as stand before it in the text."""
    lines = text.splitlines()
    ends = [n for n, line in enumerate(lines) if line.rstrip() == _BETWEEN]
    begin = 0
    for end in (*ends, len(lines)):
        part = lines[begin:end]
        if any(line.strip() and not line.lstrip().startswith("#") for line in part) or not ends:
            yield "\n" * begin + "\n".join(part) + "\n"
        begin = end + 1
