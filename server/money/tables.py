"""The data files of this folder, read once each when first asked for.

Rows carry `source`, `as_of` and `trust` as those of `wardlink.clinical.tables` do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

TABLES = ("accounts", "charging", "policy", "prices")


@cache
def load(name: str) -> Mapping[str, Any]:
    """The data file called `name`.

    Raises:
        ValueError: there is none.
    """
    if name not in TABLES:
        raise ValueError(f"there is no table {name}")
    return tomllib.loads(files("server.money").joinpath(f"{name}.toml").read_text("utf-8"))
