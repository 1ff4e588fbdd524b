"""Whatever text is read as KQL, the answer is a tree and a meaning, or a RuleError with a place in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.errors import RuleError
from converter.ir import Events
from converter.languages.kql import KqlOptions, lower, parse, to_text
from converter.languages.limits import DEEPEST_NESTING
from converter.languages.lowered import Lowered
from converter.passes import canonical
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

CATALOGUE = Catalogue({kind.value: FieldInfo(kind.value, kind) for kind in FieldType})

_PIECES = st.sampled_from(
    [kind.value for kind in FieldType]
    + [":", " ", "(", ")", "{", "}", " and ", " or ", "not ", "*", '"', "\\", "<", ">=", "\n", "5", "true", "null", "é"]
    + ["10.0.0.0/8", "2024-01-01", "now-1d", "a.b", "\\u0041", "'", "?", "="]
)
_TEXT = st.one_of(st.text(max_size=30), st.lists(_PIECES, max_size=12).map("".join))


def outcome(text: str, options: KqlOptions) -> Lowered | RuleError:
    try:
        return lower(parse(text), CATALOGUE, options)
    except RuleError as error:
        return error


@given(_TEXT, st.booleans(), st.sampled_from([None, "Zulu", "Europe/Berlin", "nowhere"]))
def test_any_text(text: str, load_fields: bool, zone: str | None) -> None:
    found = outcome(text, KqlOptions(load_fields=load_fields, time_zone=zone))
    if isinstance(found, RuleError):
        lines = text.split("\n")
        assert 1 <= found.place.line <= len(lines)
        assert 1 <= found.place.column <= len(lines[found.place.line - 1]) + 1
    else:
        assert found.losses == ()


@pytest.mark.parametrize(
    "opening", ["k:a or k:b and not (", "k:{ k:a or k:b and not ", "(", "keyword:(a or b and not ("]
)
def test_the_deepest_query_allowed_goes_all_the_way(opening: str) -> None:
    """No walk over the tree or the IR reaches Python's recursion limit before ours is reached."""
    catalogue = Catalogue({})
    if ":(" in opening:
        text = "keyword:(" + "a or b and not (" * (DEEPEST_NESTING - 1) + "c" + ")" * DEEPEST_NESTING
    else:
        close = "}" if "{" in opening else ")"
        text = opening * DEEPEST_NESTING + "k:c" + close * DEEPEST_NESTING
    tree = parse(text)
    assert parse(to_text(tree)) == tree
    detection = lower(tree, catalogue).detection
    assert isinstance(detection, Events)
    assert canonical(detection.predicate) == canonical(detection.predicate)
