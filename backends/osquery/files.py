"""The files: a query with a comment above it, and query packs (spec osquery 8.1)."""

import json
from collections.abc import Iterator, Sequence

from backends.osquery import prerequisites
from backends.osquery.schema import Version
from backends.osquery.statement import Query
from backends.osquery.write import select_line, select_text
from converter.backend import Artifact
from converter.names import slug
from converter.rule import Rule
from converter.schedule import seconds

SQL_SUFFIX, PACK_SUFFIX = ".sql", ".pack.json"
INTERVALS = (1, 604_800)
DEFAULT_INTERVAL = 3_600


def sql_files(rule: Rule, queries: Sequence[Query]) -> list[Artifact]:
    """One file per query; the comment states what the query itself cannot."""
    return [Artifact(slug(rule.name), SQL_SUFFIX, _sql_file(rule, query), _part(query, queries)) for query in queries]


def pack_files(rule: Rule, queries: Sequence[Query]) -> list[Artifact]:
    """One pack per platform, since the flags that switch a pack on are the platform's."""
    platforms = list(dict.fromkeys(query.platform for query in queries))
    return [
        Artifact(
            slug(rule.name),
            PACK_SUFFIX,
            _pack(rule, [query for query in queries if query.platform == platform]),
            platform if len(platforms) > 1 else None,
        )
        for platform in platforms
    ]


def interval(rule: Rule) -> int:
    """The rule's own interval in seconds within osquery's limits; its default if the rule's cannot be read."""
    stated = seconds(rule.schedule.interval)
    return DEFAULT_INTERVAL if stated is None else min(max(stated, INTERVALS[0]), INTERVALS[1])


def _part(query: Query, queries: Sequence[Query]) -> str | None:
    if len(queries) == 1:
        return None
    alone = sum(other.platform == query.platform for other in queries) == 1
    return query.platform if alone else f"{query.platform}-{query.table.name}"


def _sql_file(rule: Rule, query: Query) -> str:
    comment = "\n".join(f"-- {line}" for line in _comment(rule, query))
    return f"{comment}\n{select_text(query.select)};\n"


def _comment(rule: Rule, query: Query) -> Iterator[str]:
    yield _one_line(rule.name)
    yield f"platform: {query.platform}"
    yield f"osquery: {_version(query.version)} or later"
    yield f"schedule: every {interval(rule)} seconds, {_logging(query)}"
    yield f"flags: {' '.join(prerequisites.flags(query))}"
    needs = prerequisites.needs(query)
    if needs:
        yield f"needs: {', '.join(needs)}"


def _logging(query: Query) -> str:
    if query.differential:
        return "differential without removals (a combination is logged when the run before did not have it)"
    return "differential without removals"


def _pack(rule: Rule, queries: Sequence[Query]) -> str:
    found = (select_line(select) for query in queries for select in prerequisites.discovery(query))
    pack = {
        "platform": queries[0].platform,
        "version": _version(max(query.version for query in queries)),
        "discovery": list(dict.fromkeys(found)),
        "queries": {_query_name(rule, query, queries): _entry(rule, query) for query in queries},
    }
    return json.dumps(pack, indent=2, ensure_ascii=False) + "\n"


def _query_name(rule: Rule, query: Query, queries: Sequence[Query]) -> str:
    return slug(rule.name) if len(queries) == 1 else f"{slug(rule.name)}_{query.table.name}"


def _entry(rule: Rule, query: Query) -> dict[str, object]:
    return {
        "query": f"{select_line(query.select)};",
        "interval": interval(rule),
        "platform": query.platform,
        "version": _version(query.version),
        "snapshot": False,
        "removed": False,
        "description": _description(rule, query),
    }


def _description(rule: Rule, query: Query) -> str:
    """The rule's own first sentence or two, then what has to be switched on."""
    flags = " ".join(prerequisites.flags(query))
    needs = ", ".join(prerequisites.needs(query))
    return " ".join(
        part
        for part in (
            _one_line(rule.description or rule.name),
            f"Needs {flags}" + (f"; {needs}." if needs else "."),
        )
        if part
    )


def _version(version: Version) -> str:
    return ".".join(str(part) for part in version)


def _one_line(text: str) -> str:
    """Printable, on one line: a rule's text never ends a comment or starts a line of its own."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
