"""Finds guides by words, or by the initials of their pinyin: zyb finds what is about 住院报销. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from wardlink.clinical.guides.reading import Guide


def found(guides: Iterable[Guide], asked: str) -> list[Guide]:
    """The guides that `asked` means, the best first: by title, then by a word, then by what is written in them.

    Several words must all be met. Nothing asked finds everything. Capitals and full-width letters count as plain.
    """
    terms = unicodedata.normalize("NFKC", asked).lower().split()
    ranked = [(rank, at, guide) for at, guide in enumerate(guides) if (rank := _rank(guide, terms)) is not None]
    return [guide for _rank_, _at, guide in sorted(ranked, key=lambda entry: entry[:2])]


def _rank(guide: Guide, terms: Sequence[str]) -> int | None:
    worst = 0
    for term in terms:
        rank = next((n for n, texts in enumerate(_places(guide)) if any(term in text for text in texts)), None)
        if rank is None:
            return None
        worst = max(worst, rank)
    return worst


def _places(guide: Guide) -> Iterable[list[str]]:
    yield [guide.title.zh_CN, guide.title.en.lower(), guide.initials]
    yield [text for word in guide.words for text in (word.word, word.initials)]
    yield [
        text.lower()
        for section in guide.sections
        for text in (section.title.zh_CN, section.title.en, *section.zh_CN, *section.en)
    ]
