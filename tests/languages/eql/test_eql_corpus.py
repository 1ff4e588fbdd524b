"""Every EQL query of the public rule repository: read, printed back, lowered."""

import tomllib
from functools import cache

import pytest

from converter.ir.detection import Events, Sample, Sequence
from converter.languages.eql import lower, parse, to_text
from converter.schema.catalogue import default_catalogue
from tests.shared import shared

pytestmark = pytest.mark.shared

_KINDS = {"Filter": Events, "Sequence": Sequence, "Sample": Sample}


@cache
def queries() -> dict[str, str]:
    """The EQL texts of the corpus by rule id."""
    found = {}
    for path in sorted(shared("corpus").rglob("*.toml")):
        rule = tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {})
        if rule.get("type") == "eql":
            found[rule["rule_id"]] = rule["query"]
    return found


def test_there_are_502_texts() -> None:
    assert len(queries()) == 502


def test_printing_and_parsing_are_inverse() -> None:
    for query in queries().values():
        tree = parse(query)
        text = to_text(tree)
        assert parse(text) == tree
        assert to_text(parse(text)) == text


def test_all_lower_to_a_detection_of_their_kind() -> None:
    for query in queries().values():
        statement = parse(query)
        lowered = lower(statement, default_catalogue())
        assert isinstance(lowered.detection, _KINDS[type(statement.query).__name__])
        assert lowered.losses == ()


def test_spans_point_at_the_text_they_mean() -> None:
    """The condition's span, cut out of the text, is the condition."""
    for query in queries().values():
        statement = parse(query)
        if type(statement.query).__name__ == "Filter":
            written = statement.query.span.text(query)
            assert parse(written).query == statement.query
