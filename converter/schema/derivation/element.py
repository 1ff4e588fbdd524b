"""Parts of a text between separators: matchers over a part become regular expressions over the whole.

A part never holds a separator, so every wildcard of the matcher has to stop there, which a `Like` cannot say.
"""

from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Flavour, Like, Matcher, Regex
from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text
from converter.ir.regex import (
    Alternation,
    AnyChar,
    AnyText,
    Boundary,
    CharClass,
    Chars,
    Complement,
    Concat,
    Intersection,
    Interval,
    NoText,
    Regexp,
    Repeat,
)

NEWLINE = "\n"


def none_of(characters: str) -> CharClass | AnyChar:
    """One character that is none of these. No dialect agrees with another about an empty class."""
    if not characters:
        return AnyChar(newline=True)
    return CharClass(tuple((ord(char), ord(char)) for char in sorted(set(characters))), negated=True)


def run_of_others(characters: str) -> Regexp:
    """Any text without these characters."""
    return Repeat(none_of(characters), 0, None)


def part_tree(matcher: Matcher, separators: str) -> Regexp | None:
    """The texts without a separator that an `Equal` (of text), `Like` or `Regex` accepts; None for other matchers and
    for regular expressions with zero-width places, which a longer text moves."""
    match matcher:
        case Equal(TextLiteral(text), _):
            return restricted(Chars(text), separators)
        case Like(pattern, _):
            return Concat(tuple(_part(item, separators) for item in pattern))
        case Regex(tree, _, _):
            return restricted(tree, separators)
        case _:
            return None


def _part(item: Text | AnyRun | AnyOne, separators: str) -> Regexp:
    match item:
        case Text(value):
            return NoText() if set(value) & set(separators) else Chars(value)
        case AnyRun():
            return run_of_others(separators)
        case AnyOne():
            return none_of(separators)


def restricted(tree: Regexp, separators: str) -> Regexp | None:
    """The tree's texts that hold none of the separators, or None if it has zero-width places."""
    match tree:
        case Chars(text):
            return NoText() if set(text) & set(separators) else tree
        case AnyChar(newline):
            return none_of(separators if newline else separators + NEWLINE)
        case AnyText():
            return run_of_others(separators)
        case CharClass():
            return _class_without(tree, separators)
        case Repeat(item, least, most):
            inner = restricted(item, separators)
            return None if inner is None else Repeat(inner, least, most)
        case Concat(items) | Alternation(items) | Intersection(items):
            inners = [restricted(item, separators) for item in items]
            kept = tuple(inner for inner in inners if inner is not None)
            return type(tree)(kept) if len(kept) == len(inners) else None
        case Complement(item):
            inner = restricted(item, separators)
            return None if inner is None else Intersection((Complement(inner), run_of_others(separators)))
        case NoText() | Interval():
            return tree
        case Boundary():
            return None


def _class_without(tree: CharClass, separators: str) -> Regexp:
    extra = tuple((ord(char), ord(char)) for char in sorted(set(separators)))
    if tree.negated:
        return CharClass(tree.ranges + extra, negated=True)
    ranges = tree.ranges
    for code, _ in extra:
        ranges = tuple(piece for low, high in ranges for piece in _cut(low, high, code))
    return CharClass(ranges) if ranges else NoText()


def _cut(low: int, high: int, code: int) -> list[tuple[int, int]]:
    if not low <= code <= high:
        return [(low, high)]
    return [(first, last) for first, last in ((low, code - 1), (code + 1, high)) if first <= last]


def accepts_empty(tree: Regexp) -> bool:
    """Whether the empty text is among the tree's texts; a tree of `restricted` (no zero-width places)."""
    match tree:
        case Chars(text):
            return not text
        case AnyText():
            return True
        case Repeat(item, least, _):
            return least == 0 or accepts_empty(item)
        case Concat(items) | Intersection(items):
            return all(accepts_empty(item) for item in items)
        case Alternation(items):
            return any(accepts_empty(item) for item in items)
        case Complement(item):
            return not accepts_empty(item)
        case _:
            return False


def folds(matcher: Matcher) -> bool:
    """Whether the matcher ignores case."""
    return isinstance(matcher, Equal | Like | Regex) and matcher.ignore_case


def flavour(matcher: Matcher) -> Flavour:
    """How a regular expression made of the matcher folds case."""
    return matcher.flavour if isinstance(matcher, Regex) else Flavour.LUCENE


def plain_pattern(matcher: Matcher) -> Pattern | None:
    """The matcher as a pattern, if it is one: an `Equal` of text, a `Like`."""
    match matcher:
        case Equal(TextLiteral(text), _):
            return (Text(text),) if text else ()
        case Like(pattern, _):
            return pattern
        case _:
            return None


def holds_any(pattern: Pattern, characters: str) -> bool:
    """Whether a literal piece of the pattern holds one of the characters."""
    return any(isinstance(item, Text) and set(item.value) & set(characters) for item in pattern)


def whole_tree(matcher: Matcher) -> Regexp | None:
    """All texts that an `Equal` (of text), `Like` or `Regex` without zero-width places accepts, as a tree."""
    match matcher:
        case Regex(tree, _, _):
            return tree if restricted(tree, "") is not None else None
        case _:
            return part_tree(matcher, "")
