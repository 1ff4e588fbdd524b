"""Thresholds, new terms and events from an end as search bodies: what is written reads back as what was meant."""

from typing import Any

import pytest
from hypothesis import given

from backends.elasticsearch import statement
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.search import SearchBody
from converter import convert, parse
from converter.interpret import interpret
from converter.ir import Always, Detection, Events, Field, NewTerms, Take, Threshold
from converter.languages.dsl import read_search
from converter.languages.settled import mean_the_same
from converter.rule import Order, Origin, RawRule
from tests.backends.elasticsearch import aggregations
from tests.backends.elasticsearch.aggregations import CATALOGUE

USER, PID = Field("user.name"), Field("process.pid")
BY_USER = Threshold(Always(), (USER,), 5, start="now-9m")
NEW_USER = NewTerms(Always(), (USER,), "now-5d", "now-9m")


def read_back(detection: Detection) -> Detection:
    return read_search(SearchBody(statement.search(detection)).text(), CATALOGUE)


@given(aggregations.thresholds)
def test_thresholds_read_back(detection: Threshold) -> None:
    assert mean_the_same(read_back(detection), detection, CATALOGUE)


@given(aggregations.new_terms)
def test_new_terms_read_back(detection: NewTerms) -> None:
    assert mean_the_same(read_back(detection), detection, CATALOGUE)


@pytest.mark.parametrize("end", ["head", "tail"])
@pytest.mark.parametrize("count", [1, 100, 10_000])
def test_events_from_an_end_read_back(end: Any, count: int) -> None:
    detection = Events(Always(), (Take(end, count),))
    assert read_back(detection) == detection


def test_a_page_of_events_is_all_of_them() -> None:
    assert read_back(Events(Always())) == Events(Always())


def test_the_smallest_of_several_counts_is_taken() -> None:
    detection = Events(Always(), (Take("tail", 7), Take("tail", 3), Take("tail", 5)))
    assert read_back(detection) == Events(Always(), (Take("tail", 3),))


def test_a_threshold_without_fields_is_one_group() -> None:
    """The count of hits alone would leave the comparison to whoever reads the answer."""
    body = statement.search(Threshold(Always(), (), 5, (PID, 2))).to_json()
    assert body["aggs"] == {
        "groups": {
            "filters": {"filters": {"all": {"match_all": {}}}},
            "aggs": {
                "first": {"min": {"field": "@timestamp"}},
                "last": {"max": {"field": "@timestamp"}},
                "values": {"cardinality": {"field": "process.pid"}},
                "reached": {
                    "bucket_selector": {
                        "buckets_path": {"count": "_count", "values": "values"},
                        "script": {
                            "source": "Math.min(params.count, params.ceiling) >= params.least"
                            " && params.values >= params.least_values",
                            "params": {"least": 5, "ceiling": 10_000, "least_values": 2},
                        },
                    }
                },
            },
        }
    }


def test_all_thresholds_of_a_kind_share_a_script() -> None:
    """Clusters compile so many scripts in five minutes and then no more."""
    scripts = {
        str(statement.search(Threshold(Always(), (USER,), least, (PID, values))).to_json()).partition("'params':")[0]
        for least in (1, 20)
        for values in (2, 3)
    }
    assert len(scripts) == 1


@pytest.mark.parametrize(
    ("detection", "code"),
    [
        (Threshold(Always(), (Field("message"),), 5), "elasticsearch-group-field"),
        (Threshold(Always(), (USER, USER), 5), "elasticsearch-group-field"),
        (Threshold(Always(), (USER,), 5, (Field("message"), 2)), "elasticsearch-group-field"),
        (Threshold(Always(), (USER,), 5, within=60_000), "elasticsearch-detection"),
        (NewTerms(Always(), (Field("process.command_line.text"),), "now-5d", "now-9m"), "elasticsearch-group-field"),
        (NewTerms(Always(), (USER,), "now-5d", "now-1h/h"), "elasticsearch-start-rounded"),
        (NewTerms(Always(), (USER,), "now-5d", "2024-05-01"), "elasticsearch-start-rounded"),
        (Events(Always(), (Take("head", 5), Take("tail", 2))), "elasticsearch-take"),
        (Events(Always(), (Take("head", 10_001),)), "elasticsearch-take"),
        (Events(Always(), (Take("head", 0),)), "elasticsearch-take"),
    ],
)
def test_what_one_request_does_not_say_is_refused(detection: Detection, code: str) -> None:
    with pytest.raises(InexpressibleError) as caught:
        statement.search(detection)
    assert caught.value.loss.code == code


def test_events_are_not_taken_in_another_order_than_by_timestamp() -> None:
    with pytest.raises(InexpressibleError) as caught:
        statement.search(Events(Always(), (Take("head", 5),)), Order(timestamp="event.ingested"))
    assert caught.value.loss.code == "elasticsearch-take"


def test_the_rules_own_order_is_that_of_the_hits() -> None:
    body = statement.search(Events(Always()), Order(timestamp="event.created", tiebreaker="event.sequence")).to_json()
    assert body["sort"] == [
        {"event.created": "asc"},
        {"event.sequence": {"order": "asc", "unmapped_type": "long"}},
    ]


def test_taking_events_assumes_that_they_can_be_told_apart() -> None:
    result = convert(parse("process where true | head 3", language="eql"), to="elasticsearch", format="dsl")
    assert result.verdict == "exact"
    assert [assumption.code for assumption in result.assumptions] == ["elasticsearch-ties"]


@pytest.mark.parametrize("detection", [BY_USER, NEW_USER])
def test_a_body_is_a_rule_in_query_dsl(detection: Detection) -> None:
    text = SearchBody(statement.search(detection)).text()
    rule = parse(text, language="dsl")
    assert rule.detection == detection
    assert convert(rule, to="elasticsearch", format="dsl").artifacts[0].text == text


@pytest.mark.parametrize(("kind", "keys"), [("threshold", {}), ("new_terms", {"history_window_start": "now-5d"})])
def test_a_run_that_ends_before_now_is_a_loss(kind: str, keys: dict[str, str]) -> None:
    data = {
        "name": "Late",
        "type": kind,
        "language": "kuery",
        "query": "user.name:*",
        "threshold": {"field": ["user.name"], "value": 5},
        "new_terms_fields": ["user.name"],
        **keys,
    }
    on_time = interpret(RawRule(Origin("rule.json"), data), CATALOGUE)
    late = interpret(RawRule(Origin("rule.json"), {**data, "to": "now-1m"}), CATALOGUE)
    assert convert(on_time, to="elasticsearch").verdict == "exact"
    result = convert(late, to="elasticsearch")
    assert (result.verdict, [loss.code for loss in result.losses]) == ("approximate", ["elasticsearch-run-end"])
