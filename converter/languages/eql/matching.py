"""Pattern operators: `:`, `like`, `regex` and their `~` forms, as matchers of texts (spec eql 5)."""

import re
from collections.abc import Sequence

from converter.errors import RuleError
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Flavour, Like, Matcher, Present, Regex
from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text
from converter.languages import regex
from converter.languages.eql.patterns import pattern_matcher, wildcard_pattern
from converter.languages.eql.reading import Reading
from converter.languages.eql.refusal import refusal
from converter.languages.eql.tree import Constant, Match, String


def field_matchers(node: Match, reading: Reading, *, folded: bool = False) -> tuple[Matcher, ...]:
    """The matchers of a pattern operator on a field; `folded` says that its values are lower-cased in the index."""
    return tuple(_matcher(node, pattern, Flavour.LUCENE, reading, folded) for pattern in node.patterns)


def computed_matchers(node: Match, reading: Reading) -> tuple[Matcher, ...]:
    """The matchers of a pattern operator on a computed value, where regular expressions are Java's."""
    return tuple(_matcher(node, pattern, Flavour.JAVA, reading, False) for pattern in node.patterns)


def _matcher(node: Match, pattern: Constant, flavour: Flavour, reading: Reading, folded: bool) -> Matcher:
    if not isinstance(pattern, String):
        raise refusal(
            "eql-pattern-type",
            f"`{node.operator}` takes texts",
            pattern.span,
            expected="a text in double quotes",
            advice="use == or in for numbers, true, false and null",
        )
    ignore_case = folded or node.operator not in {"like", "regex"}
    if node.operator.startswith("regex"):
        return _regex_matcher(pattern, flavour, ignore_case, reading)
    return pattern_matcher(wildcard_pattern(pattern.value), ignore_case)


def _regex_matcher(pattern: String, flavour: Flavour, ignore_case: bool, reading: Reading) -> Matcher:
    try:
        tree = regex.parse(pattern.value, flavour)
    except RuleError as error:
        raise refusal(error.code, error.what, pattern.span, expected=error.expected, advice=error.advice) from error
    text = regex.only_text(tree)
    if text is not None:
        return Equal(TextLiteral(text), ignore_case)
    if regex.accepts_everything(tree):
        return Present()
    if ignore_case and flavour is Flavour.LUCENE and regex.has_letter_class(tree):
        reading.assume("regex-class-case", f"classes of letters keep their case in {pattern.value!r:.80}")
    return Regex(tree, flavour, ignore_case)


def text_satisfies(matchers: Sequence[Matcher], text: str) -> bool:
    """Whether a constant text satisfies one of the matchers made here."""
    return any(_accepts(matcher, text) for matcher in matchers)


def _accepts(matcher: Matcher, text: str) -> bool:
    match matcher:
        case Equal(TextLiteral(value), ignore_case):
            return text.lower() == value.lower() if ignore_case else text == value
        case Like(parts, ignore_case):
            flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
            return re.fullmatch(_python_pattern(parts), text, flags) is not None
        case Regex(tree, flavour, ignore_case):
            return regex.compile_regex(tree, flavour, ignore_case)(text)
        case _:
            return isinstance(matcher, Present)


def _python_pattern(parts: Pattern) -> str:
    pieces = []
    for part in parts:
        match part:
            case Text(value):
                pieces.append(re.escape(value))
            case AnyRun():
                pieces.append(".*")
            case AnyOne():
                pieces.append(".")
    return "".join(pieces)
