"""SPL that is written selects what the predicate selects: interpreter and evaluator see the same rows."""

from collections.abc import Mapping

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from backends.splunk import pipeline
from backends.splunk.engine import SplunkEvent, run
from backends.splunk.engine.extraction import text as extracted
from backends.splunk.findings import RefusalError
from backends.splunk.selection import Findings, Schema, select
from converter.evaluate.predicate import compile_predicate
from converter.events.event import Event, Values, flatten
from converter.ir import All, Any, Network, Not, Predicate, Test
from converter.losses import Assumption
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType
from converter.schema.port import Branch
from converter.schema.profile import Source
from tests import strategies as base

COLUMNS = Catalogue(
    {
        info.name: info
        for info in (
            FieldInfo("name"),
            FieldInfo("lists.args", array=True),
            FieldInfo("word", normalised=True),
            FieldInfo("port", FieldType.LONG),
            FieldInfo("address", FieldType.IP),
        )
    }
)
SOURCE = Source("events", None, "any")


def _tests(name: str, matchers: st.SearchStrategy) -> st.SearchStrategy[Test]:
    from converter.ir import Field

    return st.lists(matchers, min_size=1, max_size=3).map(lambda chosen: Test(Field(name), tuple(chosen)))


networks = st.sampled_from(["10.0.0.0/8", "10.0.0.1/32", "fe80::/10"]).map(Network)
leaves = st.one_of(
    _tests("name", base.text_matchers),
    _tests("lists.args", base.text_matchers),
    _tests("word", base.text_matchers),
    _tests("port", base.number_matchers),
    _tests("address", networks),
)
predicates: st.SearchStrategy[Predicate] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: All(tuple(items))),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Any(tuple(items))),
    ),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "name": base.texts.map(lambda text: (text,)),
        "lists.args": st.lists(base.texts, min_size=1, max_size=3).map(tuple),
        "word": st.sampled_from(["a", "ab", "b", ""]).map(lambda text: (text,)),
        "port": st.integers(-3, 12).map(lambda number: (str(number),)),
        "address": st.sampled_from(["10.0.0.1", "10.1.2.3", "192.168.0.1", "fe80::1"]).map(lambda text: (text,)),
    },
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(predicates, st.lists(rows, min_size=1, max_size=5))
def test_the_search_selects_what_the_predicate_selects(
    predicate: Predicate, fields: list[dict[str, tuple[str, ...]]]
) -> None:
    findings = Findings()
    try:
        selected = select((Branch(SOURCE, predicate, predicate),), Schema(COLUMNS, ecs=False), findings)
    except RefusalError:
        reject()
    assumptions = [finding.assumption() for finding in findings.items]
    inside = [row for row in fields if _inside(assumptions, row)]
    text = pipeline.write(selected.commands)

    found = run(text, [SplunkEvent(str(number), 0, row) for number, row in enumerate(inside)], now=1)

    holds = compile_predicate(predicate, COLUMNS)
    wanted = {str(number) for number, row in enumerate(inside) if holds(Event(str(number), row))}
    assert {row.event_id for row in found.rows} == wanted, text


def _inside(assumptions: list[Assumption], row: Mapping[str, Values]) -> bool:
    return all(item.allows is None or item.allows(row.get(item.field or "", ())) for item in assumptions)


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(base.computes, st.booleans(), st.lists(base.documents, min_size=1, max_size=4))
def test_computed_values_select_what_the_script_selects(
    compute: Predicate, negated: bool, documents: list[dict[str, object]]
) -> None:
    predicate = Not(compute) if negated else compute
    findings = Findings()
    try:
        selected = select((Branch(SOURCE, predicate, predicate),), Schema(base.CATALOGUE, ecs=False), findings)
    except RefusalError:
        reject()
    assumptions = [finding.assumption() for finding in findings.items]
    given_ = {str(number): flatten(document) for number, document in enumerate(documents)}
    inside = {name: fields for name, fields in given_.items() if _inside(assumptions, fields)}
    text = pipeline.write(selected.commands)

    found = run(text, [SplunkEvent(name, 0, _texts(fields)) for name, fields in inside.items()], now=1)

    holds = compile_predicate(predicate, base.CATALOGUE)
    wanted = {name for name, fields in inside.items() if holds(Event(name, fields))}
    assert {row.event_id for row in found.rows} == wanted, text


def _texts(fields: Mapping[str, Values]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(extracted(value) for value in values) for name, values in fields.items()}
