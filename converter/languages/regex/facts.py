"""What lowering and backends ask of a tree: is it one text, does it accept everything, does its case matter."""

from converter.ir.regex import (
    Alternation,
    AnyChar,
    AnyText,
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
from converter.languages.regex.classes import both_cases, joined
from converter.languages.regex.tree import concat, one_of

_TEXT_LIMIT = 10_000


def only_text(tree: Regexp) -> str | None:
    """The one text that the tree accepts, None if it accepts none, several, or that cannot be seen from its form.

    Such a pattern is an equality (spec eql 5.2).
    """
    match tree:
        case Chars(text):
            return text
        case CharClass(((low, high),), negated=False) if low == high:
            return chr(low)
        case Concat(items):
            texts = [only_text(item) for item in items]
            return None if None in texts else "".join(text for text in texts if text is not None)
        case Alternation(items):
            choices = {only_text(item) for item in items}
            return choices.pop() if len(choices) == 1 else None
        case Repeat(item, least, most) if least == most:
            once = only_text(item)
            return once * least if once is not None and len(once) * least <= _TEXT_LIMIT else None
        case _:
            return None


def accepts_everything(tree: Regexp) -> bool:
    """Whether every text is accepted, as far as the form shows it: such a test is one for existence (spec eql 5.2)."""
    match tree:
        case AnyText() | Complement(NoText()) | Repeat(AnyChar(newline=True), 0, None):
            return True
        case Concat(items) | Intersection(items):
            return all(accepts_everything(item) for item in items)
        case Alternation(items):
            return any(accepts_everything(item) for item in items)
        case Repeat(item, _, most):
            return most != 0 and accepts_everything(item)
        case _:
            return False


def has_letter_class(tree: Regexp) -> bool:
    """Whether some class holds a letter without its other case, so that its meaning under ignored case depends on the
    version of Lucene (spec eql 5.2)."""
    match tree:
        case CharClass(ranges):
            return both_cases(ranges) != joined(ranges)
        case Concat(items) | Alternation(items) | Intersection(items):
            return any(has_letter_class(item) for item in items)
        case Repeat(item, _, _) | Complement(item):
            return has_letter_class(item)
        case _:
            return False


def lengths(tree: Regexp) -> tuple[int, int | None]:
    """How long the shortest and the longest accepted text are; 0 and None, which is no limit, where the form does not
    show it."""
    match tree:
        case Chars(text):
            return len(text), len(text)
        case AnyChar() | CharClass():
            return 1, 1
        case Concat(items):
            found = [lengths(item) for item in items]
            longest = [high for _, high in found if high is not None]
            return sum(low for low, _ in found), sum(longest) if len(longest) == len(found) else None
        case Alternation(items):
            found = [lengths(item) for item in items]
            longest = [high for _, high in found if high is not None]
            return min(low for low, _ in found), max(longest) if len(longest) == len(found) else None
        case Repeat(item, least, most):
            low, high = lengths(item)
            return low * least, None if most is None or high is None else high * most
        case _:
            return 0, None


def interval_tree(interval: Interval) -> Regexp:
    """A numeric interval in terms of digits alone; without a fixed number of places, leading zeros are accepted."""
    low, high = interval.low, interval.high
    if interval.digits:
        return _same_length(str(low).zfill(interval.digits), str(high).zfill(interval.digits))
    zeros = Repeat(Chars("0"), 0, None)
    choices: list[Regexp] = []
    for places in range(len(str(low)), len(str(high)) + 1):
        first = max(low, 10 ** (places - 1) if places > 1 else 0)
        last = min(high, 10**places - 1)
        choices.append(_same_length(str(first), str(last)))
    return concat((zeros, one_of(choices)))


def _same_length(low: str, high: str) -> Regexp:
    """Texts of digits between two of the same length."""
    if not low:
        return Chars("")
    if low[0] == high[0]:
        return concat((Chars(low[0]), _same_length(low[1:], high[1:])))
    rest = len(low) - 1
    if set(low[1:]) <= {"0"} and set(high[1:]) <= {"9"}:
        return concat((_digits(low[0], high[0]), _some_digits(rest)))
    choices = [concat((Chars(low[0]), _same_length(low[1:], "9" * rest)))]
    if ord(high[0]) - ord(low[0]) > 1:
        choices.append(concat((_digits(chr(ord(low[0]) + 1), chr(ord(high[0]) - 1)), _some_digits(rest))))
    choices.append(concat((Chars(high[0]), _same_length("0" * rest, high[1:]))))
    return Alternation(tuple(choices))


def _digits(low: str, high: str) -> Regexp:
    return CharClass(((ord(low), ord(high)),))


def _some_digits(count: int) -> Regexp:
    return Repeat(_digits("0", "9"), count, count) if count else Chars("")
