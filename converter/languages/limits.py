"""How large and how deep a query may be: rules are input from strangers, and memory and recursion are bounded."""

from converter.errors import RuleError

DEEPEST_NESTING = 200
"""Brackets within brackets, in every language. Real rules stay below 10; every pass recurses once or twice a level."""

LONGEST_TEXT = 2_000_000
"""Characters of one query. The longest of Elastic's own rules has some 30,000."""


def check_length(text: str) -> None:
    """RuleError `text-too-long` above the limit."""
    if len(text) > LONGEST_TEXT:
        raise RuleError(
            "text-too-long",
            f"the query has {len(text):,} characters, the limit is {LONGEST_TEXT:,}",
            advice="split the rule",
        )
