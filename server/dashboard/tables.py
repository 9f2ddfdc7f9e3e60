"""Shows a sheet as a table of the page, with what belongs around it: search, pages, export."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from server.dashboard.sheet import Cell, Sheet
from server.dashboard.tags import tag
from server.dashboard.words import NOTHING
from wardlink.i18n import domain

_ = domain("server").gettext

PER_PAGE = 50


def page_of(asked: str | None) -> int:
    """The number of the page that an address asks for; the first for anything that is no such number."""
    return int(asked) if asked is not None and asked.isascii() and asked.isdigit() and 0 < int(asked[:9]) < 10**6 else 1


def show(sheet: Sheet, *, label: str, nothing: str) -> None:
    """The table itself; `nothing` is said where it is empty."""
    with tag("div", cls="table-scroll", role="region", tabindex="0", aria_label=label):
        if not sheet.rows:
            tag("p", nothing, cls="nothing")
            return
        with tag("table", cls="stacks"):
            with tag("thead"), tag("tr"):
                for column in sheet.columns:
                    tag("th", column.label, cls=column.cls, scope="col")
            with tag("tbody"):
                for row in sheet.rows:
                    with tag("tr", cls=row.cls, data_key=row.key):
                        for column in sheet.columns:
                            _cell(row.cell(column), column.cls, column.label)


def _cell(cell: Cell, cls: str, label: str) -> None:
    classes = f"{cls} {cell.cls}".strip()
    if cell.href is None:
        tag("td", cell.text or NOTHING, cls=classes, data_label=label)
        return
    with tag("td", cls=classes, data_label=label):
        tag("a", cell.text, href=cell.href)


def search(address: str, typed: str, kept: Mapping[str, str]) -> None:
    """A search line that works by its address, so that a search can be bookmarked."""
    with tag("form", method="get", action=address, role="search", cls="table-tools"):
        for name, value in kept.items():
            tag("input", type="hidden", name=name, value=value)
        with tag("label"):
            tag("span", _("Search"))
            tag("input", type="search", name="q", value=typed, maxlength="100")
        tag("button", _("Search"), type="submit", cls="button")


def turn_pages(address: str, kept: Mapping[str, str], page: int, *, total: int) -> None:
    """Which page this is, and the ways to its neighbours."""
    last = max(1, -(-total // PER_PAGE))
    with tag("nav", cls="pages", aria_label=_("Pages of the table")):
        if page > 1:
            tag("a", _("Previous"), cls="button", href=_to(address, kept, page - 1), rel="prev")
        tag("span", _("Page {page} of {last}, {total} in all").format(page=page, last=last, total=total))
        if page < last:
            tag("a", _("Next"), cls="button", href=_to(address, kept, page + 1), rel="next")


def export(address: str, kept: Mapping[str, str]) -> None:
    """The way to the same table as a file."""
    tag("a", _("Export CSV"), cls="button", href=address_with(address, kept), download="")


def address_with(address: str, kept: Mapping[str, str]) -> str:
    """The address with what it is asked for."""
    return f"{address}?{urlencode(kept)}" if kept else address


def choices(label: str, options: list[tuple[str, str, bool]]) -> None:
    """A few ways to see the page, of which one holds: words, address, whether it is this one."""
    with tag("span", cls="segments", role="group", aria_label=label):
        for words, address, here in options:
            tag("a", words, href=address, aria_current="true" if here else None)


def _to(address: str, kept: Mapping[str, str], page: int) -> str:
    return f"{address}?{urlencode({**kept, 'page': str(page)})}"
