"""Regular expressions of SPL, run by Python's `re` where the two agree and refused where they do not.

The SPL string has been unescaped before (spec splunk 1.2). Letters fold in ASCII only and classes like `\\w` are
ASCII, as in PCRE without Unicode properties.
"""

import re
import warnings
from functools import lru_cache

from backends.splunk.engine.errors import UndefinedError

_DIFFERENT = re.compile(
    r"""(?P<class>\[\[[:.=])          # POSIX classes
      | (?P<escape>(?<!\\)(?:\\\\)*\\[uUNZ])   # escapes that Python reads in its own way
      | (?P<bound>\{,\d)              # text in PCRE, a bound in Python
      | (?P<group>\(\?P[=>]|\(\?[aLu])  # Python's own flags, PCRE's recursion
    """,
    re.VERBOSE,
)
_GROUP_NAME = re.compile(r"\(\?<(?=[A-Za-z_])")
_BACK_REFERENCE = re.compile(r"\\(\d)")


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, unanchored. Raises UndefinedError if it is no PCRE or means something else to Python."""
    different = _DIFFERENT.search(pattern)
    if different is not None:
        raise UndefinedError(f"`{different.group()}` in a regular expression is not supported by this interpreter")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # about sets like `[[]`, which PCRE reads the same way
            return re.compile(_GROUP_NAME.sub("(?P<", pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise UndefinedError(f"not a regular expression: {error}") from None


def replace(text: str, pattern: str, replacement: str) -> str:
    r"""All matches replaced; `\1` to `\9` in the replacement are groups, everything else is text."""

    def filled(found: re.Match[str]) -> str:
        return _BACK_REFERENCE.sub(lambda digit: found.group(int(digit.group(1))) or "", replacement)

    try:
        return compiled(pattern).sub(filled, text)
    except IndexError:
        raise UndefinedError(f"`{replacement}` refers to a group that the pattern does not have") from None
