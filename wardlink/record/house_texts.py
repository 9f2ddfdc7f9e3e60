"""Texts of the hospital's own in the ward record: one set a ward, held by every device of it, also at the beds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from wardlink.messages.records import RecordView
from wardlink.record.kind import Fold, Kind, Said

V = TypeVar("V", bound=RecordView)


def house_texts(name: str, view: type[V], id_of: Callable[[str], str]) -> Kind[V]:
    """The kind of these texts: told by `{name}.set`, in the field `name` of its body and of `view`.

    `view` has `told_at` and `command` as well; `id_of`: the id of the set of a ward.
    """

    def told(known: Any, said: Said) -> V:
        command = said.command
        if known is not None and known.command == command.id:
            return known  # type: ignore[no-any-return]
        about = {"id": id_of(command.ward), "told_at": command.measured_at, "command": command.id}
        return view.model_validate(about | {name: getattr(said.body, name)})

    return Kind(
        name,
        view,
        at=lambda found: found.told_at,
        folds={f"{name}.set": Fold(told, target=lambda command, _body: id_of(command.ward))},
        is_open=lambda _found: True,
        state=lambda _found: "set",
        for_bed=True,
        for_every_bed=True,
    )
