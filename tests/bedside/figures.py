"""What is read off the page that runs: fields, words, colours, the focus. Each fault is a sentence.

Sources: WCAG 2.2 and 适老化通用设计规范 as the ward's domain sheet 10.9 has them; UX.md for cells and places.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region

from bedside.screens.base import BedScreen
from bedside.widgets.code import Code
from bedside.widgets.header import Header
from bedside.widgets.touch import LEAST_CELLS, LEAST_ROWS, Touch
from bedside.widgets.words import Words
from tests.bedside.screens import DESIGN, EVEN, SMALL, Hand

ELLIPSIS = "…"
LEAST_TEXT, LEAST_OTHER = 4.5, 3.0
"""Contrast of text, and of what is no text or is large. Source: WCAG 2.2, 1.4.3 and 1.4.11."""

MOST_CHOICES = 6
CALL_AT = {DESIGN: Region(2, 26, 22, 5), EVEN: Region(2, 21, 14, 3), SMALL: Region(0, 17, 14, 3)}
"""Call never moves. Source: UX.md; WCAG 2.2, 3.2.6."""

FOCUS_MARKS = "▸◂"
_DRAWN = frozenset("█▀▄░▒▓━─│┃┌┐└┘├┤┬┴┼╭╮╰╯▏▁▂▃▅▆▇╱╲⸺╶╴╵╷ ")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours. Source: WCAG 2.2, 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [part / 255 for part in Color.parse(colour).rgb]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def drawn(hand: Hand) -> list[list[Segment]]:
    """The page as it is drawn, a list a row."""
    return [list(strip) for strip in hand.app.screen._compositor.render_strips()]


def colours(style: Style | None) -> tuple[str, str]:
    """The colour of what is drawn and of what it stands on, as `#rrggbb`; where nothing is drawn, both are one."""
    assert style is not None
    assert style.bgcolor is not None
    back = style.bgcolor.get_truecolor().hex
    fore = back if style.color is None else style.color.get_truecolor().hex
    return (back, fore) if style.reverse else (fore, back)


def fields(hand: Hand) -> list[Touch]:
    """What can be touched now."""
    return [touch for touch in hand.app.screen.query(Touch) if touch.focusable and touch.region.area]


def layout_faults(hand: Hand) -> list[str]:
    """Fields too small, too near, too many or cut; words cut; Call, Back or the main action not in their places."""
    return [*_of_fields(hand), *_of_words(hand), *_of_places(hand)]


def _of_fields(hand: Hand) -> Iterator[str]:
    frame, touches = hand.app.screen.region, fields(hand)
    for touch in touches:
        region, lines = touch.region, touch.shown_lines()
        if region.height < LEAST_ROWS or region.width < LEAST_CELLS:
            yield f"{touch.id} is {region.width} by {region.height}"
        if not frame.contains_region(region):
            yield f"{touch.id} lies outside the screen"
        if any(cell_len(line) > region.width for line in lines):
            yield f"{touch.id} has words wider than itself"
        if len(lines) > region.height or any(ELLIPSIS in line for line in lines):
            yield f"{touch.id} is cut: {lines}"
        for grown in (region.grow((0, 1, 0, 1)), region.grow((1, 0, 1, 0))):
            near = [other.id for other in touches if other is not touch and other.region.overlaps(grown)]
            if near:
                yield f"{touch.id} has no gap to {near}"


_ALWAYS_SEEN = ("call", "advice", "why", "sentences", "said", "asked", "typed", "band")


def _of_words(hand: Hand) -> Iterator[str]:
    screen = hand.app.screen
    for words in screen.query(Words):
        if not words.display or not words.text or words.styles.visibility != "visible":
            continue
        if not words.region.area:
            if (words.id or "").startswith(_ALWAYS_SEEN):
                yield f"not shown: {words.id}"
            continue
        lines = words.shown_lines(words.size.width)
        if len(lines) > words.size.height:
            yield f"{words.id} is cut: {lines}"
        scrolls = any(parent.id == "rows" for parent in words.ancestors)
        if not scrolls and not screen.region.contains_region(words.region):
            yield f"{words.id} lies outside the screen"
    header = screen.query_one(Header)
    if header.display and any(cell_len(line) > header.size.width for line in header.shown_lines(header.size.width)):
        yield "the header is cut"


def _of_places(hand: Hand) -> Iterator[str]:
    screen = hand.app.screen
    size = screen.size
    call = hand.touch("call").region
    if call != CALL_AT[size.width, size.height]:
        yield f"Call is at {call}"
    for back in screen.query("#back").results(Touch):
        if (back.region.x, back.region.y) != (call.right + 1, call.y):
            yield f"Back is at {back.region}"
    mains = [touch for touch in fields(hand) if touch._kind == "main"]
    if len(mains) > 1:
        yield f"more than one main action: {[touch.id for touch in mains]}"
    for main in mains:
        if any(other.region.x > main.region.x and other.region.y >= main.region.y for other in fields(hand)):
            yield f"the main action is not last: {main.id}"
    choices = [touch for touch in screen.query("#body Touch").results(Touch) if touch in fields(hand)]
    choices = [touch for touch in choices if not touch.value.startswith("key:")]
    if len(choices) > MOST_CHOICES:
        yield f"{len(choices)} choices"


def colour_faults(hand: Hand) -> list[str]:
    """What has too little contrast, or blinks, or differs by its colour alone."""
    screen, found = hand.app.screen, set()
    codes = [code.region for code in screen.query(Code) if code.display]
    for y, row in enumerate(drawn(hand)):
        x = 0
        for segment in row:
            fore, back = colours(segment.style)
            in_code = any(region.contains(x, y) for region in codes)
            x += segment.cell_length
            text = segment.text.strip()
            if segment.style is not None and (segment.style.blink or segment.style.blink2):
                found.add(f"blinks: {text}")
            is_drawing = in_code or all(char in _DRAWN or 0x2800 <= ord(char) <= 0x28FF for char in text)
            ratio, least = contrast(fore, back), LEAST_OTHER if is_drawing else LEAST_TEXT
            if text and ratio < least:
                found.add(f"{fore} on {back} is {ratio:.1f}, not {least}: {text}")
    for touch in fields(hand):
        if touch._is_chosen and "✓" not in "".join(touch.shown_lines()):
            found.add(f"only its colour says that {touch.id} is chosen")
    return sorted(found)


def focus_faults(hand: Hand) -> list[str]:
    """A focus that is not seen: it has marks, or its colour stands out by 3 to 1; exactly one field has it."""
    focused = hand.app.screen.focused
    if not isinstance(focused, Touch) or not focused.region.area:
        return ["nothing has the focus"]
    if focused.id == "call":
        return ["the focus begins on Call"]
    region, rows = focused.region, drawn(hand)
    found = [] if hand.app.screen.region.contains_region(region) else ["the focus is outside the screen"]
    inside = _background(rows, region.x, region.y)
    around = _background(rows, max(0, region.x - 1) if region.x else region.right, region.y)
    if contrast(inside, around) < LEAST_OTHER:
        found.append(f"the focus stands out by {contrast(inside, around):.1f}")
    marked = ["".join(touch.shown_lines()) for touch in fields(hand)]
    if sum(any(mark in text for mark in FOCUS_MARKS) for text in marked) > 1:
        found.append("two fields look as if they had the focus")
    return found


def _background(rows: list[list[Segment]], x: int, y: int) -> str:
    at = 0
    for segment in rows[y]:
        at += segment.cell_length
        if x < at:
            return colours(segment.style)[1]
    raise AssertionError((x, y))


def reached(page: BedScreen) -> set[str]:
    """What arrows lead to from where the focus begins, by value."""
    before = page.focused
    page.set_focus(page.first_focus())
    found, todo = {page.focused}, [page.focused]
    while todo:
        here = todo.pop()
        for arrow in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            page.set_focus(here)
            page._walk(*arrow)
            if page.focused not in found:
                found.add(page.focused)
                todo.append(page.focused)
    page.set_focus(before)
    return {touch.value for touch in found if isinstance(touch, Touch)}
