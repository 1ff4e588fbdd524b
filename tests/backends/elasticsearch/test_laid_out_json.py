"""Layout changes white space only."""

import json

from hypothesis import given
from hypothesis import strategies as st

from backends.elasticsearch.layout import pretty

words = st.text(st.sampled_from('ab"\\é\n \u2028'), max_size=60)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), words),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(words, inner, max_size=5)),
    max_leaves=25,
)


@given(values)
def test_the_value_is_kept(value: object) -> None:
    assert json.loads(pretty(value)) == value


@given(st.dictionaries(words, values, max_size=5))
def test_keys_keep_their_order(value: dict[str, object]) -> None:
    assert list(json.loads(pretty(value))) == list(value)


def test_what_fits_stays_on_its_line() -> None:
    assert pretty({"a": [1, {"b": "c"}]}) == '{"a": [1, {"b": "c"}]}'


def test_what_does_not_fit_is_broken_and_texts_are_filled() -> None:
    lines = pretty({"names": [f"name-{number:02d}" for number in range(20)]}).splitlines()
    assert lines[0] == "{"
    assert lines[-1] == "}"
    assert lines[1] == '  "names": ['
    assert lines[-2] == "  ]"
    assert len(lines) == 6
    assert all(len(line) <= 120 for line in lines)
