"""Fills any message with values that can be found again: every text holds the mark, every field is there."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from wardlink.ids import new_id

_NUMBERS = (61, 7, 4, 1, 0, 0.5)


def filled(wanted: Any, mark: str, at: datetime) -> Any:
    """A value of this type, as its validator takes it. `mark`: small letters and hyphens, so that it may be a name too.

    Raises:
        LookupError: nothing that is known fits this type; teach it here.
    """
    adapter: TypeAdapter[Any] = TypeAdapter(wanted)
    raw = _raw(wanted, (), mark, at)
    try:
        return adapter.validate_python(raw)
    except ValidationError:
        # A rule over several fields: what is said with yes everywhere is told with no.
        return adapter.validate_python({name: False if value is True else value for name, value in raw.items()})


def _raw(wanted: Any, limits: tuple[Any, ...], mark: str, at: datetime) -> Any:
    origin, args = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return _raw(args[0], (*limits, *args[1:]), mark, at)
    if origin in (Union, types.UnionType):
        return _raw(next(arg for arg in args if arg is not type(None)), limits, mark, at)
    if origin is Literal:
        return args[0]
    if origin in (tuple, list, frozenset, set):
        return tuple(_raw(arg, (), mark, at) for arg in args if arg is not Ellipsis)
    if origin is not None and issubclass(origin, Mapping):
        return {_raw(args[0], (), mark, at): _raw(args[1], (), mark, at)}
    if isinstance(wanted, type) and issubclass(wanted, BaseModel):
        hints = get_type_hints(wanted, include_extras=True)
        return {name: _raw(hints[name], tuple(field.metadata), mark, at) for name, field in wanted.model_fields.items()}
    if is_dataclass(wanted):
        hints = get_type_hints(wanted, include_extras=True)
        return {field.name: _raw(hints[field.name], (), mark, at) for field in fields(wanted)}
    return _plain(wanted, limits, mark, at)


def _plain(wanted: Any, limits: tuple[Any, ...], mark: str, at: datetime) -> Any:
    choices: dict[Any, tuple[Any, ...]] = {
        str: (mark, mark.upper(), mark[:8], new_id(), mark[:3], "A1", "0" * 64, "0" * 16, ""),
        int: tuple(n for n in _NUMBERS if isinstance(n, int)),
        float: _NUMBERS,
        bool: (True,),
        datetime: (at,),
        AwareDatetime: (at,),
        date: (at.date(),),
        time: (at.time(),),
        Any: (mark,),
    }
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[wanted, *limits] if limits else wanted)
    for choice in choices.get(wanted, ()):
        try:
            adapter.validate_python(choice)
        except ValidationError:
            continue
        return choice
    raise LookupError(f"nothing fits {wanted} {limits}")
