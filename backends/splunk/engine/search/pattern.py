"""How `search` matches a value: `*` is the only wildcard, both ends are anchored (spec splunk 1, 1.2)."""

import re
from collections.abc import Callable

from backends.splunk.engine.literal import lower
from backends.splunk.engine.network import block, contains
from backends.splunk.engine.search.tree import Value

Test = Callable[[str], bool]


def value_test(value: Value) -> Test:
    """Whether one value of a field equals what stands on the right of `=`.

    A wildcard pattern, else an address if the value is a block, else text with letters folded: `=` and `!=` compare
    texts, `1` is not `1.0` (Splunk's reference of `search`; only `<` and its kin see numbers). CASE(…) compares text
    as it stands.
    """
    if value.exact_case:
        return wildcard_test(value.text, fold=False)
    if "*" in value.text:
        return wildcard_test(value.text, fold=True)
    network, wanted = block(value.text), lower(value.text)
    if network is None:
        return lambda text: lower(text) == wanted
    return lambda text: lower(text) == wanted or contains(network, text)


def wildcard_test(pattern: str, *, fold: bool) -> Test:
    """Whether a text is the pattern from end to end; `*` stands for any run of characters, `?` for itself."""
    parts = [lower(part) if fold else part for part in pattern.split("*")]

    def test(text: str) -> bool:
        subject = lower(text) if fold else text
        return _fits(subject, parts)

    return test


def _fits(subject: str, parts: list[str]) -> bool:
    """Leftmost placement of every part: linear in practice, no backtracking."""
    first, *middle = parts
    if not middle:
        return subject == first
    last = middle.pop()
    position, end = len(first), len(subject) - len(last)
    if position > end or not subject.startswith(first) or not subject.endswith(last):
        return False
    for part in middle:
        found = subject.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True


# What separates segments of a raw text (spec splunk 1.4, the default segmenters).
_MAJOR = r"""[\[\]<>(){}|!;,'"*&?+\s]"""
_MINOR = r"[/:=@.\-$#%\\_]"
_CODES = "21 26 2526 3B 7C 20 2B 3D 2520 5D 5B 3A 0A 2C 28 29"
_MAJOR_BREAKERS = (_MAJOR, "--", *(f"%{code}" for code in _CODES.split()))


def term_test(value: Value) -> Test:
    """Whether a raw text holds a term, bounded by breakers or its ends on both sides.

    TERM(…) is bounded by major breakers only; `*` stands for any run of characters inside a segment.
    """
    breakers = _MAJOR_BREAKERS if value.indexed else (*_MAJOR_BREAKERS, _MINOR)
    before = "|".join(["^", *(f"(?<={breaker})" for breaker in breakers)])
    after = "|".join(["$", *breakers])
    body = r"\S*".join(re.escape(part) for part in value.text.split("*"))
    pattern = re.compile(f"(?:{before}){body}(?={after})", re.ASCII if value.exact_case else re.ASCII | re.IGNORECASE)
    return lambda raw: pattern.search(raw) is not None
