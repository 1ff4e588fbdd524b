"""What KQL reads differently from what its authors tend to mean: notes on literals (spec kql 9)."""

import re
from collections.abc import Callable

from converter.ir.pattern import Text
from converter.languages.kql.tree import Literal
from converter.losses import Note


def notes(value: Literal) -> list[Note]:
    """What to tell the rule's author about one value; the meaning stays Kibana's."""
    text = value.text
    if text is None:
        text = "".join(part.value for part in value.parts if isinstance(part, Text))
    if _SUSPECT.search(text) is None:
        return []
    return [Note(code, message.format(_shown(value))) for code, applies, message in _TRAPS if applies(value, text)]


def _shown(value: Literal) -> str:
    text = "".join(part.value if isinstance(part, Text) else "*" for part in value.parts)
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[:80])


_SUSPECT = re.compile(r"[\x00-\x1f?*']")
"""What every trap below has in it; nearly no value has any of it."""

_TRAPS: tuple[tuple[str, Callable[[Literal, str], bool], str], ...] = (
    (
        "kql-question-mark",
        lambda value, text: not value.quoted and "?" in text,
        "`?` in `{}` is a question mark, not a wildcard",
    ),
    (
        "kql-star-in-quotes",
        lambda value, text: value.quoted and "*" in text,
        '`*` in `"{}"` is a star, not a wildcard: quotes switch wildcards off',
    ),
    (
        "kql-control-character",
        lambda value, text: (
            (value.quoted and not text.isprintable() and any(char < " " for char in text))
            or (not value.quoted and "\t" in text)
        ),
        "`{}` contains a control character: `\\t`, `\\r` and `\\n` are escapes; a backslash is written `\\\\`",
    ),
    (
        "kql-line-break",
        lambda value, text: not value.quoted and ("\n" in text or "\r" in text),
        "`{}` is one value with a line break in it: an `or` may have been forgotten between two lines",
    ),
    (
        "kql-single-quotes",
        lambda value, text: not value.quoted and len(text) > 1 and text[0] == text[-1] == "'",
        "the single quotes of `{}` belong to the value: strings take double quotes",
    ),
)
