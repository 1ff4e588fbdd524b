"""Lookup tables that a search reads: their contents, and their stanzas in transforms.conf and collections.conf
(spec splunk 5.2, 5.3, 7.2)."""

import csv
import io
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table in a file: columns, rows of texts, and the columns that hold blocks of addresses (`10.0.0.1/32`)."""

    name: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    networks: tuple[str, ...] = ()

    def text(self) -> str:
        """The file: a header, a line per row, no carriage returns (spec splunk 7.5)."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return out.getvalue()

    def transforms(self) -> str:
        lines = [f"[{self.name}]", f"filename = {self.file}", "case_sensitive_match = true", "max_matches = 1"]
        if self.networks:
            lines.append("match_type = " + ", ".join(f"CIDR({name})" for name in self.networks))
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Collection:
    """A table that the search itself fills, in the KV store."""

    name: str
    key: str
    numbers: tuple[str, ...]

    def transforms(self) -> str:
        fields = ", ".join(("_key", self.key, *self.numbers))
        lines = [f"[{self.name}]", "external_type = kvstore", f"collection = {self.name}", f"fields_list = {fields}"]
        return "\n".join([*lines, "case_sensitive_match = true", "max_matches = 1"]) + "\n"

    def collections(self) -> str:
        types = [f"field.{self.key} = string", *(f"field.{name} = number" for name in self.numbers)]
        return "\n".join([f"[{self.name}]", *types]) + "\n"
