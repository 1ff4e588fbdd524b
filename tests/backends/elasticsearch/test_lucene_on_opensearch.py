"""What query strings select on a real OpenSearch: those that are written and those that are read."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backends.elasticsearch.lucene import query_string
from converter.errors import RuleError
from converter.evaluate.predicate import compile_predicate
from converter.events.event import Event, flatten
from converter.ir import All, Any, Events, Not, Predicate
from converter.languages import lucene
from converter.languages.raised import Findings
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType
from tests.backends.elasticsearch.test_predicates_on_opensearch import DOCUMENTS, EVENTS, MAPPING
from tests.engines.opensearch.client import Client
from tests.engines.opensearch.server import Server
from tests.strategies import CATALOGUE, tests

pytestmark = pytest.mark.engine

WRITTEN, READ = "written-query-strings", "read-query-strings"
predicates: st.SearchStrategy[Predicate] = st.recursive(
    tests,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: All(tuple(items))),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Any(tuple(items))),
    ),
    max_leaves=6,
)

TYPES = {"k": FieldType.KEYWORD, "n": FieldType.LONG, "ip": FieldType.IP, "day": FieldType.DATE}
TYPED = Catalogue(
    {name: FieldInfo(name, kind) for name, kind in TYPES.items()}
    | {"t": FieldInfo("t", FieldType.TEXT, analyzer="standard"), "h.x": FieldInfo("h.x"), "h.y": FieldInfo("h.y")}
)
DOCUMENTS_READ: dict[str, dict[str, object]] = {
    "1": {"k": "<abc", "n": 5, "h": {"x": "foo", "y": "bar"}},
    "2": {"k": "", "n": -3},
    "3": {"k": "a b", "n": 7, "ip": "10.1.2.3"},
    "4": {"k": "AND", "day": "2024-05-01T12:00:00Z"},
    "5": {"k": "a/b\\c", "t": "hello big world"},
    "6": {"k": "a\\b", "ip": "fe80::1"},
    "7": {"k": ["*", "foo"]},
    "8": {"k": "foo bar", "t": "foo bar baz"},
    "9": {"k": "foo", "n": [1, 9]},
    "10": {"k": ">5", "h": {"y": "foo"}},
    "11": {"k": 'a"b'},
    "12": {"k": "a&&b", "day": "2023-12-31T23:59:59Z"},
    "13": {},
}
QUERIES = (
    "k:foo",
    "k:(foo bar)",
    "k:(foo OR bar)",
    "k:foo bar",
    r"k:foo\ bar",
    'k:"foo bar"',
    "k:f*",
    "k:f??",
    "k:*",
    "_exists_:k",
    "NOT _exists_:k",
    "*:*",
    "",
    "NOT k:foo",
    "k:(NOT foo)",
    "k:foo AND NOT n:9",
    "+k:f* -n:9",
    "k:foo n:5",
    "k:foo || n:5",
    "k:f* && n:9",
    "k:f* !n:9",
    "(k:foo AND n:9) OR n:5",
    "n:[5 TO 7]",
    "n:{5 TO 7}",
    "n:[2 TO 8]",
    "n:>=7",
    "n:<0",
    r"n:\-3",
    r'k:"\>5"',
    r"k:\<abc",
    r"k:\<abc*",
    "ip:10.0.0.0\\/8",
    'ip:"fe80::/10"',
    "day:2024-05-01",
    "day:[2024-05-01 TO 2024-05-01]",
    "day:[2024-01-01 TO *]",
    "day:<2024",
    "t:(world hello)",
    't:"big world"',
    't:"world big"',
    "t:wor*",
    r"k:/a\/b.c/",
    "k:/[fg]o+/",
    r"k:/a[\\]b/",
    'k:"a\\"b"',
    "k:a&&b",
    r"h.\*:foo",
    r"h.\*:f*",
    r"_exists_:h.\*",
    "h.x:foo^2 OR (k:foo)^0.5",
    "k:AND*",
    'k:"AND"',
    r"k:\*",
    'k:"*"',
    'k:["a" TO "b"]',
    "unknown:foo",
    "k : foo",
    "k:(+f* -foo)",
)


WHOLE_VALUES = {
    "index.query.default_field": ["k", "n", "ip", "day", "h.x", "h.y"],
    "index.query_string.lenient": True,
}
"""Without a field the evaluator compares whole values only: analysed text is left out of the default fields."""


@pytest.fixture(scope="module")
def searched(opensearch: Server) -> Iterator[Client]:
    with Client(opensearch.url) as client:
        client.create(WRITTEN, MAPPING)
        client.index(WRITTEN, DOCUMENTS)
        client.create(READ, {info.name: {"type": info.type.value} for info in TYPED}, WHOLE_VALUES)
        client.index(READ, DOCUMENTS_READ)
        yield client
        client.delete(WRITTEN)
        client.delete(READ)


def sent(text: str) -> dict[str, object]:
    return {"query_string": {"query": text, "analyze_wildcard": True}}


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(predicates)
def test_what_is_written_selects_what_the_evaluator_selects(searched: Client, predicate: Predicate) -> None:
    findings = Findings(CATALOGUE)
    text = query_string(predicate, findings)
    assume(not findings.losses)
    holds = compile_predicate(predicate, CATALOGUE)

    assert searched.ids(WRITTEN, sent(text)) == {event.id for event in EVENTS if holds(event)}, text


@pytest.mark.parametrize("text", QUERIES)
def test_what_is_read_selects_what_it_selects_there(searched: Client, text: str) -> None:
    assert searched.ids(READ, sent(text)) == found(text)


terms = st.sampled_from(["foo", "bar", "f*", '"foo bar"', r"foo\ bar", "/fo+/", "?5", "[a TO b]", ">b", "AND", "*"])
in_fields = st.tuples(st.sampled_from(["k:", "h.x:", "n:"]), terms).map("".join)
clauses = st.tuples(
    st.sampled_from(["", "NOT ", "+", "-", "!"]),
    st.one_of(in_fields, st.sampled_from(["foo", "f*", '"foo bar"', "/fo+/"])),
)
strings: st.SearchStrategy[str] = st.recursive(
    st.lists(clauses.map("".join), min_size=1, max_size=3).map(" ".join),
    lambda inner: st.builds(
        lambda first, word, second: f"({first}) {word}({second})",
        inner,
        st.sampled_from(["AND ", "OR ", "&& ", "|| ", "AND NOT ", "OR NOT ", "", "NOT "]),
        inner,
    ),
    max_leaves=3,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(strings)
def test_whatever_is_read_selects_what_it_selects_there(searched: Client, text: str) -> None:
    try:
        expected = found(text)
    except RuleError:
        assume(False)

    assert searched.ids(READ, sent(text)) == expected


def found(text: str) -> set[str]:
    detection = lucene.lower(lucene.parse(text), TYPED).detection
    assert isinstance(detection, Events)
    holds = compile_predicate(detection.predicate, TYPED)
    events = (Event(name, flatten(document), document, time=0.0) for name, document in DOCUMENTS_READ.items())
    return {event.id for event in events if holds(event)}
