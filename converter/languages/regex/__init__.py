"""Regular expressions as a language that is read: three dialects into one tree, and the tree into a matcher.

parse(text, flavour)          text of one dialect -> converter.ir.regex tree of the WHOLE value
compile_regex(tree, ...)      tree -> function from a value to true or false, safe on hostile patterns
only_text, accepts_everything, has_letter_class    facts that lowering and backends ask for
"""

from converter.ir.matcher import Flavour
from converter.ir.regex import Regexp
from converter.languages.regex.automaton import compile_regex
from converter.languages.regex.facts import accepts_everything, has_letter_class, interval_tree, only_text
from converter.languages.regex.folding import dots_spelled, folded
from converter.languages.regex.lucene import parse_lucene
from converter.languages.regex.perl import parse_java, parse_search

__all__ = [
    "accepts_everything",
    "compile_regex",
    "dots_spelled",
    "folded",
    "has_letter_class",
    "interval_tree",
    "only_text",
    "parse",
    "parse_search",
]


def parse(text: str, flavour: Flavour, *, operators: bool = True) -> Regexp:
    """The tree of a pattern. `operators` False leaves Lucene's optional operators literal (`flags: NONE`).

    Under PCRE the pattern is searched for, so the tree carries `AnyText` around it, and letters under an inline
    `(?i)` become classes of both cases; `parse_search` hands that flag out instead. Raises RuleError with the column
    in the pattern (spec eql 5.2).
    """
    match flavour:
        case Flavour.LUCENE:
            return parse_lucene(text, operators=operators)
        case Flavour.JAVA:
            return parse_java(text)
        case Flavour.PCRE:
            tree, ignore_case = parse_search(text)
            return folded(tree, flavour) if ignore_case else tree
