"""Answers for the tests: random ones that a scale accepts, and the first ones of every item."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from wardlink.clinical.assessments.scales import Scale


def answers_of(scale: Scale) -> st.SearchStrategy[dict[str, str]]:
    """An answer to every item of the scale, also to those that may turn out not to be asked."""
    each = {item.code: st.sampled_from([option.code for option in item.options]) for item in scale.items}
    return st.fixed_dictionaries(each)


def in_order(scale: Scale, *points: int) -> Mapping[str, str]:
    """The answers with these points, item by item, as a paper form reads."""
    found = {}
    for item, value in zip(scale.items, points, strict=True):
        found[item.code] = next(option.code for option in item.options if option.points == value)
    return found
