"""How every page is looked at: whether its letters can be read in the dark, and whether it looks as it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from rich.style import Style
from textual.color import Color
from textual.pilot import Pilot
from textual.widgets import Input

from cart.app import CartApp
from cart.ports import Ward
from tests.cart.nurse import Nurse, process_language, sample

Act = Callable[[Nurse], Awaitable[None]]
"""What a nurse does until the page stands as it is looked at."""
Compare = Callable[..., bool]
View = tuple[Act, tuple[int, int], str]
"""A page, a size and a language."""

READABLE = 4.5
"""The least contrast of a letter. Source: WCAG 2.1, 1.4.3."""


def views(pages: Iterable[Act], sizes: Iterable[tuple[int, int]], *languages: str) -> list[View]:
    """Every page at every size in every language."""
    listed = list(sizes)
    return [(page, size, speaks) for page in pages for size in listed for speaks in languages]


def name(view: View) -> str:
    """What the picture of a view is called."""
    page, size, speaks = view
    return f"{page.__name__}-{size[0]}-{speaks}"  # type: ignore[attr-defined]


def pale_letters(nurse: Nurse) -> set[tuple[str, float]]:
    """Letters that are hard to read against what lies behind them, the line of the cursor included."""
    return {
        (segment.text.strip(), round(contrast, 1))
        for strip in nurse.app.screen._compositor.render_strips()
        for segment in strip
        if any(char.isalnum() for char in segment.text) and (contrast := contrast_of(segment.style)) < READABLE
    }


def looks_as_it_did(
    view: View, snap_compare: Compare, *, ward: Callable[[], Ward] = sample, keeps_notes: bool = False
) -> bool:
    """Whether a page looks as on its picture, with a clock that stands still, and perhaps with what was said last."""
    page, size, speaks = view
    app = CartApp(ward, named="C2")
    app.NOTIFICATION_TIMEOUT = 3600  # What lies below a question stays there however slow the machine is.

    async def act(pilot: Pilot[Any]) -> None:
        nurse = Nurse(app, pilot)
        await page(nurse)
        await nurse.changed()
        if not keeps_notes:
            app.clear_notifications()
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause()

    with process_language(speaks):
        return snap_compare(app, terminal_size=size, run_before=act)


def contrast_of(style: Style | None) -> float:
    """How far letters and ground are apart. Source: WCAG 2.1, 1.4.3."""
    assert style is not None
    assert style.color is not None
    assert style.bgcolor is not None
    ink, ground = (Color.from_rich_color(color) for color in (style.color, style.bgcolor))
    if style.reverse:
        ink, ground = ground, ink
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    parts = (part / 255 for part in color.rgb)
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
