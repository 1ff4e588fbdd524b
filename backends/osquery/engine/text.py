"""Reading back what was written: the queries of a `.sql` file or a query pack, each with its platform."""

import json
import re
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
        pack = json.loads(artifact.text)
        default = pack.get("platform")
        return [Query(entry["query"], _platform(entry.get("platform", default))) for entry in pack["queries"].values()]
    raise ConfigurationError("engine-format", f"the SQLite engine runs `sql` and `pack`, not `{artifact.suffix}`")


def _header(text: str) -> str | None:
    """The platform that the comment above a query states."""
    for line in text.splitlines():
        found = _HEADER.fullmatch(line.strip())
        if found:
            return found[1]
    return None


def _platform(name: str | None) -> str:
    if name not in PLATFORMS:
        raise ConfigurationError("engine-format", f"a query states no platform that osquery has: `{name}`")
    return name
