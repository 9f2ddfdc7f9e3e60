"""A person on a chair who shows a movement, breath by breath."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from wardlink.clinical.wellness import Pose
from wardlink.terminal.figure import BODY, CHAIR, paint


class Figure(Widget):
    """Draws a pose as large as it fits. Nothing until `show` has been called."""

    DEFAULT_CSS = "Figure { width: 1fr; height: 1fr; }"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"figure--body", "figure--chair", "figure--face"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pose: Pose | None = None

    def show(self, pose: Pose) -> None:
        """Draw this pose from now on."""
        if pose != self._pose:
            self._pose = pose
            self.refresh()

    def render_lines(self, crop: object) -> list[Strip]:
        """The whole picture at once: it is small, and every row of it changes."""
        columns, rows = self.size
        ground = self.rich_style
        if self._pose is None or not columns or not rows:
            return [Strip.blank(columns, ground)] * rows
        canvas = paint(self._pose, columns, rows)
        inks = {
            BODY: self.get_component_rich_style("figure--body"),
            CHAIR: self.get_component_rich_style("figure--chair"),
        }
        face = self.get_component_rich_style("figure--face")
        return [
            Strip(
                [Segment(char, ground if owner is None else inks.get(owner, face)) for char, owner in canvas.row(row)],
                columns,
            )
            for row in range(rows)
        ]
