"""Plain elements for the pages: a tag, a class, attributes, and text that is always shown as text."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement


def tag(name: str, text: str | None = None, /, *, cls: str = "", **attributes: Any) -> Element:
    """An element `<name class="cls" …>` in the place where the code stands; usable with `with`.

    Attributes that are None are left out; an underscore at the end or inside a name becomes nothing or a hyphen.
    """
    element = Element(name) if text is None else TextElement(tag=name, text=text)
    if cls:
        element.classes(cls)
    for key, value in attributes.items():
        if value is not None:
            element.props[key.rstrip("_").replace("_", "-")] = value
    return element
