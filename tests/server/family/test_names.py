"""Who of the family has done something is named where staff read it."""

from __future__ import annotations

from server.dashboard.words import actor_text
from server.family.names import family_names
from tests.server.family.bed import Bed
from wardlink.i18n import speaking


def test_family_are_named_as_the_patient_called_them(bed: Bed) -> None:
    """With the relation; without a name by the relation, and after the end all the same."""
    named, other = bed.grant(), bed.grant(relation="son", name="")
    bed.withdraw(named)
    actors = [f"family:{named}", f"family:{other}", "staff:n1", "family:nobody"]
    with bed.ward.db.read() as conn, speaking("zh_CN"):
        names = family_names(conn, actors)
        shown = [actor_text(actor, names | {"n1": "李静"}) for actor in actors]

    assert shown == ["家属：李芳（女儿）", "家属：儿子", "李静", "家属 nobody"]
