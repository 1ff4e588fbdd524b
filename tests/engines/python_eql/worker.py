"""python-eql behind a pipe: run by the Python of its own environment, a JSON request a line in, an answer a line out.

    {"do": "parse", "query": TEXT}                                       -> {}
    {"do": "evaluate", "query": TEXT, "events": [EVENT…], "fold": BOOL}  -> {"matches": [[ID…]…]}
    {"do": "time_parse", "queries": [TEXT…], "runs": N}                  -> {"seconds": [S…], "rejected": [POSITION…]}
    {"do": "time_evaluate", "queries": [TEXT…], "events": FILE, "runs": N}
                                             -> {"seconds": [S…], "rejected": [POSITION…], "events": N, "matches": N}

EVENT is {"id", "category", "time" in milliseconds, "document" nested, without lists where there is one value}; FILE
holds one a line. `fold` compares without regard to case, python-eql's default. A query that python-eql does not take is
answered by {"rejected": WHY}, one that it breaks on by {"failed": WHY}.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import eql
import eql.utils
from eql import parser

Json = dict[str, Any]

_MILLISECONDS = {"time_unit": 1000}
_SYNTAX = (parser.elasticsearch_syntax, parser.allow_runs, parser.allow_negation, parser.allow_sample)
_AS_WRITTEN = parser.skip_optimizations
"""For answers: the optimizer takes `x in (…) or x > 1` for one list, whatever the comparison."""
_BREAKAGES = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, re.error)


def _parse(query: str) -> Any:
    with _SYNTAX[0], _SYNTAX[1], _SYNTAX[2], _SYNTAX[3]:
        return parser.parse_query(query)


def _event(given: Json) -> Any:
    return eql.Event(given["category"], given["time"], {**given["document"], "_id": given["id"]})


def _engine(queries: Iterable[Any], receive: Callable[[Any], object]) -> Any:
    engine = eql.PythonEngine(_MILLISECONDS)
    engine.add_queries(queries)
    engine.add_output_hook(receive)
    return engine


def _accepted(queries: list[str]) -> tuple[list[Any], list[int]]:
    """What python-eql makes of the queries it takes, and the positions of the others."""
    parsed, rejected = [], []
    for position, query in enumerate(queries):
        try:
            parsed.append(_parse(query))
        except eql.EqlError:
            rejected.append(position)
    return parsed, rejected


def parse(request: Json) -> Json:
    _parse(request["query"])
    return {}


def evaluate(request: Json) -> Json:
    eql.utils.CASE_INSENSITIVE = request["fold"]
    matches: list[list[str]] = []
    with _AS_WRITTEN:
        query = _parse(request["query"])
    engine = _engine([query], lambda found: matches.append([event.data["_id"] for event in found.events]))
    engine.stream_events(map(_event, request["events"]))
    return {"matches": matches}


def time_parse(request: Json) -> Json:
    """Seconds of each run over all queries that are taken, after one that warms up."""
    _, rejected = _accepted(request["queries"])
    known = [query for position, query in enumerate(request["queries"]) if position not in set(rejected)]
    seconds = []
    for _ in range(request["runs"]):
        start = time.perf_counter()
        for query in known:
            _parse(query)
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds, "rejected": rejected}


def time_evaluate(request: Json) -> Json:
    """Seconds of each run of all queries in one engine over all events; parsing and reading events take no part."""
    eql.utils.CASE_INSENSITIVE = True
    parsed, rejected = _accepted(request["queries"])
    with Path(request["events"]).open(encoding="utf-8") as lines:
        events = [_event(json.loads(line)) for line in lines]
    seconds, matches = [], 0
    for _ in range(request["runs"]):
        found: list[Any] = []
        engine = _engine(parsed, found.append)
        start = time.perf_counter()
        engine.stream_events(events)
        seconds.append(time.perf_counter() - start)
        matches = len(found)
    return {"seconds": seconds, "rejected": rejected, "events": len(events), "matches": matches}


_COMMANDS: dict[str, Callable[[Json], Json]] = {
    command.__name__: command for command in (parse, evaluate, time_parse, time_evaluate)
}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = _COMMANDS[request["do"]](request)
        except eql.EqlError as refusal:
            answer = {"rejected": f"{type(refusal).__name__}: {refusal}"}
        except _BREAKAGES as breakage:
            answer = {"failed": f"{type(breakage).__name__}: {breakage}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
