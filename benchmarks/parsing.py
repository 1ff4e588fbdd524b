"""EQL and KQL text to syntax tree, against a plain lark LALR parse of the same grammar and texts."""

from collections.abc import Callable, Sequence

from lark import Lark, Token, Tree

from benchmarks.corpus import queries
from benchmarks.measure import Comparison, compare
from converter.languages import eql, kql, tables

Parse = Callable[[str], object]


def run() -> dict[str, Comparison]:
    """Per language: parse and tree, with all checks, relative to the plain parse."""
    return {
        "EQL text to tree / plain lark parse": _against_lark("eql", eql.parse, queries("eql")),
        "KQL text to tree / plain lark parse": _against_lark("kql", kql.parse, queries("kuery")),
    }


def _against_lark(language: str, parse: Parse, texts: Sequence[str]) -> Comparison:
    plain: Lark = tables.parser(language)

    def ours() -> None:
        for text in texts:
            parse(text)

    def peer() -> list[Tree[Token]]:
        return [plain.parse(text) for text in texts]

    return compare(ours, peer)
