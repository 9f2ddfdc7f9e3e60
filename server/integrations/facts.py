"""Numbers and addresses of the channels, read from `channels.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Facts:
    """One channel. `skew`: how far the time inside a signed answer may be off; None where answers carry none."""

    address: str
    code_lives: timedelta
    timeout_s: float
    skew: timedelta | None = None


@cache
def facts(channel: str) -> Facts:
    """What is known of `wechat` or `alipay`."""
    table = tomllib.loads(files(__package__).joinpath("channels.toml").read_text("utf-8"))[channel]
    skew_s = table.get("skew_s")
    return Facts(
        address=table["address"],
        code_lives=timedelta(seconds=table["code_lives_s"]),
        timeout_s=table["timeout_s"],
        skew=None if skew_s is None else timedelta(seconds=skew_s),
    )
