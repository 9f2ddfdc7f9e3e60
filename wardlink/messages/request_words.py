"""Requests in the words of those who see to them: on the cart and on the manager's page."""

from __future__ import annotations

from wardlink.clinical.requests.catalogue import category_text, offer_text
from wardlink.clinical.requests.shopping import article_text
from wardlink.messages.requests import RequestView
from wardlink.money import yuan


def what_text(view: RequestView) -> str:
    """What was asked for, in a line: with the articles of a list, and with the line that a question is about."""
    said = category_text(view.category)
    if view.category == "query" and view.about is not None:
        amount = "" if view.about.amount_fen is None else f" ¥{yuan(view.about.amount_fen)}"
        return f"{said} · {view.about.day:%m-%d} {view.about.name}{amount}"
    if view.category == "shopping":
        return f"{said} · " + " · ".join(f"{article_text(one.code)} × {one.quantity}" for one in view.articles)
    return f"{said} · {offer_text(view.category, view.code)}"
