"""What the symbols of the temperature chart mean: beside the chart where there is room, else below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from cart.widgets.chart_cells import BOTH, GUTTER, SYMBOLS, Line
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import fit, width

_ = domain("cart").gettext

LEGEND: tuple[tuple[str, str, str], ...] = (
    (SYMBOLS["dot"], "blue", N_("oral")),
    (SYMBOLS["cross"], "blue", N_("axillary")),
    (SYMBOLS["ring"], "blue", N_("rectal")),
    (SYMBOLS["triangle"], "blue", N_("ear, forehead, other")),
    (SYMBOLS["ring"], "red", N_("after cooling; or heart")),
    (SYMBOLS["dot"], "red", N_("pulse")),
    (SYMBOLS["ring-around"], "red", N_("heart and pulse alike")),
    (BOTH, "both", N_("temperature and pulse")),
    (SYMBOLS["paced"], "red", N_("paced")),
    ("⣿", "hatch", N_("pulse deficit")),
    ("®", "plain", N_("breathes by machine")),
)

_HEX: Mapping[str, str] = {"blue": "#6fb8ff", "red": "#ff8076", "both": "bold #e0a0ff", "hatch": "#a04848", "plain": ""}

_ENTRY = 22


def legend_lines(cells: int, note: str = "") -> list[Line]:
    """Lines of so many cells, for below the chart; `note` is the last one."""
    each = max(1, (cells - GUTTER) // _ENTRY)
    lines = []
    for first in range(0, len(LEGEND), each):
        line = Line([(" ", "dim")] * cells)
        if first == 0:
            line.put(0, fit(_("Symbols"), GUTTER - 1), "dim")
        for place, (symbol, ink, text) in enumerate(LEGEND[first : first + each]):
            at = GUTTER + place * _ENTRY
            line.put(at, symbol, ink)
            line.put(at + width(symbol) + 1, fit(_(text), _ENTRY - 3), "plain")
        lines.append(line)
    if note:
        line = Line([(" ", "dim")] * cells)
        line.put(GUTTER, note, "dim")
        lines.append(line)
    return lines


def legend(marked: Sequence[Content], note: str = "") -> Content:
    """The panel beside the chart: symbols, what was marked this week, and a `note`."""
    lines: list[Content] = [Content.styled(_("Symbols"), "bold #9fb4c4")]
    lines += [Content.assemble((symbol, _HEX[ink]), " ", _(text)) for symbol, ink, text in LEGEND]
    lines += [Content(""), Content.styled(_("Marked this week"), "bold #9fb4c4"), *marked]
    if not marked:
        lines.append(Content.styled(_("nothing"), "#9fb4c4"))
    if note:
        lines += [Content(""), Content.styled(note, "#9fb4c4")]
    return Content("\n").join(lines)
