"""The order of version fields (spec eql 5.6): numeric parts as numbers, a pre-release before its release, texts that
are no version after all that are."""

import re
from functools import lru_cache

_VERSION = re.compile(
    r"(?P<main>\d+(?:\.\d+)*)(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+(?P<build>[0-9A-Za-z.-]+))?", re.ASCII
)
_LONGEST_PART = 400

VersionKey = tuple[int, tuple[int, ...], int, tuple[tuple[int, int, str], ...], str]


@lru_cache(maxsize=4096)
def version_key(text: str) -> VersionKey:
    """A key that orders version texts; two texts have equal keys only if they are the same version."""
    found = _VERSION.fullmatch(text)
    if found is None or len(text) > _LONGEST_PART:
        return (1, (), 0, (), text)
    main = tuple(int(part) for part in found["main"].split("."))
    if found["pre"] is None:
        return (0, main, 1, (), found["build"] or "")
    return (0, main, 0, tuple(_identifier(part) for part in found["pre"].split(".")), found["build"] or "")


def _identifier(text: str) -> tuple[int, int, str]:
    """Numbers before words, numbers by value."""
    return (0, int(text), "") if text.isdecimal() else (1, 0, text)
