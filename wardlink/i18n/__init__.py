"""Words of the user, looked up in gettext catalogues at the moment they are shown.

Message ids are plain English sentences with named placeholders. Each part of Wardlink has a catalogue of its
own (`wardlink`, `cart`, `bedside`, `server`); zh_CN and en are both complete, and a test keeps them so.
The language belongs to the running context (one browser page), so that a server can speak Chinese to one
person and English to another at the same time; a program of one screen speaks one language throughout.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = "zh_CN"

_language: ContextVar[str | None] = ContextVar("wardlink_language", default=None)
_of_process = DEFAULT_LANGUAGE
_LOCALE = Path(__file__).parent / "locale"


def N_(text: str) -> str:
    """Mark `text` for translation without translating it: for tables built at import."""
    return text


def language() -> str:
    """The language of this context, one of `LANGUAGES`."""
    return _language.get() or _of_process


def set_language(code: str) -> None:
    """Speak `code` from here on in this context.

    Raises:
        ValueError: the language has no catalogue.
    """
    _language.set(_known(code))


def set_process_language(code: str) -> None:
    """Speak `code` from here on wherever a context has no language of its own: for programs of one screen.

    Raises:
        ValueError: the language has no catalogue.
    """
    global _of_process
    _of_process = _known(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak `code` inside the block, and the former language after it."""
    token = _language.set(_known(code))
    try:
        yield
    finally:
        _language.reset(token)


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"no catalogue for {code!r}; there are {', '.join(LANGUAGES)}")
    return code


@lru_cache
def _catalogue(domain: str, code: str) -> _gettext.NullTranslations:
    # A missing catalogue is an installation fault; falling back would show half a screen in English.
    return _gettext.translation(domain, _LOCALE, languages=[code])


@lru_cache
def _every_catalogue(code: str) -> _gettext.NullTranslations:
    names = sorted(path.stem for path in (_LOCALE / code / "LC_MESSAGES").glob("*.mo"))
    found = _gettext.NullTranslations()
    for name in names:
        # A fresh object each: what one part's catalogue falls back on must not leak into that part.
        found.add_fallback(_gettext.translation(name, _LOCALE, languages=[code]))
    return found


def gettext_of_any(text: str) -> str:
    """`text` in the language of this context, from whichever part's catalogue has it: for errors, which travel."""
    return _every_catalogue(language()).gettext(text)


@dataclass(frozen=True)
class Domain:
    """One part's catalogue: `_ = domain("cart").gettext`."""

    name: str

    def gettext(self, text: str) -> str:
        """`text` in the language of this context."""
        return _catalogue(self.name, language()).gettext(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """`one` or `many`, as the language counts `n`."""
        return _catalogue(self.name, language()).ngettext(one, many, n)


def domain(name: str) -> Domain:
    """The catalogue called `name`."""
    return Domain(name)


gettext = domain("wardlink").gettext
ngettext = domain("wardlink").ngettext
