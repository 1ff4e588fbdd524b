"""Values: what the writer escapes, pySigma reads back part by part."""

import hypothesis.strategies as st
from hypothesis import given
from sigma.types import SigmaString, SpecialChars

from backends.sigma.value import encode
from converter.ir import ANY_ONE, ANY_RUN, AnyOne, AnyRun, Pattern, Text, pattern

PARTS = st.one_of(st.text(st.sampled_from("ab\\*? '\n%é"), max_size=4), st.just(ANY_RUN), st.just(ANY_ONE))


def read(text: str) -> Pattern:
    """The parts that pySigma sees."""
    parts: list[str | AnyRun | AnyOne] = []
    for part in SigmaString(text).s:
        if part is SpecialChars.WILDCARD_MULTI:
            parts.append(ANY_RUN)
        elif part is SpecialChars.WILDCARD_SINGLE:
            parts.append(ANY_ONE)
        else:
            assert isinstance(part, str)
            parts.append(part)
    return pattern(*parts)


@given(st.lists(PARTS, max_size=6))
def test_pysigma_reads_the_parts_that_were_written(parts: list[str | AnyRun | AnyOne]) -> None:
    written = pattern(*parts)
    assert read(encode(written)) == written


def test_backslashes_are_doubled_and_wildcard_characters_escaped() -> None:
    assert encode((Text("C:\\*"), ANY_RUN, Text("a?"))) == r"C:\\\**a\?"
