"""The least that Textual can be: an app that shows the last key. What the screens are measured against."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static


class EmptyApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("ready")

    def on_key(self, event: events.Key) -> None:
        """Show the key."""
        self.query_one(Static).update(event.key)


if __name__ == "__main__":
    EmptyApp().run()
