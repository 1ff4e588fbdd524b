"""Rules over several events as whole searches: what they look like, need and refuse, and that they find what they
should."""

import json
from dataclasses import replace

import pytest

from backends.splunk.engine import conf
from backends.splunk.tables import CsvTable
from converter import convert, parse, verify
from converter.events.event import Event
from converter.ir import Always, Events, Field, IndicatorEntry, IndicatorMatch, NewTerms, Threshold
from converter.result import Result
from converter.rule import Rule, Schedule, Suppression


def eql(query: str) -> Rule:
    return parse(query, language="eql")


def text_of(rule: Rule, **options: str) -> str:
    return convert(rule, to="splunk", profile="ecs", **options).artifacts[0].text  # type: ignore[arg-type]


def lines_of(rule: Rule) -> list[str]:
    return [line.strip() for line in text_of(rule).splitlines()]


def holds(rule: Rule, **options: str) -> bool:
    return verify(rule, to="splunk", profile="ecs", **options).holds  # type: ignore[arg-type]


def base(rule_type: str) -> tuple[Rule, Events]:
    rule = parse('event.action: "x"', language="kuery")
    assert isinstance(rule.detection, Events)
    return replace(rule, type=rule_type), rule.detection


PAIR = 'sequence by host.id with maxspan=1m [process where process.name : "a"] [file where file.name : "b"]'


# ---- sequences -----------------------------------------------------------------------------------------------------


def test_two_stages_are_one_pass() -> None:
    lines = lines_of(eql(PAIR))
    assert lines[0] == "| multisearch"
    assert sum(line.startswith("| streamstats") for line in lines) == 2  # one of them numbers the rows
    assert "| sort 0 _time, eql_tie, eql_index, -eql_stage" in lines
    assert "AND round(_time-eql_start1, 3)<=60" in lines
    assert lines[-1].startswith("| table _time, sequence_start, sequence_end, host, host.id, ")
    assert holds(eql(PAIR))


def test_what_a_pass_looks_back_is_an_assumption() -> None:
    assumed = [item.code for item in convert(eql(PAIR), to="splunk", profile="ecs").assumptions]
    assert "splunk-stream-window" in assumed
    single = convert(eql("process where true"), to="splunk", profile="ecs")
    assert "splunk-stream-window" not in [item.code for item in single.assumptions]


def test_fractions_of_seconds() -> None:
    assert "AND round(_time-eql_start1, 3)<=0.5" in lines_of(eql(PAIR.replace("1m", "500ms")))


def test_without_a_span_and_without_keys() -> None:
    rule = eql('sequence [process where process.name : "a"] [file where file.name : "b"]')
    text = text_of(rule)
    assert "round(" not in text
    assert " BY " not in text
    assert holds(rule)


def test_a_run_is_a_window_over_one_search() -> None:
    rule = eql('sequence by host.id with maxspan=10s [process where process.name : "a"] with runs=5')
    lines = lines_of(rule)
    assert not lines[0].startswith("| multisearch")
    assert "| streamstats window=5 global=f count AS eql_run, min(_time) AS eql_begin BY eql_k1" in lines
    assert holds(rule)


def test_a_later_run_is_written_out() -> None:
    rule = eql('sequence by host.id with maxspan=1m [process where process.name : "a"] [file where true] with runs=3')
    lines = lines_of(rule)
    assert sum(line.startswith("| streamstats current=f") for line in lines) == 3
    assert holds(rule)


def test_list_valued_keys_are_spread_over_rows() -> None:
    text = text_of(eql(PAIR.replace("host.id", "process.args")))
    assert text.count("eql_k1=mvdedup('process.args')") == 2
    assert text.count("| mvexpand eql_k1") == 2


def test_a_missing_key_is_told_from_every_value() -> None:
    rule = eql(PAIR.replace("host.id", "?user.name"))
    text = text_of(rule)
    assert "eql_k1=coalesce('user.name', \"(none)\")" in text
    assert "BY eql_k1, eql_n1" in text
    assert holds(rule)


@pytest.mark.parametrize(
    "stages",
    [
        "[process where true] ![file where true]",
        "![file where true] [process where true] [network where true]",
        "[process where true] ![file where true] [network where true]",
        "![file where true] [process where true] ![network where true]",
    ],
)
def test_missing_events(stages: str) -> None:
    assert holds(eql(f"sequence by host.id with maxspan=1m {stages}"))


def test_until() -> None:
    rule = eql(f"{PAIR} until [network where true]")
    assert "AND (isnull(eql_stopped) OR eql_prev1>eql_stopped)" in lines_of(rule)
    assert holds(rule)


@pytest.mark.parametrize("pipe", ["head 2", "tail 2", "head 4 | tail 1"])
def test_pipes_choose_among_the_results(pipe: str) -> None:
    assert holds(eql(f"{PAIR} | {pipe}"))
    assert holds(eql(f'process where process.name : "a" | {pipe}'))
    refused = convert(eql(f"{PAIR} | {pipe}"), to="splunk", profile="ecs", format="savedsearch")
    assert [loss.code for loss in refused.losses] == ["splunk-pipes"]


def test_too_many_steps_are_refused() -> None:
    rule = eql("sequence [process where true] [file where true] with runs=100")
    assert [loss.code for loss in convert(rule, to="splunk", profile="ecs").losses] == ["splunk-sequence-length"]


# ---- other rules over several events -------------------------------------------------------------------------------


def test_samples() -> None:
    rule = eql('sample by host.id [process where process.name : "a"] [file where true] [any where true]')
    lines = lines_of(rule)
    assert "AND eql_events_0_1>=2" in lines
    assert "AND eql_events_0_1_2>=3" in lines
    assert holds(rule)


def test_thresholds() -> None:
    rule, events = base("threshold")
    keys = (Field("source.ip"), Field("process.args"))
    threshold = Threshold(events.predicate, keys, 3, (Field("destination.port"), 2), None, "now-9m")
    rule = replace(rule, detection=threshold)
    assert lines_of(rule)[0] == "earliest=-9m latest=now"
    assert "| eval process_args=mvdedup('process.args')" in lines_of(rule)
    assert "max(_time) AS lastTime BY source.ip, process_args" in text_of(rule)
    assert lines_of(rule)[-2:] == ["| where event_count>=3", "AND distinct_count>=2"]
    assert holds(rule)


def new_terms() -> Rule:
    rule, events = base("new_terms")
    return replace(rule, detection=NewTerms(events.predicate, (Field("host.id"),), "now-5d", "now-9m"))


def test_a_baseline_is_filled_and_looked_up() -> None:
    options = {"new_terms": "lookup"}
    result = convert(new_terms(), to="splunk", profile="ecs", options=options)
    assert [artifact.name for artifact in result.artifacts] == [
        "query-warm-up.spl",
        "query.spl",
        "query-collections.conf",
        "query-transforms.conf",
    ]
    warm_up, search = (artifact.text.splitlines() for artifact in result.artifacts[:2])
    assert warm_up[0] == "earliest=-5d latest=-9m"
    assert warm_up[-1] == "| outputlookup append=true key_field=term query_baseline"
    assert search[0] == "earliest=-9m latest=now"
    assert search[-1] == "| where is_new==1"
    assert verify(new_terms(), to="splunk", profile="ecs", options=options).holds
    assert verify(new_terms(), to="splunk", profile="ecs", format="savedsearch", options=options).holds


def indicators(known: tuple[Event, ...] | None) -> Rule:
    rule, events = base("threat_match")
    mapping = (
        (IndicatorEntry(Field("source.ip"), Field("ti.ip")), IndicatorEntry(Field("user.name"), Field("ti.user"))),
        (IndicatorEntry(Field("file.hash.md5"), Field("ti.hash")),),
    )
    return replace(rule, detection=IndicatorMatch(events.predicate, (), Always(), mapping), indicators=known)


def test_indicators_are_tables() -> None:
    known = (
        Event("1", {"ti.ip": ("192.0.2.1",), "ti.user": ("ann",)}, {}, 0),
        Event("2", {"ti.hash": ("aa", "bb")}, {}, 0),
        Event("3", {"ti.ip": ("2001:db8::/32",), "ti.user": ("x", "y"), "ti.hash": ("cc",)}, {}, 0),
    )
    result = convert(indicators(known), to="splunk", profile="ecs")
    files = {artifact.name: artifact.text for artifact in result.artifacts}
    assert files["query-indicators-1.csv"] == "value1,value2\n192.0.2.1/32,ann\n"
    assert files["query-indicators-2.csv"] == "value1\naa\ncc\n"
    tables = conf.read(files["query-transforms.conf"])
    assert tables["query_indicators_1"]["match_type"] == "CIDR(value1)"
    assert tables["query_indicators_2"]["filename"] == "query-indicators-2.csv"
    lookup = "| lookup query_indicators_1 value1 AS source.ip, value2 AS user.name OUTPUT value1 AS ti_hit1"
    assert lookup in files["query.spl"].splitlines()
    assert "splunk-indicators-written" in [note.code for note in result.notes]


def test_indicators_that_are_not_at_hand_are_the_users() -> None:
    result = convert(indicators(None), to="splunk", profile="ecs")
    assert [artifact.name for artifact in result.artifacts] == ["query.spl"]
    needed = [item.message for item in result.assumptions if item.code == "splunk-indicator-lookup"]
    said = "the lookup `query_indicators_{}` holds the indicators that the rule's indicator query selects, {}"
    assert needed == [
        said.format(1, "`ti.ip` in `value1`, `ti.user` in `value2`"),
        said.format(2, "`ti.hash` in `value1`"),
    ]
    assert verify(indicators(None), to="splunk", profile="ecs").holds


def test_comparisons_that_no_lookup_makes_are_refused() -> None:
    rule, events = base("threat_match")
    entry = IndicatorEntry(Field("user.name"), Field("ti.user"), negate=True)
    rule = replace(rule, detection=IndicatorMatch(events.predicate, (), Always(), ((entry,),)))
    assert [loss.code for loss in convert(rule, to="splunk", profile="ecs").losses] == ["splunk-indicator"]


def test_a_table_quotes_what_a_cell_cannot_hold() -> None:
    assert CsvTable("t", "t.csv", ("a",), (('x,"y"',),)).text() == 'a\n"x,""y"""\n'


# ---- saved searches ------------------------------------------------------------------------------------------------


def saved(rule: Rule, **options: str) -> tuple[Result, dict[str, str]]:
    result = convert(rule, to="splunk", profile="ecs", format="savedsearch", options=options)
    (stanza,) = conf.read(result.artifacts[0].text).values()
    return result, stanza


def test_a_scheduled_sequence_looks_back_by_its_span() -> None:
    _, stanza = saved(eql(PAIR))
    assert (stanza["dispatch.earliest_time"], stanza["dispatch.latest_time"]) == ("-11m@m", "-5m@m")
    assert "| addinfo" in stanza["search"]
    assert "_time>=info_max_time-300" in stanza["search"]
    assert verify(eql(PAIR), to="splunk", profile="ecs", format="savedsearch").holds


def test_a_scheduled_sequence_without_a_span_is_bounded_by_the_look_back() -> None:
    rule = replace(eql(PAIR.replace("with maxspan=1m ", "")), schedule=Schedule(start="now-9m"))
    result, stanza = saved(rule)
    assert [(loss.code, str(loss.direction)) for loss in result.losses] == [("splunk-sequence-window", "narrower")]
    assert "round(_time-eql_start1, 3)<=540" in stanza["search"]


def test_groups_of_a_threshold_are_throttled() -> None:
    rule, events = base("threshold")
    threshold = Threshold(events.predicate, (Field("host.id"),), 3, None, None, "now-9m")
    _, stanza = saved(replace(rule, detection=threshold, schedule=Schedule(start="now-9m")))
    assert stanza["alert.suppress.fields"] == "host.id"
    assert stanza["alert.suppress.period"] == "540s"
    assert (stanza["dispatch.earliest_time"], stanza["dispatch.latest_time"]) == ("-9m", "now")


def test_suppression_throttles_by_its_fields() -> None:
    rule = replace(eql('process where process.name : "a"'), suppression=Suppression(("user.name",), "2h"))
    result, stanza = saved(rule)
    assert (stanza["alert.suppress.fields"], stanza["alert.suppress.period"]) == ("user.name", "7200s")
    assert stanza["search"].endswith(", user.name")
    assert "splunk-suppression" not in [note.code for note in result.notes]


def test_what_cannot_be_throttled_is_noted() -> None:
    rule = replace(eql(PAIR), suppression=Suppression(("user.name",), "2h"), building_block=True)
    result, stanza = saved(rule)
    assert "alert.suppress" not in stanza
    assert {"splunk-suppression", "splunk-building-block"} <= {note.code for note in result.notes}


def test_actions_are_off_unless_wanted() -> None:
    rule = replace(eql(PAIR), severity="high", risk_score=73, name="Costs $100$")
    assert not [key for key in saved(rule)[1] if key.startswith(("action.notable", "action.risk"))]
    _, stanza = saved(rule, notable="on", risk="on")
    assert stanza["action.notable.param.severity"] == "high"
    assert stanza["action.notable.param.rule_title"] == "Costs 100"
    assert json.loads(stanza["action.risk.param._risk"])[0]["risk_score"] == 73
    assert stanza["disabled"] == "1"
