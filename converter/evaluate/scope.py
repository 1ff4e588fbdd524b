"""Whether an event lies where a rule looks: its `_index` against the rule's index patterns (spec elastic-rules 2.1)."""

from fnmatch import fnmatchcase

from converter.events.event import Event
from converter.rule import Scope


def in_scope(event: Event, scope: Scope) -> bool:
    """True for an event that states no index, and for a rule without patterns.

    `-pattern` takes away what earlier patterns took in; a pattern `cluster:pattern` is about another cluster.
    """
    if event.index is None or not scope.indices:
        return True
    inside = False
    for pattern in scope.indices:
        if pattern.startswith("-"):
            inside = inside and not _matches(event.index, pattern[1:])
        else:
            inside = inside or _matches(event.index, pattern)
    return inside


def _matches(index: str, pattern: str) -> bool:
    """`*` is the only wildcard of index patterns. A data stream's backing index belongs to its data stream."""
    literal = pattern.replace("[", "[[]").replace("?", "[?]")
    return fnmatchcase(index, literal) or fnmatchcase(_data_stream(index), literal)


def _data_stream(index: str) -> str:
    """`logs-x-default` of `.ds-logs-x-default-2024.05.01-000001`."""
    if not index.startswith(".ds-"):
        return index
    return index.removeprefix(".ds-").rsplit("-", 2)[0]
