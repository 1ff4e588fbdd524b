"""How large and how deep a query may be: rules are input from strangers, and memory and recursion are bounded."""

from converter.errors import RuleError

DEEPEST_NESTING = 50
"""Brackets within brackets. Real rules stay below 10. A level is up to three nodes (`or`, `and`, `not`), and comparing
two trees recurses thrice a node, so that this keeps well below Python's limit."""

DEEPEST_CLAUSES = 150
"""Clauses within clauses of Query DSL: what the deepest query is written as, and some more."""

LONGEST_TEXT = 1 << 20
"""Characters of one query. The longest of Elastic's own rules has some 30,000."""


def check_length(text: str) -> None:
    """RuleError `text-too-long` above the limit."""
    if len(text) > LONGEST_TEXT:
        raise RuleError(
            "text-too-long",
            f"the query has {len(text):,} characters, the limit is {LONGEST_TEXT:,}",
            advice="split the rule",
        )
