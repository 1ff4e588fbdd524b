"""What is written, what it is meant to say and what the rule says, on random predicates and random target rows.

The effective predicate on a row together with its projection is the target predicate on the row. Against the source it
differs only as the losses announce, inside the domains.
"""

from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from converter.evaluate import compile_predicate
from converter.events.event import Event, Values
from converter.ir import ANY_ONE, ANY_RUN, All, Any, Equal, Field, Like, Not, Predicate, Present, Test, TextLiteral
from converter.ir.pattern import pattern
from converter.losses import Direction
from converter.schema.catalogue import Catalogue
from converter.schema.derivation.interface import CannotBuild
from converter.schema.load import load_profile
from converter.schema.profile import Source
from converter.schema.project import build, project
from converter.schema.rewriting import rewritten

PROFILE = load_profile(Path(__file__).parent / "profiles", "example", "example")
SOURCES = st.sampled_from(PROFILE.sources)
CATALOGUE = Catalogue({})

FIELDS = ("process.name", "process.executable", "process.args", "file.path", "file.name", "file.extension")
OTHERS = ("user.name", "event.action", "event.type", "host.os.type", "host.id", "unknown.field", "labels.x")
WORDS = ("a", "B.so", "/a/B.so", "\\a\\b", "-x", "a b", "start", "exec", "linux", "creation")


def leaves() -> st.SearchStrategy[Predicate]:
    word = st.sampled_from(WORDS)
    parts = st.lists(st.one_of(st.sampled_from(("a", "/", "B", ".so", "\\")), st.just(ANY_RUN), st.just(ANY_ONE)))
    matcher = st.one_of(
        st.builds(lambda text, fold: Equal(TextLiteral(text), fold), word, st.booleans()),
        st.builds(lambda items, fold: Like(pattern(*items), fold), parts, st.booleans()),
        st.just(Present()),
    )
    matchers = st.lists(matcher, min_size=1, max_size=2).map(tuple)
    return st.builds(lambda name, found: Test(Field(name), found), st.sampled_from(FIELDS + OTHERS), matchers)


def predicates() -> st.SearchStrategy[Predicate]:
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda items: All(tuple(items))),
            st.lists(inner, min_size=1, max_size=3).map(lambda items: Any(tuple(items))),
            inner.map(Not),
        ),
        max_leaves=6,
    )


def rows() -> st.SearchStrategy[dict[str, Values]]:
    columns = st.sampled_from(("Image", "CommandLine", "Path", "User", "Host", "label_x"))
    return st.dictionaries(columns, st.sampled_from(("", *WORDS)).map(lambda value: (value,)))


def ecs_events() -> st.SearchStrategy[dict[str, Values]]:
    values = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple)
    return st.dictionaries(st.sampled_from((*FIELDS, "user.name", "labels.x")), values, max_size=4)


def holds(predicate: Predicate, fields: dict[str, Values]) -> bool:
    return compile_predicate(predicate, CATALOGUE)(Event("0", fields))


@settings(max_examples=400, deadline=None)
@given(predicate=predicates(), row=rows(), source=SOURCES)
def test_effective_predicate_means_the_target_predicate(
    predicate: Predicate, row: dict[str, Values], source: Source
) -> None:
    result = rewritten(predicate, source)
    assert holds(result.effective, {**row, **project(row, source)}) == holds(result.target, row)


@settings(max_examples=400, deadline=None)
@given(predicate=predicates(), seed=rows(), unknown=st.sampled_from(WORDS), source=SOURCES)
def test_differences_are_announced(predicate: Predicate, seed: dict[str, Values], unknown: str, source: Source) -> None:
    event = {**project(seed, source), "unknown.field": (unknown,)}
    row = build(event, source)
    assume(not isinstance(row, CannotBuild))
    assert not isinstance(row, CannotBuild)
    derivations = [(values, source.derivation(name)) for name, values in event.items()]
    domains = [(values, derivation.domain) for values, derivation in derivations if derivation is not None]
    assume(all(domain is None or domain.contains(values) for values, domain in domains))
    result = rewritten(predicate, source)
    found, wanted = holds(result.target, row), holds(predicate, event)
    directions = {loss.direction for loss in result.losses} - {Direction.DIFFERENT}
    if found and not wanted:
        assert Direction.WIDER in directions
    if wanted and not found:
        assert Direction.NARROWER in directions


@settings(max_examples=200, deadline=None)
@given(event=ecs_events(), source=SOURCES)
def test_built_rows_project_back(event: dict[str, Values], source: Source) -> None:
    row = build(event, source)
    assume(not isinstance(row, CannotBuild))
    assert not isinstance(row, CannotBuild)
    seen = project(row, source)
    for name, values in event.items():
        derivation = source.derivation(name)
        if derivation is not None and (derivation.domain is None or derivation.domain.contains(values)):
            assert set(seen[name]) == set(values)
    assert all(set(row[column]) <= set(values) for column, values in source.select.items())
