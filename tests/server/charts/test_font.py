"""Where the font is looked for, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.charts.font import FontMissing, find_font
from wardlink.errors import Misconfigured
from wardlink.i18n import speaking


def test_without_a_font_it_is_said_how_to_get_one(tmp_path: Path) -> None:
    """By its package and by the setting."""
    with pytest.raises(FontMissing) as caught:
        find_font(folders=(tmp_path, tmp_path / "missing"))
    with speaking("zh_CN"):
        assert "fonts-noto-cjk" in caught.value.text()
        assert "WARDLINK_FONT" in caught.value.text()


def test_the_best_one_is_taken(tmp_path: Path) -> None:
    """By the order of the list, wherever it lies."""
    for name in ("deep/wqy.ttf", "deep/DroidSansFallbackFull.ttf", "SourceHanSansCN-Regular.otf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_font(folders=(tmp_path,)).path.name == "SourceHanSansCN-Regular.otf"


@pytest.mark.parametrize("name", ["none.ttf", "none.ttc"])
def test_a_named_font_that_is_not_there(tmp_path: Path, name: str) -> None:
    """Is named."""
    with pytest.raises(Misconfigured, match=name):
        find_font(tmp_path / name)
