"""Regular expressions in the ECMAScript grammar of C++ `std::regex`, for osquery's `regex_match` (spec osquery 5.1, 6).

`regex_match` searches, folds no case, and reads bytes, not characters. An expression covers the whole value here, so it
is written between `^` and `$`, which are left out on a side where the expression begins or ends with any text.
"""

from dataclasses import dataclass

from backends.osquery.refusal import InexpressibleError
from converter.ir.matcher import Flavour, Regex
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
from converter.languages.regex import folded, interval_tree
from converter.languages.regex.classes import both_cases, joined
from converter.languages.regex.folding import rewrite

LONGEST = 256
MOST = 1_000
"""Patterns that one expression may be spread over."""
LARGEST = 20_000
"""Copies of states that counted repeats may cost: `std::regex` writes `a{9}` out and gives up at 100,000."""

_SPECIAL = frozenset(r"^$\.*+?()[]{}|/")
_PLACES = {"start": "^", "end": "$", "word": r"\b", "not-word": r"\B"}
_CONTROLS = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f", "\v": r"\v"}
ANY = r"[\s\S]"
_ANY_BUT_NEWLINE = {Flavour.LUCENE: ANY, Flavour.JAVA: r"[^\n\r]", Flavour.PCRE: r"[^\n]"}
"""A dot without line breaks, as the flavour counts them (Lucene: none; the ones beyond ASCII are Java's alone)."""


@dataclass(frozen=True, slots=True)
class Searches:
    """The value matches if one of the patterns is found in it, `lowered`: in the lower-cased value. `counts_bytes`: the
    answer is exact for ASCII values only, since single characters are counted."""

    patterns: tuple[str, ...]
    lowered: bool
    counts_bytes: bool
    accepts_empty: bool


def searches(regex: Regex) -> Searches:
    """The patterns, each within osquery's limit. Raises InexpressibleError for what the dialect cannot say."""
    tree = regex.tree
    if _size(tree) > LARGEST:
        raise InexpressibleError("osquery-regex", "the expression repeats too much for osquery's regular expressions")
    lowered = False
    if regex.ignore_case:
        tree, lowered = _without_case(tree, regex.flavour)
    patterns = _packed(_written(tree, _Writer(_ANY_BUT_NEWLINE[regex.flavour])))
    return Searches(patterns, lowered, _counts(tree), _nullable(tree))


def _without_case(tree: Regexp, flavour: Flavour) -> tuple[Regexp, bool]:
    """A tree that minds case and accepts what this one accepts ignoring it, and whether of lower-cased values only:
    that is the shorter way, and open unless a class tells the cases of a letter apart (Lucene, spec eql 5.2)."""
    spelled = folded(tree, flavour)
    if not _closed(spelled):
        return spelled, False
    return rewrite(tree, lambda node: _lowered(node, flavour)), True


def _lowered(node: Regexp, flavour: Flavour) -> Regexp:
    match node:
        case Chars(text):
            return Chars("".join(char.lower() if char.isascii() else char for char in text))
        case CharClass():
            return folded(node, flavour)
        case _:
            return node


@dataclass(frozen=True, slots=True)
class _Writer:
    any_but_newline: str

    def text(self, tree: Regexp, last: bool = False) -> str:
        """`last`: the tree reaches to the end of the value, where look-ahead can say what the grammar has no word
        for."""
        match tree:
            case Chars(text):
                return "".join(_literal(char) for char in text)
            case AnyChar(newline):
                return ANY if newline else self.any_but_newline
            case CharClass():
                return _class(tree)
            case Concat(items):
                return "".join(self._item(item, last and item is items[-1]) for item in items)
            case Alternation(items):
                return "|".join(self.text(item, last) for item in items)
            case Repeat(item, least, most):
                return self._atom(item) + _count(least, most)
            case AnyText():
                return f"{ANY}*"
            case NoText():
                return r"[^\s\S]"
            case Interval():
                return f"(?:{self.text(interval_tree(tree))})"
            case Boundary(place) if place in _PLACES:
                return _PLACES[place]
            case Intersection(items) if last:
                return "".join(f"(?={self._item(item, True)}$)" for item in items[:-1]) + self._item(items[-1], True)
            case Complement(item) if last:
                return f"(?!{self._item(item, True)}$){ANY}*"
            case Complement() | Intersection() | Boundary():
                name = type(tree).__name__.lower()
                raise InexpressibleError("osquery-regex", f"osquery's regular expressions have no {name}")

    def _item(self, tree: Regexp, last: bool) -> str:
        text = self.text(tree, last)
        return f"(?:{text})" if isinstance(tree, Alternation) else text

    def _atom(self, tree: Regexp) -> str:
        single = isinstance(tree, AnyChar | CharClass | NoText) or (isinstance(tree, Chars) and len(tree.text) == 1)
        text = self.text(tree)
        return text if single and text.isascii() else f"(?:{text})"


def _anchored(tree: Regexp, writer: _Writer) -> str:
    items = list(tree.items) if isinstance(tree, Concat) else [tree]
    start = end = True
    while items and isinstance(items[0], AnyText):
        items.pop(0)
        start = False
    while items and isinstance(items[-1], AnyText):
        items.pop()
        end = False
    inner = writer.text(Concat(tuple(items)), end)
    return f"{'^' if start else ''}{inner}{'$' if end else ''}"


def _written(tree: Regexp, writer: _Writer) -> list[str]:
    """The patterns for a tree: one if it fits, else those of its alternatives, each between what stands around them."""
    patterns: list[str] = []
    waiting = [tree]
    while waiting:
        tree = waiting.pop()
        text = _anchored(tree, writer)
        if len(text.encode()) <= LONGEST:
            patterns.append(text)
            continue
        pieces = _distributed(tree)
        if not pieces or len(pieces) + len(waiting) + len(patterns) > MOST:
            raise InexpressibleError("osquery-regex-length", f"osquery's patterns have at most {LONGEST} bytes: {text}")
        waiting += reversed(pieces)
    return patterns


def _distributed(tree: Regexp) -> list[Regexp]:
    """The trees that together accept what one with an alternation accepts; none if it has no alternation."""
    items = _parts(tree)
    place = next((place for place, item in enumerate(items) if isinstance(item, Alternation)), None)
    if place is None:
        return []
    choice = items[place]
    inner = choice.items if isinstance(choice, Alternation) else ()
    return [Concat((*items[:place], *_parts(item), *items[place + 1 :])) for item in inner]


def _parts(tree: Regexp) -> tuple[Regexp, ...]:
    return tree.items if isinstance(tree, Concat) else (tree,)


def _packed(patterns: list[str]) -> tuple[str, ...]:
    """Patterns joined by `|` into as few as the limit allows."""
    packed: list[str] = []
    for text in dict.fromkeys(patterns):
        if packed and len(packed[-1].encode()) + 1 + len(text.encode()) <= LONGEST:
            packed[-1] += f"|{text}"
        else:
            packed.append(text)
    return tuple(packed)


def _count(least: int, most: int | None) -> str:
    match least, most:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{least},}}"
        case _:
            return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _literal(char: str) -> str:
    return _CONTROLS.get(char) or (f"\\{char}" if char in _SPECIAL else char)


def _class(chars: CharClass) -> str:
    if any(high > 0x7F for _, high in chars.ranges):
        raise InexpressibleError(
            "osquery-regex", "osquery's regular expressions have no classes of non-ASCII characters"
        )
    inside = "".join(_range(low, high) for low, high in chars.ranges)
    if not inside:
        return ANY if chars.negated else r"[^\s\S]"
    return f"[{'^' if chars.negated else ''}{inside}]"


def _range(low: int, high: int) -> str:
    return _in_class(chr(low)) if low == high else f"{_in_class(chr(low))}-{_in_class(chr(high))}"


def _in_class(char: str) -> str:
    if char in _CONTROLS:
        return _CONTROLS[char]
    if char < " " or char == "\x7f":
        return f"\\x{ord(char):02x}"
    return f"\\{char}" if char in "\\]^-[" else char


def _closed(tree: Regexp) -> bool:
    """Whether no class tells the cases of a letter apart."""
    match tree:
        case CharClass(ranges):
            return both_cases(ranges) == joined(ranges)
        case Concat(items) | Alternation(items) | Intersection(items):
            return all(_closed(item) for item in items)
        case Repeat(item) | Complement(item):
            return _closed(item)
        case _:
            return True


def _counts(tree: Regexp) -> bool:
    """Whether single characters outside ASCII are counted, which bytes get wrong."""
    match tree:
        case AnyChar():
            return True
        case CharClass(_, negated):
            return negated
        case Repeat(AnyChar() | CharClass(), least, None):
            return least > 1
        case Repeat(item) | Complement(item):
            return _counts(item)
        case Concat(items) | Alternation(items) | Intersection(items):
            return any(_counts(item) for item in items)
        case _:
            return False


def _nullable(tree: Regexp) -> bool:
    """Whether the empty text may be accepted: then the empty value has to be told apart."""
    match tree:
        case Chars(text):
            return not text
        case AnyChar() | CharClass() | NoText() | Interval():
            return False
        case Concat(items) | Intersection(items):
            return all(_nullable(item) for item in items)
        case Alternation(items):
            return any(_nullable(item) for item in items)
        case Repeat(item, least, _):
            return least == 0 or _nullable(item)
        case _:
            return True


def _size(tree: Regexp) -> int:
    match tree:
        case Concat(items) | Alternation(items) | Intersection(items):
            return 1 + sum(_size(item) for item in items)
        case Complement(item):
            return 1 + _size(item)
        case Repeat(item, least, most):
            return 1 + _size(item) * max(least, most or 1)
        case Chars(text):
            return len(text)
        case _:
            return 1
