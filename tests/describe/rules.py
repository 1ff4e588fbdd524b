"""Random detections of every kind over the predicates of `tests.strategies`."""

from hypothesis import strategies as st

from converter.ir import (
    AddressLiteral,
    DateLiteral,
    Detection,
    Events,
    Field,
    IndicatorEntry,
    IndicatorMatch,
    Literal,
    NewTerms,
    Predicate,
    Range,
    Sample,
    Sequence,
    Stage,
    Take,
    Test,
    Threshold,
    VersionLiteral,
)
from converter.ir.regex import Alternation, AnyText, Boundary, Complement, Intersection, Interval, NoText, Regexp
from tests import strategies
from tests.strategies import regexps

_fields = st.builds(Field, st.sampled_from(["host.id", "user name", "a`b", "n"]), st.booleans())
_keys = st.lists(_fields, max_size=2).map(tuple)
_takes = st.lists(st.builds(Take, st.sampled_from(["head", "tail"]), st.integers(0, 12)), max_size=2).map(tuple)
_spans = st.one_of(st.none(), st.integers(1, 10_000_000))
_moments = st.sampled_from(["now", "now-9m", "now-30d/d", "now-1M", "\x1b[31m"])

_ordered: st.SearchStrategy[Literal] = st.one_of(
    st.builds(DateLiteral, _moments),
    st.sampled_from(["10.0.0.1", "fe80::1"]).map(AddressLiteral),
    st.sampled_from(["1.2.3", "1.0-rc"]).map(VersionLiteral),
)
_bounds = st.builds(Range, _ordered, st.one_of(st.none(), _ordered), st.booleans(), st.booleans())
ranges: st.SearchStrategy[Test] = st.builds(Test, _fields, st.lists(_bounds, min_size=1, max_size=2).map(tuple))

regular: st.SearchStrategy[Regexp] = st.recursive(
    st.one_of(
        regexps,
        st.sampled_from(["start", "end", "word"]).map(Boundary),
        st.just(AnyText()),
        st.just(NoText()),
        st.builds(Interval, st.integers(0, 5), st.integers(5, 99), st.integers(0, 3)),
    ),
    lambda inner: st.one_of(
        inner.map(Complement),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Alternation(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Intersection(tuple(items))),
    ),
    max_leaves=4,
)

predicates: st.SearchStrategy[Predicate] = st.one_of(strategies.predicates, ranges)


def _stages(count: int) -> st.SearchStrategy[tuple[Stage, ...]]:
    stage = st.builds(Stage, predicates, _keys, st.integers(1, 5), st.booleans())
    present = st.builds(Stage, predicates, _keys)
    return st.tuples(present, *[stage] * (count - 1)).flatmap(st.permutations).map(tuple)


_entries = st.lists(st.builds(IndicatorEntry, _fields, _fields, st.booleans()), min_size=1, max_size=2).map(tuple)
_names = st.lists(_fields, min_size=1, max_size=3).map(tuple)

detections: st.SearchStrategy[Detection] = st.one_of(
    st.builds(Events, predicates, _takes),
    st.builds(
        Sequence,
        st.integers(1, 4).flatmap(_stages),
        _spans,
        st.one_of(st.none(), st.builds(Stage, predicates, _keys)),
        _takes,
    ),
    st.builds(Sample, st.lists(st.builds(Stage, predicates, _keys), min_size=1, max_size=3).map(tuple), _spans),
    st.builds(
        Threshold,
        predicates,
        _keys,
        st.integers(1, 20),
        st.one_of(st.none(), st.tuples(_fields, st.integers(1, 9))),
        _spans,
        st.one_of(st.none(), _moments),
    ),
    st.builds(NewTerms, predicates, _names, _moments, _moments),
    st.builds(
        IndicatorMatch,
        predicates,
        st.lists(st.sampled_from(["logs-ti_*", "x"]), min_size=1, max_size=2).map(tuple),
        predicates,
        st.lists(_entries, min_size=1, max_size=2).map(tuple),
    ),
)
