"""Mutated and generated queries: never an exception but ours, each error with a code, a place and one line."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import grammar
from tests.fuzz.mutation import mutated
from tests.fuzz.outcome import check_query, check_regex
from tests.fuzz.seed import queries

MANY = settings(
    max_examples=700,
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""The deadline is per case and far above what any needs: it catches what grows without bound, and no slow machine."""

_targets = st.sampled_from(["splunk", "sigma", "osquery", "elasticsearch"]).map(lambda target: [target])


@MANY
@given(mutated(queries("eql")), _targets)
def test_mutated_eql(text: str, targets: list[str]) -> None:
    check_query(text, "eql", targets)


@MANY
@given(grammar.eql, _targets)
def test_generated_eql(text: str, targets: list[str]) -> None:
    check_query(text, "eql", targets)


@MANY
@given(mutated(queries("kuery")), _targets)
def test_mutated_kql(text: str, targets: list[str]) -> None:
    check_query(text, "kuery", targets)


@MANY
@given(grammar.kql, _targets)
def test_generated_kql(text: str, targets: list[str]) -> None:
    check_query(text, "kuery", targets)


@MANY
@given(mutated(queries("dsl")), _targets)
def test_mutated_search_bodies(text: str, targets: list[str]) -> None:
    check_query(text, "dsl", targets)


@MANY
@given(st.one_of(mutated(queries("regex")), grammar.regex))
def test_regular_expressions(text: str) -> None:
    check_regex(text)


@MANY
@given(st.text(max_size=60), st.sampled_from(["eql", "kuery", "dsl"]))
def test_any_text(text: str, language: str) -> None:
    check_query(text, language, [])
