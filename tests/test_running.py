"""Rules run on a file: a file that is read as a stream gives what it gives at once; memory stays flat."""

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import converter
from converter.errors import ConverterError
from converter.evaluate import Match
from converter.events.file import EventFile
from converter.events.ordering import Patience
from converter.interpret import interpret
from converter.readers.schema_file import schema_of
from converter.rule import Origin, RawRule, Rule
from converter.running import Run, run_rules
from converter.schema.catalogue import default_catalogue
from converter.spool import Spool

SCHEMA = schema_of({})


def typed(kind: str, query: str, **more: object) -> Rule:
    data = {"name": "r", "type": kind, "language": "kuery", "query": query, **more}
    rule = interpret(RawRule(Origin("r.toml"), data), default_catalogue())
    assert rule.error is None
    return rule


def eql(query: str) -> Rule:
    return converter.parse(query, language="eql")


RULES = [
    eql('process where process.name == "a"'),
    eql("any where true | head 3"),
    eql("any where process.pid > 1 | tail 2"),
    eql("sequence by user.name with maxspan=3s [process where true] [file where true]"),
    eql("sequence by user.name with maxspan=3s ![file where true] [process where true] [process where true]"),
    eql("sample by user.name [process where true] [file where true]"),
    eql('any where @timestamp > "now-3s"'),
    typed("query", "process.name: (a or b)", index=["logs-*"]),
    typed("threshold", "process.name: *", threshold={"field": ["user.name"], "value": 2}, **{"from": "now-4s"}),
    typed(
        "new_terms", "user.name: *", new_terms_fields=["user.name"], history_window_start="now-5s", **{"from": "now-2s"}
    ),
]

documents = st.fixed_dictionaries(
    {"@timestamp": st.integers(0, 9).map(lambda second: 1000 * second)},
    optional={
        "event.category": st.sampled_from(["process", "file"]),
        "process.name": st.sampled_from(["a", "b"]),
        "process.pid": st.integers(0, 3),
        "user.name": st.sampled_from(["x", "y"]),
        "event.sequence": st.integers(0, 2),
        "_index": st.sampled_from(["logs-a", "metrics-a"]),
    },
)


def found(path: Path, patience: Patience, now: float | None = None) -> list[list[Match]]:
    run = Run(SCHEMA, now=now, patience=patience)
    return [list(matches) for _, matches in run_rules(RULES, EventFile(str(path)), run)]


def written(folder: Path, items: list[dict[str, Any]]) -> Path:
    path = folder / "events.ndjson"
    path.write_text("".join(f"{json.dumps(item)}\n" for item in items))
    return path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(documents, max_size=14), st.integers(1, 6), st.none() | st.just(6000.0))
def test_a_stream_gives_what_all_at_once_give(
    tmp_path: Path, items: list[dict[str, Any]], patience: int, now: float | None
) -> None:
    items.sort(key=lambda item: (item["@timestamp"], "event.sequence" not in item, item.get("event.sequence", 0)))
    path = written(tmp_path, items)
    assert found(path, Patience(events=patience), now) == found(path, Patience(), now)


def test_all_at_once_is_what_the_library_gives(tmp_path: Path) -> None:
    items = [{"@timestamp": 1000 * at, "event.category": "process", "process.name": "ab"[at % 2]} for at in range(6)]
    at_once = found(written(tmp_path, items), Patience())
    assert at_once == [converter.evaluate(rule, items) for rule in RULES]


def test_a_stream_out_of_order_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, [{"@timestamp": stamp} for stamp in (5000, 6000, 7000, 1000)])
    with pytest.raises(converter.ConfigurationError) as caught:
        found(path, Patience(events=2))
    assert caught.value.code == "events-out-of-order"


def test_a_rule_that_fails_in_a_stream_fails_alone(tmp_path: Path) -> None:
    path = written(tmp_path, [{"@timestamp": at, "process.name": str(at)} for at in range(8)] + [{"process.name": "x"}])
    rules = [eql("any where number(process.name) >= 0"), eql("any where true")]
    results = [matches for _, matches in _tried(rules, path)]
    assert results[0] == "not-a-number"
    assert len(results[1]) == 9


def _tried(rules: list[Rule], path: Path) -> Iterator[tuple[Rule, list[Match] | str]]:
    for rule, matches in run_rules(rules, EventFile(str(path)), Run(SCHEMA, patience=Patience(events=3))):
        try:
            yield rule, list(matches)
        except ConverterError as error:
            yield rule, error.code


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    rules = [RULES[0], RULES[3]]

    def peak(events: int) -> int:
        path = tmp_path / f"{events}.ndjson"
        with path.open("w") as out:
            for at in range(events):
                out.write(f'{{"@timestamp":{at},"event.category":"process","process.name":"c","user.name":"x"}}\n')
        tracemalloc.start()
        for _, matches in run_rules(rules, EventFile(str(path)), Run(SCHEMA, patience=Patience(events=200))):
            assert list(matches) == []
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(300)
    assert peak(6000) < 1.5 * peak(1500)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.lists(st.text(max_size=3), max_size=3)), max_size=20), st.integers(0, 60)
)
def test_a_spool_gives_back_what_it_took(pieces: list[tuple[int, list[str]]], memory: int) -> None:
    spool = Spool(memory)
    expected: dict[int, list[Match]] = {0: [], 1: [], 2: []}
    for number, texts in pieces:
        matches = [Match((text, None), (text, 1, 2.5, True, None), 3) for text in texts]
        spool.add(number, matches)
        expected[number] += matches
    assert {number: list(spool.matches(number)) for number in expected} == expected


def test_what_a_failed_rule_found_before_counts_for_nothing() -> None:
    spool = Spool()
    spool.add(1, [Match(("a",))])
    spool.add(1, [], ConverterError("usage", "no"))
    spool.add(1, [Match(("b",))])
    with pytest.raises(ConverterError):
        list(spool.matches(1))
