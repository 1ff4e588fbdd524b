"""How to read a page: the rules of meaning that the words on it rest on, and only those that apply to it."""

from collections.abc import Callable, Iterator

from converter.describe.node import nodes
from converter.ir.expression import Call, FieldValue
from converter.ir.literal import DateLiteral, TextLiteral
from converter.ir.matcher import Equal, Like, Phrase, Range, Regex
from converter.ir.predicate import Compute, Field, FieldPattern, Nested, Not, Test


def _has(*kinds: type) -> Callable[[list[object]], bool]:
    return lambda found: any(isinstance(node, kinds) for node in found)


def _has_text_order(found: list[object]) -> bool:
    return any(isinstance(node, Range) and isinstance(node.low or node.high, TextLiteral) for node in found)


def _has_ordinary_wildcards(found: list[object]) -> bool:
    texts = (node.value for node in found if isinstance(node, Equal))
    return any(isinstance(text, TextLiteral) and ("*" in text.value or "?" in text.value) for text in texts)


def _has_position(found: list[object]) -> bool:
    return any(isinstance(node, Call) and node.function in {"indexOf", "substring"} for node in found)


def _has_optional(found: list[object]) -> bool:
    return any(isinstance(node, Field | FieldValue) and node.optional for node in found)


_SENTENCES: tuple[tuple[Callable[[list[object]], bool], str], ...] = (
    (_has(Equal, Like, Regex), "Upper and lower case are different unless it says: ignoring case."),
    (
        _has(Test),
        (
            "A field may hold several values: a condition holds if any one of them satisfies it, and two "
            "conditions on one field may be met by two values."
        ),
    ),
    (
        _has(Not),
        (
            "A denied condition (is not, none of, does not …) holds if no value satisfies it: events without the field "
            "pass."
        ),
    ),
    (_has(Like, FieldPattern), "Patterns cover the whole value: * is any run of characters, ? is any single one."),
    (_has_ordinary_wildcards, "After `is` and `is one of`, * and ? are ordinary characters."),
    (
        _has(Regex),
        (
            "Regular expressions cover the whole value and stand in Lucene's notation: @ is any text, ~ not, "
            "& and, <1-9> a number."
        ),
    ),
    (_has(Phrase), "An analyzer cuts full text into words; those of a phrase stand side by side and in order."),
    (_has_text_order, "Texts sort character by character, capitals before small letters, 10 before 9."),
    (_has(DateLiteral), "In dates, now is the time of the run; a part that a date leaves open is rounded."),
    (
        _has(Compute),
        (
            "What is computed from a missing field is missing too, and no comparison with it holds. With "
            "several values, one combination of them has to satisfy the condition."
        ),
    ),
    (_has_position, "Positions in a text count from 0, negative ones from its end."),
    (
        _has_optional,
        (
            "An optional field may be unknown to every index: it is then missing, and the rule still runs. A denied "
            "pattern, list or order then holds for no event, either."
        ),
    ),
    (_has(Nested), "Conditions on an object under a field are met by one object of its list, not by several together."),
)


def legend(meaning: tuple[object, ...]) -> Iterator[str]:
    """The sentences that apply to any of these nodes."""
    found = list(nodes(meaning))
    return (sentence for applies, sentence in _SENTENCES if applies(found))


NUMBERED = "<U+001B> is the character of that number; it is not shown as itself."
"""What a page says that had to write a character by its number."""
