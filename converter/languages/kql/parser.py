"""KQL text to syntax tree."""

import re
from functools import cache
from typing import cast

from lark.exceptions import UnexpectedInput

from converter.errors import Place, RuleError
from converter.languages.driver import Driver
from converter.languages.kql.builder import TreeBuilder
from converter.languages.kql.diagnosis import diagnose, excerpt, position
from converter.languages.kql.tree import Expression
from converter.languages.limits import DEEPEST_NESTING, check_text
from converter.languages.tables import parser


def parse(text: str) -> Expression:
    """The tree of a query, as Kibana's own grammar reads it (spec kql 1, 2).

    RuleError if it is not KQL, is longer than the limit (`text-too-long`) or nests deeper (`nesting-too-deep`).
    """
    check_text(text)
    _check_nesting(text)
    try:
        return cast(Expression, _parser().parse(text))
    except UnexpectedInput as error:
        raise diagnose(text, error) from None


@cache
def _parser() -> Driver:
    return Driver(parser("kql", TreeBuilder()))


_BRACKET = re.compile(r'"(?:\\.|[^"\\])*+"|\\.|(?P<open>[({])|(?P<close>[)}])', re.DOTALL)


def _check_nesting(text: str) -> None:
    if text.count("(") + text.count("{") <= DEEPEST_NESTING:
        return
    depth = 0
    for match in _BRACKET.finditer(text):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth -= 1
        if depth > DEEPEST_NESTING:
            line, column = position(text, match.start())
            raise RuleError(
                "nesting-too-deep",
                f"brackets are nested more than {DEEPEST_NESTING} deep",
                place=Place(None, line, column),
                advice="remove brackets that group nothing, or split the rule",
                excerpt=excerpt(text, match.start()),
            )
