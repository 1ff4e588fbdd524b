"""SQLite databases with the tables of one osquery platform: what a query is prepared against and run on."""

import sqlite3
from functools import cache

from backends.osquery.engine.functions import register, register_path_functions
from backends.osquery.schema import Table, removed_tables, tables, tables_on
from converter.errors import ConverterError

_PERMITTED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


class QueryError(ConverterError):
    """A query that osquery would not run, or would not run as meant."""


def connect(platform: str) -> sqlite3.Connection:
    """An empty database with every table of the platform. Columns that hold data elsewhere only are left out, so that
    a query that reads one does not prepare."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    register(connection)
    register_path_functions(connection, platform)
    connection.executescript("".join(_create(table, platform) for table in tables_on(platform).values()))
    return connection


def prepare(sql: str, platform: str) -> None:
    """Compiles the query against the platform's tables, with osquery's authorizer. Raises QueryError."""
    try:
        _for_preparing(platform).execute(f"EXPLAIN {sql}")
    except sqlite3.Error as error:
        raise QueryError(
            "osquery-query", f"osquery on {platform} does not accept the query: {_reason(error)}"
        ) from error


@cache
def _for_preparing(platform: str) -> sqlite3.Connection:
    connection = connect(platform)
    connection.set_authorizer(_authorise)
    return connection


def _authorise(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _PERMITTED else sqlite3.SQLITE_DENY


def _create(table: Table, platform: str) -> str:
    columns = ", ".join(
        f"`{column.name}` {column.type}{' COLLATE NOCASE' if column.collate == 'NOCASE' else ''}"
        for column in table.columns.values()
        if platform in column.platforms
    )
    return f"CREATE TABLE `{table.name}` ({columns});\n"


def _reason(error: sqlite3.Error) -> str:
    """SQLite's words, and why the table is missing where that is known."""
    reason = str(error)
    table = reason.removeprefix("no such table: ")
    if table in removed_tables():
        return f"{reason} (removed after osquery {removed_tables()[table].last_release})"
    if table in tables():
        return f"{reason} (a table of {', '.join(tables()[table].platforms)})"
    return reason
