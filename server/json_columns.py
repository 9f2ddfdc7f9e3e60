"""Reads JSON inside the database, on both engines: a member of an object, and the elements of a list as rows.

`Json` speaks of a text column that holds an object, or of an element of a list that it gave itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, TableValuedAlias, cast, column, func, type_coerce
from sqlalchemy.dialects.postgresql import JSONB


class Json:
    """The JSON of one engine."""

    def __init__(self, conn: Connection) -> None:
        self._is_postgres = conn.dialect.name == "postgresql"

    def parsed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A text column as JSON."""
        return cast(column, JSONB) if self._is_postgres else column

    def text(self, element: ColumnElement[Any], *names: str) -> ColumnElement[str]:
        """A member as text; NULL where there is none. Several names lead into objects inside."""
        if not self._is_postgres:
            return type_coerce(func.json_extract(element, "$." + ".".join(names)), String)
        for name in names[:-1]:
            element = element.op("->")(name)
        return type_coerce(element.op("->>")(names[-1]), String)

    def each(self, element: ColumnElement[Any], name: str, alias: str) -> TableValuedAlias:
        """The elements of a list: `key` grows from one to the next, `value` is the element; none where it is absent."""
        if not self._is_postgres:
            rows = func.json_each(element, f"$.{name}")
            return rows.table_valued("key", "value", name=alias, joins_implicitly=True)
        rows = func.jsonb_array_elements(element.op("->")(name))
        valued = rows.table_valued(column("value", JSONB), with_ordinality="key", name=alias, joins_implicitly=True)
        return valued.render_derived()

    def has(self, element: ColumnElement[Any], listed: str, name: str, value: str) -> ColumnElement[bool]:
        """Whether an object of the list `listed` has this member, which no other object of the element may have.

        SQLite looks for the member as it is written: much faster than to read the list. Inside a text its quotes
        would be escaped.
        """
        if not self._is_postgres:
            return func.instr(element, f'"{name}":"{value}"') > 0
        return element.contains({listed: [{name: value}]})

    def instant(self, element: ColumnElement[Any], name: str) -> ColumnElement[str]:
        """An instant of a message as text that sorts by time: all are in UTC, some with parts of a second."""
        return self.in_order(func.rtrim(self.text(element, name), "Z"))

    def in_order(self, text: ColumnElement[str]) -> ColumnElement[str]:
        """Text that is compared by its letters and not by the rules of a language."""
        return text.collate("C") if self._is_postgres else text


def instant_text(at: datetime) -> str:
    """An instant as `Json.instant` has it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat()
