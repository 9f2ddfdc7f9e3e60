"""What family are called where the server shows who acted: by the name that the patient gave them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from server.family.acting import consent_called
from wardlink.clinical.family import family_text

_FAMILY = "family:"


def family_names(conn: Connection, actors: Iterable[str]) -> dict[str, str]:
    """The words for those of `actors` (`kind:id`) who are family, in the language of this context."""
    ids = {actor: actor.removeprefix(_FAMILY) for actor in actors if actor.startswith(_FAMILY)}
    found = {actor: consent_called(conn, id) for actor, id in ids.items()}
    return {actor: family_text(one.name, one.relation, one.number) for actor, one in found.items() if one is not None}
