"""Whatever JSON is read, the answer is a predicate or a RuleError; and scripts are read from the registry alone."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.errors import RuleError
from converter.ir import Always, Detection, Never, Predicate
from converter.languages.dsl import fold_filters, read, read_search, script
from converter.languages.dsl.reader import CLAUSES
from converter.languages.limits import DEEPEST_CLAUSES
from converter.passes import canonical
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

CATALOGUE = Catalogue({kind.value: FieldInfo(kind.value, kind) for kind in FieldType})

_NAMES = st.sampled_from(
    [
        *CLAUSES,
        *(kind.value for kind in FieldType),
        *("query", "value", "fields", "filter", "should", "must_not", "gte", "minimum_should_match"),
        *("case_insensitive", "meta", "path", "field", "aggs", "lenient", "operator", "type"),
    ]
)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["a*", "10.0.0.0/8", "\\"]),
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner, max_size=2)),
    max_leaves=12,
)
_CLAUSE = st.dictionaries(st.sampled_from(sorted(CLAUSES)), st.dictionaries(_NAMES, _JSON, max_size=2), max_size=1)


def outcome(reading: Callable[[], Predicate | Detection]) -> Predicate | Detection | RuleError:
    try:
        return reading()
    except RuleError as error:
        return error


@given(_CLAUSE)
def test_any_clause_is_read_or_refused(query: dict[str, object]) -> None:
    assert isinstance(outcome(lambda: read(query, CATALOGUE)), Predicate | RuleError)


@given(st.dictionaries(_NAMES, _JSON, max_size=3))
def test_any_body_and_any_filter_is_read_or_refused(body: dict[str, object]) -> None:
    assert isinstance(outcome(lambda: read_search(body, CATALOGUE)), Detection | RuleError)
    assert isinstance(outcome(lambda: fold_filters([body], CATALOGUE)), Predicate | RuleError)


def test_scripts_are_known_by_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(script.SCRIPTS, "params.x", lambda params: Always() if params["x"] else Never())
    query = {"script": {"script": {"source": "params.x", "lang": "painless", "params": {"x": True}}}}
    assert read(query, CATALOGUE) == Always()
    query["script"]["script"]["lang"] = "expression"
    with pytest.raises(RuleError):
        read(query, CATALOGUE)


def test_the_deepest_clause_allowed_goes_all_the_way() -> None:
    query: dict[str, object] = {"term": {"k": "a"}}
    for _ in range(DEEPEST_CLAUSES // 2):
        query = {"bool": {"must_not": {"bool": {"should": [query, {"term": {"k": "b"}}]}}}}
    found = read(query, CATALOGUE)
    assert found == read(query, CATALOGUE)
    assert canonical(found) == canonical(found)
