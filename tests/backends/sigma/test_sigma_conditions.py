"""The shape of detections: every combination of and, or, not means what it says, on every event there is.

Leaves are tests of few fields for the value `x` or `y`; an event states, per field, none, one or both of them.
"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.sigma import emit
from backends.sigma.condition import Builder
from backends.sigma.detection import named
from backends.sigma.engine import SigmaEngine
from backends.sigma.item import InexpressibleError
from converter.backend import Artifact, TargetEvent
from converter.evaluate import compile_predicate
from converter.events.event import Event, Values
from converter.ir import (
    ANY_RUN,
    All,
    Always,
    Any,
    Equal,
    Field,
    Like,
    Never,
    Not,
    Predicate,
    Present,
    Test,
    TextLiteral,
    pattern,
)
from converter.passes import normalise
from converter.schema.catalogue import Catalogue

FIELDS = ("f", "g", "h")
STATES: tuple[Values, ...] = ((), ("x",), ("y",), ("x", "y"))
EVENTS = [
    Event(str(number), {field: values for field, values in zip(FIELDS, states, strict=True) if values})
    for number, states in enumerate(product(STATES, repeat=len(FIELDS)))
]
CATALOGUE = Catalogue({})

matchers = st.sampled_from(
    [
        Equal(TextLiteral("x"), ignore_case=True),
        Equal(TextLiteral("y"), ignore_case=True),
        Like(pattern("x", ANY_RUN), ignore_case=True),
        Like(pattern("y", ANY_RUN), ignore_case=True),
        Present(),
    ]
)
leaves = st.builds(
    lambda field, chosen: Test(Field(field), tuple(chosen)),
    st.sampled_from(FIELDS),
    st.lists(matchers, min_size=1, max_size=2),
)
groups = st.sampled_from([All, Any])


def of(inner: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    groups_of_several = st.builds(
        lambda kind, items: kind(tuple(items)), groups, st.lists(inner, min_size=2, max_size=5)
    )
    return st.one_of(groups_of_several, groups_of_several.map(Not))


literals: st.SearchStrategy[Predicate] = st.one_of(leaves, leaves.map(Not))
conditions = st.one_of(literals, of(literals), of(st.one_of(literals, of(literals))), of(of(of(literals))))


def rule(predicate: Predicate) -> str:
    detection = named(Builder(CATALOGUE, fold=False).condition(predicate))
    return "title: Example\nlogsource: {product: any}\n" + emit.document({"detection": detection.plain()})


@given(conditions)
@settings(max_examples=200, deadline=None)
def test_a_detection_selects_what_the_predicate_selects(predicate: Predicate) -> None:
    asked = normalise(predicate)
    if isinstance(asked, Always | Never):
        return
    text = rule(asked)
    targets = [TargetEvent(event.id, event.fields) for event in EVENTS]
    found = SigmaEngine().run([Artifact("example", ".yml", text)], targets, now=0).items
    holds = compile_predicate(predicate, CATALOGUE)
    assert found == {(event.id,) for event in EVENTS if holds(event)}, text


X = Equal(TextLiteral("x"), ignore_case=True)
F, G, H = (Test(Field(field), (X,)) for field in FIELDS)
STARTS = Test(Field("f"), (Like(pattern("a", ANY_RUN), ignore_case=True),))
STARTS_TOO = Test(Field("f"), (Like(pattern("b", ANY_RUN), ignore_case=True),))


@pytest.mark.parametrize(
    ("predicate", "identifiers", "condition"),
    [
        pytest.param(F, {"selection": {"f": "x"}}, "selection", id="one test"),
        pytest.param(All((F, G)), {"selection": {"f": "x", "g": "x"}}, "selection", id="one map"),
        pytest.param(Any((F, G)), {"selection": [{"f": "x"}, {"g": "x"}]}, "selection", id="a list of maps"),
        pytest.param(
            Any((All((F, G)), H)), {"selection": [{"f": "x", "g": "x"}, {"h": "x"}]}, "selection", id="small groups"
        ),
        pytest.param(
            All((STARTS, STARTS_TOO)), {"selection": {"f|startswith|all": ["a", "b"]}}, "selection", id="all of one key"
        ),
        pytest.param(Not(F), {"filter_main_1": {"f": "x"}}, "not filter_main_1", id="only a filter"),
        pytest.param(
            All((F, Not(G), Not(H))),
            {"selection": {"f": "x"}, "filter_main_1": {"g": "x"}, "filter_main_2": {"h": "x"}},
            "selection and not 1 of filter_main_*",
            id="none of the filters",
        ),
        pytest.param(
            All((F, Not(Any((G, H))))),
            {"selection": {"f": "x"}, "filter_main_1": {"g": "x"}, "filter_main_2": {"h": "x"}},
            "selection and not 1 of filter_main_*",
            id="not an or",
        ),
        pytest.param(
            All((F, Not(All((G, Not(H)))))),
            {"selection": {"f": "x"}, "filter_main_1": {"g": "x"}, "filter_main_2": {"h": "x"}},
            "selection and not (filter_main_1 and not filter_main_2)",
            id="a filter of two",
        ),
        pytest.param(
            Any((F, Not(G))),
            {"selection_1": {"f": "x"}, "selection_2": {"g": "x"}},
            "selection_1 or not selection_2",
            id="or without parentheses",
        ),
        pytest.param(
            All((F, Not(Test(Field("g"), (Present(),))))),
            {"selection": {"f": "x", "g|exists": False}},
            "selection",
            id="absence is a test",
        ),
    ],
)
def test_detections_are_built_as_people_write_them(
    predicate: Predicate, identifiers: dict[str, object], condition: str
) -> None:
    detection = named(Builder(CATALOGUE, fold=False).condition(predicate))
    assert detection.plain() == {**identifiers, "condition": condition}


@pytest.mark.parametrize("constant", [Always(), Never()])
def test_a_constant_is_refused(constant: Predicate) -> None:
    with pytest.raises(InexpressibleError) as refused:
        Builder(CATALOGUE, fold=False).condition(constant)
    assert refused.value.loss.code == "sigma-constant"
