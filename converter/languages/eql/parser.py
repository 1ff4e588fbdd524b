"""From text to syntax tree."""

from functools import cache
from typing import Any

from lark import UnexpectedInput

from converter.errors import RuleError
from converter.languages import tables
from converter.languages.driver import Driver
from converter.languages.eql import diagnostics, limits, statics
from converter.languages.eql.builder import Builder
from converter.languages.eql.refusal import excerpted
from converter.languages.eql.tree import Statement


def parse(text: str) -> Statement:
    """Reads one EQL query (spec eql 1 to 3).

    Raises RuleError with a code, line, column, the line of the query, what was expected and what to do.
    """
    try:
        checked = limits.checked(text)
        query, pipes = _parsed(checked)
        statics.check(query, pipes)
    except RuleError as error:
        raise excerpted(error, text) from None
    return Statement(query, pipes, text)


def _parsed(text: str) -> Any:
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        raise diagnostics.explain(text, error) from None


@cache
def _parser() -> Driver:
    return Driver(tables.parser("eql", Builder()))
