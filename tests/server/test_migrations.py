"""Migrations and models agree, on both engines, and a migration happens wholly or not at all."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from server.db import Database, connect
from server.migrate import DESCRIBE, downgrade, shown, upgrade
from server.tables import METADATA
from wardlink.clinical.frequencies import frequencies, frequency_of
from wardlink.errors import Misconfigured, Unreachable
from wardlink.i18n import speaking


def test_the_migrations_make_the_tables_of_the_models(database: Database) -> None:
    """Every table, column, type, index and constraint: Alembic finds nothing that differs."""
    with database.read() as conn:
        context = MigrationContext.configure(conn, opts=DESCRIBE | {"compare_server_default": True})
        differences = compare_metadata(context, METADATA)

    assert differences == []


def test_a_difference_would_be_found(database: Database) -> None:
    """The comparison above is no empty one: a column too many shows."""
    with database.write() as conn:
        conn.exec_driver_sql("ALTER TABLE ward ADD COLUMN forgotten INTEGER")
        differences = compare_metadata(MigrationContext.configure(conn, opts=DESCRIBE), METADATA)

    assert [difference[0] for difference in differences] == ["remove_column"]


def test_the_way_down_and_up_again(database_url: str) -> None:
    """To nothing and back; the way down leaves no table behind."""
    downgrade(database_url, "base")
    engine = connect(database_url)
    try:
        left = set(inspect(engine).get_table_names()) - {"alembic_version"}
        upgrade(database_url)
        there = set(inspect(engine).get_table_names())
    finally:
        engine.dispose()

    assert left == set()
    assert there >= set(METADATA.tables)


def test_many_at_once_upgrade_an_empty_database(tmp_path: Path) -> None:
    """A server and the command line may come first together: one makes the tables, the others wait for it."""
    url = f"sqlite:///{tmp_path / 'new' / 'ward.db'}"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [url] * 4))

    engine = connect(url)
    try:
        assert set(inspect(engine).get_table_names()) >= set(METADATA.tables)
    finally:
        engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(database: Database, database_url: str) -> None:
    """It is said in words, and nothing is changed."""
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Misconfigured) as refused, speaking("en"):
        upgrade(database_url)
    assert "newer Wardlink" in str(refused.value)


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """A table stands in the way of the first migration: none of the others is made."""
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    engine = connect(url)
    try:
        with engine.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE vitals (something TEXT)")
        with pytest.raises(Unreachable):
            upgrade(url)
        assert inspect(engine).get_table_names() == ["vitals"]
    finally:
        engine.dispose()


@pytest.mark.parametrize("url", ["nonsense", "", "://", "oracle+thing"])
def test_an_address_that_is_none_is_said(url: str) -> None:
    """Not a traceback of the library."""
    with pytest.raises(Misconfigured):
        upgrade(url)


def test_a_database_that_does_not_answer_is_said_without_its_password() -> None:
    """The address in the sentence has stars for the password."""
    with pytest.raises(Unreachable) as refused:
        upgrade("postgresql+psycopg://ward:secret@127.0.0.1:1/ward")

    assert "secret" not in str(refused.value)
    assert "ward:***@127.0.0.1:1" in str(refused.value)


def test_an_address_is_shown_without_its_password() -> None:
    """For the line that the server says at its start."""
    assert shown("postgresql+psycopg://a:b@h/n") == "postgresql+psycopg://a:***@h/n"


def test_orders_of_before_get_the_times_they_were_planned_by(database_url: str) -> None:
    """Each its own code's; what is no order gets none."""
    downgrade(database_url, "0028")
    engine = connect(database_url)
    record = sa.table("record", *map(sa.column, ("kind", "id", "ward", "at", "state", "is_open", "body")))
    rows = [("order", "o1", '{"frequency":"tid"}'), ("order", "o2", '{"frequency":"prn"}'), ("dose", "d1", "{}")]
    fixed = {"ward": "w1", "at": 0, "state": "active", "is_open": True}
    try:
        with engine.begin() as conn:
            conn.execute(
                sa.insert(record), [fixed | dict(zip(("kind", "id", "body"), row, strict=True)) for row in rows]
            )
        upgrade(database_url)
        with engine.connect() as conn:
            kept = conn.execute(sa.text('SELECT "order", row FROM order_timing ORDER BY "order"')).all()
    finally:
        engine.dispose()

    found = {
        order: frequency_of(code, json.loads(row)) for (order, row), code in zip(kept, ("tid", "prn"), strict=True)
    }
    assert found == {"o1": frequencies()["tid"], "o2": frequencies()["prn"]}
