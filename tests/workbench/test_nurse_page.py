"""The page for nurses lists the keys that there are."""

from __future__ import annotations

import pytest

from wardlink.i18n import LANGUAGES
from workbench.nurse_page import PAGES, written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_the_keys_of_the_code(language: str) -> None:
    """`make nurse-page` after a change of keys or words."""
    assert PAGES[language].read_text(encoding="utf-8") == written(language)
