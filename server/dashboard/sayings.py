"""What the pages say after a form was sent, kept until the next page has shown it: an address has no room for it."""

from __future__ import annotations

import secrets
from collections import OrderedDict

_MOST = 500


class Sayings:
    """Sentences by a word that nobody guesses; the oldest are forgotten."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, str] = OrderedDict()

    def say(self, text: str) -> str:
        """Keep a sentence for the page that comes next; the word for its address."""
        word = secrets.token_urlsafe(9)
        self._said[word] = text
        while len(self._said) > _MOST:
            self._said.popitem(last=False)
        return word

    def said(self, word: str | None) -> str | None:
        """The sentence that was kept under this word."""
        return self._said.get(word or "")
