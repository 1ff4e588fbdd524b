"""Regular expressions of SPL, run by Python's `re` where the two agree and refused where they do not.

The SPL string has been unescaped before (spec splunk 1.2). Letters fold in ASCII only and classes like `\\w` are
ASCII, as in PCRE without Unicode properties.
"""

import re
import warnings
from functools import lru_cache

from backends.splunk.engine.errors import UndefinedError

_TOKEN = re.compile(
    r"""(?P<refused>\[\[[:.=]             # POSIX classes
      | \\[uUN]                          # escapes that Python reads in its own way
      | \{,\d                            # text in PCRE, a bound in Python
      | \(\?P[=>] | \(\?[aLu])           # Python's own flags, PCRE's recursion
      | (?P<code>\\x\{[0-9A-Fa-f]{1,6}\})
      | (?P<end>\\[zZ])
      | (?P<group>\(\?<(?=[A-Za-z_]))
      | \\.                              # any other escape, so that nothing is found inside one
    """,
    re.VERBOSE | re.DOTALL,
)
_ENDS = {r"\z": r"\Z", r"\Z": r"(?=\n?\Z)"}
_BACK_REFERENCE = re.compile(r"\\(\d)")


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, unanchored. Raises UndefinedError if it is no PCRE or means something else to Python."""
    python = _TOKEN.sub(_translated, pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # about sets like `[[]`, which PCRE reads the same way
            return re.compile(python, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise UndefinedError(f"not a regular expression: {error}") from None


def _translated(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "refused":
            raise UndefinedError(f"`{token.group()}` in a regular expression is not supported by this interpreter")
        case "code":
            return _character(token.group()[3:-1])
        case "end":
            return _ENDS[token.group()]
        case "group":
            return "(?P<"
        case _:
            return token.group()


def _character(code: str) -> str:
    """`\\x{1f600}` in Python's words. A character beyond Unicode is no pattern."""
    number = int(code, 16)
    if number > 0x10FFFF:
        raise UndefinedError(f"there is no character {code} in a regular expression")
    return f"\\U{number:08x}"


def replace(text: str, pattern: str, replacement: str) -> str:
    r"""All matches replaced; `\1` to `\9` in the replacement are groups, everything else is text."""

    def filled(found: re.Match[str]) -> str:
        return _BACK_REFERENCE.sub(lambda digit: found.group(int(digit.group(1))) or "", replacement)

    try:
        return compiled(pattern).sub(filled, text)
    except IndexError:
        raise UndefinedError(f"`{replacement}` refers to a group that the pattern does not have") from None
