"""Lookup tables: rows of texts, and how their columns are compared (spec splunk 1.1, 5.3; transforms.conf)."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backends.splunk.engine.errors import SplError
from backends.splunk.engine.literal import lower
from backends.splunk.engine.network import block, contains
from backends.splunk.engine.search.pattern import wildcard_test

DEFAULT_MATCHES = 100
_MATCH_TYPE = re.compile(r"(CIDR|WILDCARD|EXACT)\(\s*([\w.]+)\s*\)")

Record = dict[str, str]


@dataclass(slots=True)
class Table:
    """A table with its definition. `kinds`: columns compared other than exactly (`CIDR`, `WILDCARD`)."""

    columns: tuple[str, ...]
    rows: list[Record] = field(default_factory=list)
    case_sensitive: bool = True
    kinds: Mapping[str, str] = field(default_factory=dict)
    most: int = DEFAULT_MATCHES

    def matching(self, wanted: Mapping[str, str]) -> list[Record]:
        """The first rows whose columns all fit the values."""
        found = [row for row in self.rows if all(self._fits(row.get(name), name, wanted[name]) for name in wanted)]
        return found[: self.most]

    def _fits(self, cell: str | None, column: str, value: str) -> bool:
        if cell is None:
            return False
        match self.kinds.get(column):
            case "CIDR":
                network = block(cell)
                return value == cell if network is None else contains(network, value)
            case "WILDCARD":
                return wildcard_test(cell, fold=not self.case_sensitive)(value)
            case _:
                return value == cell if self.case_sensitive else lower(value) == lower(cell)

    def write(self, rows: Iterable[Record], *, key: str | None, append: bool) -> None:
        """Takes rows in; those of a key that is there already replace it."""
        if not append:
            self.rows.clear()
        for row in rows:
            if key is not None:
                self.rows = [other for other in self.rows if other.get(key) != row.get(key)]
            self.rows.append(row)


def of_file(text: str) -> list[Record]:
    """The rows of a CSV file; an empty cell is no value."""
    return [{name: value for name, value in row.items() if value} for row in csv.DictReader(io.StringIO(text))]


def lookup_table(text: str, **settings: str) -> Table:
    """A lookup of a CSV file's text, as a stanza of transforms.conf with these settings would define it
    (`case_sensitive_match`, `match_type`, `max_matches`). Raises SplError."""
    found = of_stanza({**settings, "filename": "it"}, {"it": text})
    if found is None:
        raise TypeError("a stanza with a file defines a table")
    return found


def of_stanza(keys: Mapping[str, str], files: Mapping[str, str]) -> Table | None:
    """The table that a stanza of transforms.conf defines, None if it defines none. Raises SplError."""
    kinds = {name: kind for kind, name in _MATCH_TYPE.findall(keys.get("match_type", ""))}
    sensitive = keys.get("case_sensitive_match", "true").lower() in ("1", "true")
    most = int(keys.get("max_matches", DEFAULT_MATCHES))
    if "fields_list" in keys:
        columns = tuple(name.strip() for name in keys["fields_list"].split(","))
        return Table(columns, [], sensitive, kinds, most)
    if "filename" not in keys:
        return None
    if keys["filename"] not in files:
        raise SplError("spl-lookup", f"there is no file `{keys['filename']}`")
    content = files[keys["filename"]]
    columns = tuple(next(csv.reader(io.StringIO(content)), ()))
    return Table(columns, of_file(content), sensitive, kinds, most)
