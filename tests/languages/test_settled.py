"""Which detections count as one: differences of spelling do not, every other one does."""

import pytest

from converter import parse
from converter.ir import Detection
from converter.languages.settled import mean_the_same
from converter.schema.catalogue import default_catalogue


def meaning(condition: str) -> Detection:
    language = "lucene" if condition.startswith("lucene ") else "eql"
    text = condition.removeprefix("lucene ") if language == "lucene" else f"any where {condition}"
    detection = parse(text, language=language).detection
    assert detection is not None
    return detection


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('process.name like "abc"', 'process.name == "abc"'),
        ('process.name : "ABC"', 'process.name : "abc"'),
        ('process.name : "A*c"', "lucene process.name:/[aA].*[cC]/"),
        ('process.name == "a?"', r"lucene process.name:/a\?/"),
        ('process.name like "a?"', "lucene process.name:/a./"),
        ('process.name regex~ "abc"', 'process.name : "abc"'),
        ('process.name like "*"', "process.name != null"),
        ('process.name == "a\\\\"', r"lucene process.name:/a[\\]/"),
        ("process.pid > 1 and process.pid < 5", "lucene process.pid:{1 TO 5}"),
        ('not (process.name != null and process.name like "a*")', 'not process.name like "a*"'),
        ('?process.name == "a" or user.name == "b"', 'user.name == "b" or process.name == "a"'),
        ('not (process.name == "a" and user.name == "b")', 'process.name != "a" or user.name != "b"'),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert mean_the_same(meaning(one), meaning(other), default_catalogue())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('process.name == "abc"', 'process.name : "abc"'),
        ('process.name : "ab"', "lucene process.name:/[aA]b/"),
        ('process.name == "a*"', 'process.name like "a*"'),
        ("process.pid > 1", "process.pid >= 1"),
        ('process.name != null or process.name == "a"', 'process.name == "a"'),
        ('process.name != null and not process.name == "a"', 'not process.name == "a"'),
        ('process.name == "a" and process.name == "b"', 'process.name in ("a", "b")'),
        ('process.name regex "[ab]"', 'process.name in~ ("a", "b")'),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert not mean_the_same(meaning(one), meaning(other), default_catalogue())
