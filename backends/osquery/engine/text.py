"""Reading back what was written: the queries of a `.sql` file or a query pack, each with its platform."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from backends.osquery.schema import PLATFORMS
from converter.backend import Artifact
from converter.errors import ConfigurationError

_HEADER = re.compile(r"--\s*platform:\s*(\w+)\s*")


@dataclass(frozen=True, slots=True)
class Query:
    sql: str
    platform: str


def queries(artifact: Artifact) -> list[Query]:
    """The queries of an artifact. Raises ConfigurationError for a format without SQL or a query without a platform."""
    if artifact.suffix == ".sql":
        return [Query(artifact.text, _platform(_header(artifact.text)))]
    if artifact.suffix == ".pack.json":
        return list(_packed(artifact.text))
    raise ConfigurationError("engine-format", f"the SQLite engine runs `sql` and `pack`, not `{artifact.suffix}`")


def _packed(text: str) -> Iterator[Query]:
    try:
        pack = json.loads(text)
    except (ValueError, RecursionError):
        raise ConfigurationError("engine-format", "the query pack is not JSON") from None
    match pack:
        case {"queries": dict() as entries}:
            for entry in entries.values():
                match entry:
                    case {"query": str() as sql}:
                        yield Query(sql, _platform(entry.get("platform", pack.get("platform"))))
                    case _:
                        raise ConfigurationError("engine-format", "an entry of the query pack has no query")
        case _:
            raise ConfigurationError("engine-format", "the text is JSON, but no query pack")


def _header(text: str) -> str | None:
    """The platform that the comment above a query states."""
    for line in text.splitlines():
        found = _HEADER.fullmatch(line.strip())
        if found:
            return found[1]
    return None


def _platform(name: object) -> str:
    if not isinstance(name, str) or name not in PLATFORMS:
        raise ConfigurationError("engine-format", f"a query states no platform that osquery has: `{name}`")
    return name
