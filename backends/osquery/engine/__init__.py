"""The embedded engine: the written SQL, run by SQLite over osquery's tables and functions (spec osquery 10).

`schema` facts apart it shares nothing with the writer: it reads the text, prepares it against the tables of its
platform, checks what SQLite would let pass and osquery would not (`checks`), and runs it on rows (`rows`).
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from backends.osquery.engine.checks import check
from backends.osquery.engine.database import QueryError, connect, prepare
from backends.osquery.engine.rows import Cell, Row, rows
from backends.osquery.engine.text import Query, queries
from backends.osquery.layout import TABLE, Layout
from converter.backend import Artifact, Observations, TargetEvent

MISSING: Mapping[str, Cell] = {"NULL": None, "''": ""}
"""How osquery may spell a missing text; a query must not tell the two apart."""


class SqliteEngine:
    """`layouts`: how the events of each source of the profile lie in the tables. `missing`: the spellings of a missing
    text to try, names of `MISSING`."""

    name = "sqlite"
    independent = True

    def __init__(self, layouts: Mapping[str, Layout], missing: Sequence[str] = tuple(MISSING)) -> None:
        self._layouts = dict(layouts)
        self._missing = tuple(missing)

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        """The ids of the events that some query selects. Each event is put into the tables alone, so that its rows
        need no mark that the text could see, and two events never share a snapshot row.

        An event whose answer depends on how a missing text is spelled is reported with that spelling beside its id,
        which no other engine does. Raises QueryError for a query that osquery would not run.
        """
        found: set[tuple[str, ...]] = set()
        for query in (query for artifact in artifacts for query in queries(artifact)):
            check(query.sql)
            prepare(query.sql, query.platform)
            for event in events:
                if event.time <= now:
                    found.update(self._observed(query, event, now))
        return Observations("events", frozenset(found))

    def _observed(self, query: Query, event: TargetEvent, now: float) -> Iterator[tuple[str, ...]]:
        layout = self._layout(query, event)
        if layout is None:
            return
        clock = Row("time", {"unix_time": int(now // 1000)})
        spellings = [name for name in self._missing if _selects(query, [clock, *rows(event, layout, MISSING[name])])]
        if len(spellings) == len(self._missing):
            yield (event.id,)
        else:
            yield from ((event.id, f"only if a missing text is {name}") for name in spellings)

    def _layout(self, query: Query, event: TargetEvent) -> Layout | None:
        """How the event lies in the tables of the query's platform; None if it is no event of that platform. A
        neighbour lies in its table as that table's own events do."""
        if event.source is not None:
            layout = self._layouts[event.source]
            return layout if layout.platform == query.platform else None
        place = query.platform, *event.fields.get(TABLE, ())
        return next((known for known in self._layouts.values() if (known.platform, known.table) == place), None)


def _selects(query: Query, content: Sequence[Row]) -> bool:
    """Whether the query returns a row over these rows alone, which are taken out again."""
    connection = _database(query.platform)
    connection.execute("BEGIN")
    try:
        for row in content:
            names = ", ".join(f"`{name}`" for name in row.cells)
            marks = ", ".join("?" * len(row.cells))
            insert = f"INSERT INTO `{row.table}` ({names}) VALUES ({marks})"  # noqa: S608 - names of the schema
            connection.execute(insert, tuple(row.cells.values()))
        return connection.execute(query.sql).fetchone() is not None
    except sqlite3.Error as error:
        raise QueryError("osquery-query", f"the query fails on an event: {error}") from error
    finally:
        connection.execute("ROLLBACK")


@cache
def _database(platform: str) -> sqlite3.Connection:
    """One database for all runs: making the tables takes longer than most runs."""
    return connect(platform)


__all__ = ["MISSING", "QueryError", "SqliteEngine"]
