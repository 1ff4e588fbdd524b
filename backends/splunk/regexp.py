"""Regular expressions for `match` and `mvfind`: PCRE over the whole value (spec splunk 1.2, 3 "Regex dialect")."""

from collections.abc import Sequence

from converter.ir.regex import Regexp
from converter.languages.regex import pcre


def whole(trees: Sequence[Regexp], *, ignore_case: bool) -> str:
    r"""A pattern that accepts exactly what some tree accepts, before it is quoted. Raises pcre.DialectError.

    `\z` ends it: `$` would also match before a final line break.
    """
    return f"(?{'i' if ignore_case else ''}s)^{pcre.write(trees)}\\z"
