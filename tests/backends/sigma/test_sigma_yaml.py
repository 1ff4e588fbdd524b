"""YAML as it is emitted: every text comes back as the text it was, in both readings that YAML readers have of words."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backends.sigma import emit

scalars = st.one_of(
    st.text(),
    st.sampled_from(["on", "yes", "~", "null", "0x10", "1_000", "12:30", "2026-01-01", "1e3", "=", "- a", "a: b", "#"]),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.none(),
)
keys = st.one_of(st.text(min_size=1), st.sampled_from(["on", "No", "y", "null", "5", "Image|endswith", "a.b", "-"]))
documents = st.dictionaries(
    keys,
    st.recursive(
        scalars,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
        max_leaves=6,
    ),
    max_size=4,
)


@given(documents)
def test_what_is_written_is_what_is_read(document: dict[str, object]) -> None:
    assert yaml.safe_load(emit.document(document)) == (document or None)


@given(scalars)
def test_a_text_is_always_in_quotes(value: object) -> None:
    text = emit.document({"key": value}).removeprefix("key: ").rstrip("\n")
    assert (text[0] in "'\"") == isinstance(value, str)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("C:\\a 'b'", "key: 'C:\\a ''b'''\n"),
        ('a\n"b"\x00', 'key: "a\\n\\"b\\"\\x00"\n'),
        ("caf\u00e9", "key: 'caf\u00e9'\n"),
        ("\u200b", 'key: "\\u200b"\n'),
        (emit.Plain("stable"), "key: stable\n"),
        (1e16, "key: 1.0e+16\n"),
        ([], "key: []\n"),
        ({}, "key: {}\n"),
        (["a", ["b"]], "key:\n    - 'a'\n    -\n        - 'b'\n"),
        ([{"a": 1, "b": [2]}], "key:\n    -   a: 1\n        b:\n            - 2\n"),
    ],
)
def test_form(value: object, text: str) -> None:
    assert emit.document({"key": value}) == text


def test_what_yaml_has_no_scalar_for_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError):
        emit.document({"key": object()})
