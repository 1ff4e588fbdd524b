"""`convert evaluate` for every type of rule: its lines, options and findings (contracts section 4)."""

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from converter.cli import run

Captured = pytest.CaptureFixture[str]
Line = dict[str, Any]

EVENTS: list[dict[str, Any]] = [
    {"@timestamp": "2024-05-01T12:00:00Z", "event.category": "process", "user.name": "x", "process.name": "a"},
    {"@timestamp": "2024-05-01T12:00:10Z", "event.category": "network", "user.name": "x", "destination.ip": "10.0.0.7"},
    {"@timestamp": "2024-05-01T12:00:20Z", "event.category": "process", "user.name": ["x", "y"], "process.name": "b"},
    {"@timestamp": "2024-05-01T12:00:30Z", "event.category": "network", "user.name": "y", "destination.ip": "10.9.9.9"},
    {"@timestamp": "2024-05-01T12:00:40Z", "event.category": "file", "user.name": "y", "file.name": "f"},
]
INDICATORS = [
    {"threat.indicator.ip": "10.0.0.0/24", "event.module": "feed"},
    {"threat.indicator.ip": "10.9.9.9", "event.module": "other"},
]


def toml(rule_id: str, kind: str, query: str, more: str = "") -> str:
    language = "eql" if kind == "eql" else "kuery"
    return (
        f"[rule]\nname = {rule_id!r}\nrule_id = {rule_id!r}\ntype = {kind!r}\nlanguage = {language!r}\n"
        f"query = '''{query}'''\n{more}"
    )


RULES = {
    "event": toml("event", "query", "process.name: *"),
    "sequence": toml(
        "sequence", "eql", "sequence by user.name with maxspan=1m [process where true] [network where true]"
    ),
    "missing": toml(
        "missing",
        "eql",
        "sequence by user.name with maxspan=1m [process where true] ![file where true] [network where true]",
    ),
    "sample": toml("sample", "eql", "sample by user.name [process where true] [network where true]"),
    "threshold": toml("threshold", "threshold", "user.name: *", '[rule.threshold]\nfield = ["user.name"]\nvalue = 3\n'),
    "all": toml("all", "threshold", "user.name: *", "[rule.threshold]\nfield = []\nvalue = 5\n"),
    "terms": toml(
        "terms", "new_terms", "user.name: *", 'new_terms_fields = ["user.name"]\nhistory_window_start = "now-7d"\n'
    ),
    "match": toml(
        "match",
        "threat_match",
        "event.category: network",
        'threat_index = ["feeds-*"]\nthreat_query = "event.module: feed"\n[[rule.threat_mapping]]\n'
        '[[rule.threat_mapping.entries]]\nfield = "destination.ip"\ntype = "mapping"\nvalue = "threat.indicator.ip"\n',
    ),
}
FOUND: dict[str, list[Line]] = {
    "event": [{"ids": ["0"]}, {"ids": ["2"]}],
    "sequence": [{"ids": ["0", "1"], "keys": ["x"]}, {"ids": ["2", "3"], "keys": ["y"]}],
    "missing": [{"ids": ["0", None, "1"], "keys": ["x"]}, {"ids": ["2", None, "3"], "keys": ["y"]}],
    "sample": [{"ids": ["0", "1"], "keys": ["x"]}, {"ids": ["2", "3"], "keys": ["y"]}],
    "threshold": [
        {"ids": ["0", "1", "2"], "keys": {"user.name": "x"}, "count": 3},
        {"ids": ["2", "3", "4"], "keys": {"user.name": "y"}, "count": 3},
    ],
    "all": [{"ids": ["0", "1", "2", "3", "4"], "keys": {}, "count": 5}],
    "terms": [
        {"ids": ["0"], "keys": {"user.name": "x"}, "count": 1},
        {"ids": ["2"], "keys": {"user.name": "y"}, "count": 1},
    ],
    "match": [{"ids": ["1"], "keys": {}, "count": 1}],
}


def ndjson(documents: list[dict[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(document)}\n" for document in documents).encode()


class Run:
    """A folder with events and indicators, in which `convert evaluate` is run."""

    def __init__(self, folder: Path, capfd: Captured) -> None:
        self.folder = folder
        self._capfd = capfd
        self.events = self.file("events.ndjson", ndjson(EVENTS))
        self.indicators = self.file("indicators.ndjson", ndjson(INDICATORS))

    def file(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def rule(self, name: str) -> Path:
        return self.file(f"{name}.toml", RULES[name])

    def __call__(self, *arguments: object, events: Path | str | None = None) -> tuple[int, list[Line], list[str]]:
        self._capfd.readouterr()
        code = run(["evaluate", "-q", *map(str, arguments), "--events", str(events or self.events)])
        out, err = self._capfd.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err.splitlines()


@pytest.fixture
def evaluate(tmp_path: Path, capfd: Captured) -> Run:
    return Run(tmp_path, capfd)


def lines_of(name: str) -> list[Line]:
    return [{"rule_id": name, **line} for line in FOUND[name]]


@pytest.mark.parametrize("name", RULES)
def test_every_type_of_rule_has_its_lines(name: str, evaluate: Run) -> None:
    assert evaluate(evaluate.rule(name), "--indicators", evaluate.indicators) == (0, lines_of(name), [])


@pytest.mark.parametrize("order", [list(RULES), list(reversed(RULES))])
def test_rules_come_in_the_order_of_the_command_line(order: list[str], evaluate: Run) -> None:
    code, lines, _ = evaluate(*map(evaluate.rule, order), "--indicators", evaluate.indicators)
    assert (code, lines) == (0, [line for name in order for line in lines_of(name)])


def test_the_order_of_the_events_does_not_matter(evaluate: Run) -> None:
    shuffled = [EVENTS[at] | {"_id": str(at)} for at in (3, 0, 4, 2, 1)]
    names = [name for name in RULES if name not in {"sample", "match"}]
    code, lines, _ = evaluate(*map(evaluate.rule, names), events=evaluate.file("shuffled.json", ndjson(shuffled)))
    assert (code, lines) == (0, [line for name in names for line in lines_of(name)])


@pytest.mark.parametrize("now", ["2024-05-01T12:00:10Z", "2024-05-01T14:00:10+02:00", "1714564810000"])
def test_events_after_now_do_not_count(now: str, evaluate: Run) -> None:
    code, lines, _ = evaluate(evaluate.rule("sequence"), evaluate.rule("event"), "--now", now)
    assert (code, lines) == (0, [lines_of("sequence")[0], lines_of("event")[0]])


def test_a_threshold_counts_within_the_rules_window(evaluate: Run) -> None:
    rule = evaluate.file("t.toml", RULES["threshold"].replace("[rule.threshold]", 'from = "now-25s"\n[rule.threshold]'))
    assert evaluate(rule)[1] == [
        {"rule_id": "threshold", "ids": ["2", "3", "4"], "keys": {"user.name": "y"}, "count": 3}
    ]


def test_more_samples_of_a_key(evaluate: Run) -> None:
    events = evaluate.file("more.json", ndjson([*EVENTS, EVENTS[0]]))
    _, lines, _ = evaluate(evaluate.rule("sample"), "--max-samples-per-key", "3", events=events)
    assert [line["ids"] for line in lines if line["keys"] == ["x"]] == [["0", "1"], ["2", "1"], ["5", "1"]]


def test_an_indicator_match_needs_indicators(evaluate: Run) -> None:
    code, lines, errors = evaluate(evaluate.rule("match"), evaluate.rule("event"))
    assert (code, lines) == (2, lines_of("event"))
    assert [error.split()[1:3] for error in errors] == [["error", "indicators-missing"]]


def test_a_list_of_indicators_may_be_empty(evaluate: Run) -> None:
    assert evaluate(evaluate.rule("match"), "--indicators", evaluate.file("none.json", "[]")) == (0, [], [])


def test_events_and_indicators_come_packed_and_from_stdin(evaluate: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = evaluate.file("i.gz", gzip.compress(json.dumps(INDICATORS).encode()))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(ndjson(EVENTS)))))
    rules = [evaluate.rule("match"), evaluate.rule("event")]
    code, lines, _ = evaluate(*rules, "--indicators", packed, events="-")
    assert (code, lines) == (0, [*lines_of("match"), *lines_of("event")])


def test_stdin_is_read_again_for_rules_with_another_clock(evaluate: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    own = evaluate.file("own.toml", RULES["sequence"] + 'timestamp_field = "event.ingested"\n')
    documents = [event | {"event.ingested": -at} for at, event in enumerate(EVENTS)]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(ndjson(documents)))))
    _, lines, _ = evaluate(own, evaluate.rule("sequence"), events="-")
    assert [line["ids"] for line in lines] == [["2", "1"], *(line["ids"] for line in lines_of("sequence"))]


def test_a_rules_own_tiebreaker_orders_events_of_one_time(evaluate: Run) -> None:
    events = [
        {"@timestamp": 0, "event.category": "network", "user.name": "x", "log.offset": 2},
        {"@timestamp": 0, "event.category": "process", "user.name": "x", "log.offset": 1},
    ]
    own = evaluate.file("own.toml", RULES["sequence"] + 'tiebreaker_field = "log.offset"\n')
    _, lines, _ = evaluate(own, evaluate.rule("sequence"), events=evaluate.file("ties.json", ndjson(events)))
    assert [line["ids"] for line in lines] == [["1", "0"]]


def test_a_rules_own_category(evaluate: Run) -> None:
    query = toml("c", "eql", "start where true", 'event_category_override = "event.type"\n')
    events = evaluate.file("c.json", ndjson([{"event.type": "end"}, {"event.type": "start"}]))
    assert evaluate(evaluate.file("c.toml", query), events=events)[1] == [{"rule_id": "c", "ids": ["1"]}]


def test_events_have_to_lie_where_the_rule_looks(evaluate: Run) -> None:
    rule = evaluate.file("e.toml", RULES["event"] + 'index = ["logs-*"]\n')
    events = [EVENTS[0] | {"_index": "logs-a"}, EVENTS[0] | {"_index": "metrics-a"}, EVENTS[0]]
    assert [line["ids"] for line in evaluate(rule, events=evaluate.file("e.json", ndjson(events)))[1]] == [["0"], ["2"]]


def test_what_fails_one_rule_does_not_fail_the_others(evaluate: Run) -> None:
    broken = evaluate.file("broken.toml", toml("broken", "eql", "process where number(process.name) == 1"))
    code, lines, errors = evaluate(evaluate.rule("event"), broken, evaluate.rule("all"))
    assert (code, lines) == (2, [*lines_of("event"), *lines_of("all")])
    assert len([line for line in errors if line.startswith(f"{broken}:")]) == 1


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        ('{"a":1}\n{"a":', "events-not-json", 2, 6),
        ('{"@timestamp":"noon"}', "events-time-unreadable", 1, 1),
        ("[1]", "events-not-objects", 1, 1),
    ],
)
def test_a_broken_event_file_ends_the_run(content: str, code: str, line: int, column: int, evaluate: Run) -> None:
    events = evaluate.file("bad.json", content)
    done, lines, errors = evaluate(evaluate.rule("event"), events=events)
    (error,) = errors
    assert (done, lines) == (3, [])
    assert error.startswith(f"{events}:{line}:{column}: error {code} ")


def test_odd_events_are_told(evaluate: Run, capfd: Captured) -> None:
    events = evaluate.file("odd.json", '{"@timestamp":1714564800,"process.name":"a"}\n{"process.name":"b"}\n')
    assert run(["evaluate", str(evaluate.rule("event")), "--events", str(events)]) == 0
    told = [line.split(" ")[:3] for line in capfd.readouterr().err.splitlines()]
    assert told == [
        [f"{events}:1:1:", "warning", "events-time-unit"],
        [f"{events}:2:1:", "warning", "events-without-time"],
    ]


def test_half_a_character_is_printed_as_json_writes_it(evaluate: Run) -> None:
    events = evaluate.file("half.json", '{"_id":"\\ud800","process.name":"a"}')
    assert evaluate(evaluate.rule("event"), events=events)[1] == [{"rule_id": "event", "ids": ["\ud800"]}]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--max-samples-per-key", "0"],
        ["--now", "soon"],
        ["--indicators", "no-such-file"],
        ["--indicators", "-", "--events", "-"],
    ],
)
def test_wrong_usage(arguments: list[str], evaluate: Run, capfd: Captured) -> None:
    assert run(["evaluate", str(evaluate.rule("event")), "--events", str(evaluate.events), *arguments]) == 3
    assert len(capfd.readouterr().err.splitlines()) == 1


def test_help_shows_examples(capfd: Captured) -> None:
    assert run(["evaluate", "--help"]) == 0
    shown = capfd.readouterr().out
    assert "convert evaluate rules/ --events sample.ndjson\n" in shown
    assert "--indicators indicators.ndjson\n" in shown
