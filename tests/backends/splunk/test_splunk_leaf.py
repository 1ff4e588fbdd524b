"""Texts that look like numbers: SPL compares numbers, so that only the usual spelling is left to it."""

import pytest

from backends.splunk import search, where
from backends.splunk.leaf import leaf
from converter.ir import Equal, TextLiteral
from converter.schema.catalogue import FieldInfo

CODE = FieldInfo("event.code")


@pytest.mark.parametrize(
    ("text", "exact", "assumed"),
    [
        ("4624", True, True),
        ("0", True, True),
        ("0100032095", False, False),
        ("-1", False, False),
        ("1e5", False, False),
    ],
)
def test_only_plain_numbers_are_left_to_the_search_language(text: str, exact: bool, assumed: bool) -> None:
    found = leaf(CODE, (Equal(TextLiteral(text)),))
    assert found.pre == search.Compare("event.code", "=", text)
    assert found.pre_exact is exact
    assert bool(found.findings) is assumed
    compared = isinstance(found.exact, where.Binary)
    assert compared is exact, "another spelling of a number is told apart by a pattern, not by =="
