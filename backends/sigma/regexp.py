"""Regular expressions for the modifier `re`, which searches: a tree is anchored at both ends (spec sigma 5.2)."""

from converter.ir.regex import Regexp
from converter.languages.regex import pcre


def whole(tree: Regexp) -> str:
    """A pattern that, searched under the flag `s`, accepts exactly what the tree accepts. Raises pcre.DialectError."""
    return f"^{pcre.write([tree])}$"
