"""Texts that mutation starts from: a few of our own, and those of the acceptance data where it is there.

Nothing of the acceptance data is kept: it is read where it lies, each time.
"""

import json
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.shared import ROOT

_REPOSITORY = Path(__file__).resolve().parents[2]

_EVERY = 5
"""Of the many rules of the acceptance data, one in so many: enough for every construct."""

EQL = (
    'process where process.name : ("a*.exe", "b?") and not process.args like~ "*\\\\x" or user.id in ("0", "1")',
    'any where cidrMatch(source.ip, "10.0.0.0/8", "::1/64") and source.port >= 1024 and ?dns.question.name != null',
    'file where length(file.path) > 10 and stringContains(file.path, "\\u{202e}") and file.size % 2 == -1 + 3 * 2',
    'registry where registry.path regex~ """HK(LM|U)\\\\[a-z]{1,8}~(x)&@""" /* a /* b */ */ and event.`sequence` == 1',
    (
        "sequence by host.id, ?user.id with maxspan=1h [process where true] by process.pid with runs=3\n"
        '  ![file where file.extension == "x"] by process.pid [network where true] by destination.port\n'
        'until [process where event.type == "end"] by process.pid | head 5 | tail 2'
    ),
    'sample by host.name [file where true] by user.id [any where between(a, "b", "c", true) == ""] by user.id',
    'any where @timestamp > "now-1d/d" and 1.5e3 > number("0x1f", 16) and concat(a, 1, true, "x") in~ ("a1truex")',
)

KQL = (
    'process.name: (a* or "b c" and not d\\:e) and not event.code >= 4625 or host.os.type:windows',
    'source.ip: 10.0.0.0/8 and @timestamp >= now-30d/d and message: "two words" and file.hash.*: *',
    'a.b: { c: x and d > 5 } or not (e: \\u0041\\u00e9 and f: (* and not ""))',
    'process.args: (*confluence* and *S3 Browser*) and bare words and "quoted bare"',
)

DSL = (
    {"bool": {"must": [{"term": {"process.name": {"value": "a", "case_insensitive": True}}}], "must_not": []}},
    {"bool": {"should": [{"wildcard": {"file.path": "a*?"}}, {"exists": {"field": "x"}}], "minimum_should_match": 1}},
    {"range": {"@timestamp": {"gte": "now-1d/d", "lt": "2024-01-01||+1M", "time_zone": "Europe/Berlin"}}},
    {"nested": {"path": "a", "query": {"match_phrase": {"a.b": "x y"}}, "score_mode": "none"}},
    {"regexp": {"user.name": {"value": "a{1,3}~(b)", "flags": "ALL"}}},
    {"query_string": {"query": "a* AND b", "fields": ["message"]}},
    {"terms": {"source.ip": ["10.0.0.0/8", "::1"]}},
)

REGEX = (
    "a.*(b|c)+[^d-f]{2,3}",
    "(?i)^\\d+\\.exe$",
    "~(ab)&<01-99>@#",
    "(a?){9}|\\Q.\\E|\\x{1f600}|\\bword\\b",
    "[\\w.-]+",
)

EVENTS: tuple[dict[str, Any], ...] = (
    {"_id": "1", "@timestamp": "2024-05-01T12:00:00.123Z", "process": {"name": "a.exe", "args": ["a", "b", None]}},
    {"@timestamp": 1714564800000, "source.ip": ["10.0.0.1", "::ffff:1.2.3.4"], "source": {"port": "443"}},
    {"@timestamp": "2024-05-01T12:00:00+02:00", "event": {"sequence": 7, "category": ["process"]}, "a": [{"b": 1.5}]},
    {
        "@timestamp": "2024-05-01",
        "message": "CVE-2020-0601 caf\u00e9 \U0001f600",
        "flag": True,
        "deep": {"x": {"y": {}}},
    },
)


@cache
def corpus() -> tuple[tuple[str, str], ...]:
    """Language and text of a part of the queries of the acceptance data; empty where it is absent."""
    return tuple(_corpus_queries())


def _corpus_queries() -> Iterator[tuple[str, str]]:
    for path in rule_files():
        rule = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
        if "query" in rule and rule.get("language") in {"eql", "kuery"}:
            yield rule["language"], rule["query"]


@cache
def rule_files() -> tuple[Path, ...]:
    """The rules we ship, and a part of those of the acceptance data."""
    theirs = sorted((ROOT / "corpus").rglob("*.toml")) if ROOT.is_dir() else []
    return (*sorted((_REPOSITORY / "rules").glob("*.toml")), *theirs[::_EVERY])


def queries(language: str) -> tuple[str, ...]:
    """Seeds of `eql`, `kuery`, `dsl` (JSON) or `regex`."""
    own = {"eql": EQL, "kuery": KQL, "dsl": tuple(json.dumps({"query": query}) for query in DSL), "regex": REGEX}
    return (*own[language], *(text for name, text in corpus() if name == language))


def containers() -> dict[str, tuple[bytes, ...]]:
    """Files that hold rules, by the suffix that says what they are."""
    readers = _REPOSITORY / "tests/readers"
    exports = (readers / "cases/exports").glob("*")
    found: dict[str, tuple[bytes, ...]] = {
        ".toml": tuple(path.read_bytes() for path in rule_files()[:60]),
        ".txt": tuple(path.read_bytes() for path in sorted((readers / "pages").iterdir())),
        ".eql": tuple(text.encode() for text in EQL),
        ".kql": tuple(text.encode() for text in KQL),
        ".dsl.json": tuple(json.dumps({"query": query}).encode() for query in DSL),
    }
    for path in sorted(exports):
        if path.is_file():
            found[path.suffix] = (*found.get(path.suffix, ()), path.read_bytes())
    return found


def event_files() -> tuple[bytes, ...]:
    """Event files: lines, an array, and the first lines of recordings."""
    lines = "\n".join(json.dumps(event) for event in EVENTS).encode()
    return (lines, json.dumps(EVENTS).encode(), *_recorded())


def _recorded() -> Iterator[bytes]:
    for path in sorted((ROOT / "events").rglob("*.zip"))[:4]:
        with zipfile.ZipFile(path) as archive, archive.open(archive.infolist()[0]) as stream:
            yield b"".join(stream.readline() for _ in range(5))
