"""Where the Chinese font lies that the chart is written in. None is shipped: hospitals install one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTLibError

from wardlink.errors import Misconfigured, WardlinkError
from wardlink.i18n import N_

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("~/.local/share/fonts"))
"""Where Linux keeps fonts."""

NAMES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSansCN-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
)
"""Fonts with the characters that are needed, the best first."""

_SIMPLIFIED = ("SC", "CN")


class FontMissing(WardlinkError):
    """No font with Chinese characters is installed; boxes in their place would be worse than nothing."""

    status = 503
    code = "font-missing"
    sentence = N_(
        "The server has no Chinese font, so nothing can be printed. The technician installs fonts-noto-cjk"
        " or names a font file in WARDLINK_FONT."
    )


@dataclass(frozen=True)
class Font:
    """A font file; `number`: which font of a collection."""

    path: Path
    number: int = 0


def find_font(named: Path | None = None, folders: Iterable[Path] = FOLDERS) -> Font:
    """The font that is named, or else the best one that is installed.

    Raises:
        Misconfigured: the named file is no font, or not there.
        FontMissing: none is installed.
    """
    if named is not None:
        return _opened(named.expanduser())
    return _installed(tuple(folder.expanduser() for folder in folders))


@cache
def _installed(folders: tuple[Path, ...]) -> Font:
    for name in NAMES:
        for folder in folders:
            for path in sorted(folder.rglob(name)) if folder.is_dir() else ():
                return _opened(path)
    raise FontMissing


def _opened(path: Path) -> Font:
    if path.suffix.lower() != ".ttc":
        if not path.is_file():
            raise Misconfigured(N_("The font file {path} is not there."), path=str(path))
        return Font(path)
    try:
        with TTCollection(path, lazy=True) as fonts:
            families = [str(font["name"].getDebugName(1) or "") for font in fonts]
    except (OSError, TTLibError) as exc:
        raise Misconfigured(N_("The font file {path} cannot be read."), path=str(path)) from exc
    number = next((n for n, family in enumerate(families) if family.endswith(_SIMPLIFIED)), 0)
    return Font(path, number)
