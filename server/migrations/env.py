"""Runs migrations on the connection that `server.migrate` has opened. Loaded by Alembic only."""

from __future__ import annotations

from alembic import context

from server.migrate import DESCRIBE
from server.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # `server.migrate` has begun a transaction on both engines; all migrations happen in it or none does.
    transactional_ddl=True,
    **DESCRIBE,
)
with context.begin_transaction():
    context.run_migrations()
