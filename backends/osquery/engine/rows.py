"""Target events as rows: the event's own row, the snapshot rows its joins find, and its JSON payload."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from backends.osquery.layout import PAYLOAD_COLUMN, TABLE, Layout
from backends.osquery.schema import Table, tables
from converter.backend import TargetEvent
from converter.events.event import Scalar

Cell = str | int | float | None

FREE_KEY = 2**40
"""Joins an event to its snapshot row where the event states values of the row but not the id they share. No real pid
or uid is that large, so that no test on the id can mean it."""


@dataclass(frozen=True, slots=True)
class Row:
    table: str
    cells: Mapping[str, Cell]


def rows(event: TargetEvent, layout: Layout, missing: Cell) -> list[Row]:
    """The rows that are there when the event is queried. `missing` stands in text columns that the event does not
    state: NULL in stored events, an empty text in most snapshots (spec osquery 2.1). Times are cut to seconds, and of
    several values, which no column can hold, the first is taken."""
    values = {name: found[0] for name, found in event.fields.items() if name != TABLE and found}
    cells: dict[str, Cell] = {"time": int(event.time // 1000), "eid": "0000000001"}
    joined: dict[str, dict[str, Cell]] = {name: {} for name in layout.joins}
    payload: dict[str, str] = {}
    for name, value in values.items():
        place = layout.place(name)
        if place.join is not None:
            joined[place.join][place.column] = _cell(value)
        elif place.payload is not None:
            payload[place.column] = _payload_text(value)
        else:
            cells[place.column] = _cell(value)
    found = [
        Row(join.table, joined[name] | _link(cells, join.on))
        for name, join in layout.joins.items()
        if joined[name] or (missing is not None and cells.keys() >= set(join.on.values()))
    ]
    if layout.payload is not None:
        cells[PAYLOAD_COLUMN] = json.dumps({layout.payload: payload}, ensure_ascii=False)
    return [_completed(row, layout.platform, missing) for row in (Row(layout.table, cells), *found)]


def _link(cells: dict[str, Cell], on: Mapping[str, str]) -> dict[str, Cell]:
    """The join columns of a snapshot row; an event that does not state the id gets one."""
    return {column: cells.setdefault(own, FREE_KEY) for column, own in on.items()}


def _completed(row: Row, platform: str, missing: Cell) -> Row:
    table: Table = tables()[row.table]
    texts = {
        column.name: missing for column in table.columns.values() if column.is_text and platform in column.platforms
    }
    known = {name: cell for name, cell in row.cells.items() if table.column(name, platform)}
    return Row(row.table, {**texts, **known})


def _cell(value: Scalar) -> Cell:
    return int(value) if isinstance(value, bool) else value


def _payload_text(value: Scalar) -> str:
    """Windows event values are texts, whatever they mean (spec osquery 2.1)."""
    return str(value).lower() if isinstance(value, bool) else str(value)
