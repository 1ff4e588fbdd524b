"""How large and how deep a query may be: rules are input from strangers, and memory and recursion are bounded."""

import re

from converter.errors import Place, RuleError

DEEPEST_NESTING = 50
"""Brackets within brackets. Real rules stay below 10. A level is up to three nodes (`or`, `and`, `not`), and comparing
two trees recurses thrice a node, so that this keeps well below Python's limit."""

DEEPEST_CLAUSES = 150
"""Clauses within clauses of Query DSL: what the deepest query is written as, and some more."""

LONGEST_TEXT = 1 << 20
"""Characters of one query. The longest of Elastic's own rules has some 30,000."""


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def check_text(text: str) -> None:
    """RuleError `text-too-long` above the limit, `text-half-character` for lone surrogates: nothing that is written in
    UTF-8 holds any, neither events nor outputs."""
    if len(text) > LONGEST_TEXT:
        raise RuleError(
            "text-too-long",
            f"the query has {len(text):,} characters, the limit is {LONGEST_TEXT:,}",
            advice="split the rule",
        )
    if not text.isascii() and (found := _HALF_CHARACTER.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise RuleError(
            "text-half-character",
            f"U+{ord(found.group()):04X} is half of a character",
            place=Place(None, line, column),
            advice="write the character itself",
            excerpt=text.split("\n", line)[line - 1],
        )
