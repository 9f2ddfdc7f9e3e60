"""The sums of medication safety are those of the doses, however often these change, and after a recount."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Table, delete, insert, select, update

from server.db import Database
from server.medication import sums
from server.medication.facts import Placed
from server.record.models import RecordRow
from tests.server.medication.test_counting import DUE, dose, event, some_doses
from wardlink.ids import new_id
from wardlink.record.doses import DOSE

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]


def write(db: Database, before: Placed | None, after: Placed) -> None:
    """A dose is written as the ward record writes it."""
    view = after.dose
    row = {"ward": after.ward, "bed": after.bed, "at": DOSE.at(view), "state": view.state}
    row |= {"is_open": DOSE.is_open(view), "body": view.model_dump_json(exclude_none=True)}
    with db.write() as conn:
        sums.follow_dose(conn, before, after)
        conn.execute(delete(_RECORD).where(_RECORD.c.id == view.id))
        conn.execute(insert(_RECORD).values(kind="dose", id=view.id, **row))


@pytest.mark.parametrize("seed", range(3))
def test_any_walk_of_doses_is_summed_as_the_doses(database: Database, seed: int) -> None:
    """Doses that become anything, in another bed or ward, with another drug, due on another day."""
    dice = random.Random(seed)
    names = [new_id() for _n in range(8)]
    known: dict[str, Placed] = {}
    for view in some_doses(seed) + some_doses(seed + 100):
        name = dice.choice(names)
        after = Placed(dice.choice("ab"), dice.choice(["1", "2", None]), view.model_copy(update={"id": name}))
        write(database, known.get(name), after)
        known[name] = after

        with database.read() as conn:
            assert sums.kept(conn) == sums.from_facts(conn)


def test_a_giving_that_is_struck_out_leaves_nothing(database: Database) -> None:
    """What was given in error is not counted any more."""
    given = dose(event("give", DUE))
    struck = given.model_copy(update={"state": "planned", "events": (event("give", DUE, struck_at=DUE),)})
    write(database, None, Placed("a", "1", given))
    write(database, Placed("a", "1", given), Placed("a", "1", struck))

    with database.read() as conn:
        assert sums.kept(conn) == {}


def test_a_recount_mends_what_somebody_broke(database: Database) -> None:
    """Wrong sums are seen, missing ones where somebody gave a dose are made at the server's start."""
    write(database, None, Placed("a", "1", dose(event("give", DUE))))
    with database.write() as conn:
        right = sums.kept(conn)
        conn.execute(update(sums.SUM).values(given=7))
        assert sums.kept(conn) != sums.from_facts(conn)
        assert sums.recount(conn) == len(right)
        names = conn.execute(select(sums.SUM.c.name_en).where(sums.SUM.c.line == "drug")).scalar_one()
        assert (sums.kept(conn), names) == (right, "Aspirin")
        conn.execute(delete(sums.SUM))

    sums.bring_up_to_date(database)

    with database.read() as conn:
        assert sums.kept(conn) == right
        assert sums.is_in_force(conn)
