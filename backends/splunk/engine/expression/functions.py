"""The table of functions (spec splunk 1.7, 1.8). What is not here is an error, never skipped."""

import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import zip_longest
from urllib.parse import unquote

from backends.splunk.engine import pcre
from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.expression.value import (
    Kind,
    Single,
    Value,
    numeric,
    packed,
    text,
    texts,
    whole_number,
)
from backends.splunk.engine.literal import HOLDS, Number, compare, lower, number, number_text, upper
from backends.splunk.engine.network import block, contains
from backends.splunk.engine.relative_time import relative


@dataclass(frozen=True, slots=True)
class Function:
    """`multi`: takes multi-values as they are, else a multi-value is an error. `nulls`: is called with NULL, else NULL
    in any argument gives NULL (false for a condition). `pattern`: the place of a regular expression.
    """

    apply: Callable[..., Value]
    least: int
    most: int | None
    returns: Kind = Kind.VALUE
    multi: bool = False
    nulls: bool = False
    pattern: int | None = None


def _equal(left: Single, right: Single) -> bool:
    return HOLDS["="](compare(left, right, fold=False))


def _is_in(value: Single | None, *items: Single | None) -> bool:
    return value is not None and any(item is not None and _equal(value, item) for item in items)


def _like(value: Single, pattern: Single) -> bool:
    """`%` is any run of characters, `_` is one; nothing escapes them."""
    wildcards = {"%": ".*", "_": "."}
    regex = "".join(wildcards.get(char) or re.escape(char) for char in text(pattern))
    return re.fullmatch(regex, text(value), re.DOTALL) is not None


def _match(value: Single, pattern: Single) -> bool:
    return pcre.compiled(text(pattern)).search(text(value)) is not None


def _replace(value: Single, pattern: Single, replacement: Single) -> Value:
    return pcre.replace(text(value), text(pattern), text(replacement))


def _cidrmatch(cidr: Single, ip: Single) -> bool:
    network = block(text(cidr))
    if network is None:
        raise UndefinedError(f"`{text(cidr)}` is not a block of addresses")
    return contains(network, text(ip))


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value is not None), None)


def _nullif(value: Single | None, other: Single | None) -> Value:
    return None if value is not None and other is not None and _equal(value, other) else value


def _substr(value: Single, start: Single, length: Single | None = None) -> Value:
    """1-based; a negative start counts from the end."""
    subject, first = text(value), whole_number(start)
    if first == 0:
        raise UndefinedError("substr counts from 1; position 0 is not documented")
    begin = first - 1 if first > 0 else max(len(subject) + first, 0)
    if length is None:
        return subject[begin:]
    return subject[begin : begin + max(whole_number(length), 0)]


def _tonumber(value: Single, base: Single = 10) -> Value:
    if isinstance(value, (int, float)) or whole_number(base) == 10:
        return numeric(value)
    if not value.isascii() or not value.lstrip("-").isalnum() or value.count("-") > 1:
        return None
    try:
        return int(value, whole_number(base))
    except ValueError:
        return None


def _tostring(value: Single, form: Single | None = None) -> Value:
    if form is None:
        return text(value)
    match text(form):
        case "hex":
            return f"0x{whole_number(value):X}"
        case "commas":
            found = _required(value)
            return f"{found:,}" if isinstance(found, int) else f"{_rounded(found, 2):,}"
        case "duration":
            return _duration(whole_number(value))
        case other:
            raise UndefinedError(f"the format `{other}` of tostring is not supported by this interpreter")


def _duration(seconds: int) -> str:
    """`HH:MM:SS`, and days before a `+` where there are any."""
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}+{clock}" if days else clock


def _required(value: Single) -> Number:
    found = numeric(value)
    if found is None or not math.isfinite(found):
        raise UndefinedError(f"`{text(value)}` is not a number")
    return found


def _round(value: Single, digits: Single = 0) -> Value:
    return number(format(_rounded(_required(value), whole_number(digits)), "f"))


def _rounded(value: Number, digits: int) -> Decimal:
    """Halves are rounded away from zero."""
    try:
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    except InvalidOperation:
        raise UndefinedError(f"{number_text(value)} cannot be rounded to {digits} digits") from None


def _power(base: Single, exponent: Single) -> Value:
    try:
        return math.pow(_required(base), _required(exponent))
    except (OverflowError, ValueError):
        raise UndefinedError("the power is no finite number") from None


def _root(value: Single) -> Value:
    found = _required(value)
    if found < 0:
        raise UndefinedError("a negative number has no square root")
    return math.sqrt(found)


def _trimmer(strip: Callable[..., str]) -> Callable[..., Value]:
    return lambda value, characters=" \t": strip(text(value), text(characters))


def _digest(name: str) -> Callable[[Single], Value]:
    return lambda value: hashlib.new(name, text(value).encode(), usedforsecurity=False).hexdigest()


def _mvfind(values: Value, pattern: Single) -> Value:
    """The zero-based index of the first value that the pattern finds something in, else NULL."""
    regex = pcre.compiled(text(pattern))
    return next((index for index, value in enumerate(texts(values)) if regex.search(value)), None)


def _mvindex(values: Value, first: Single, last: Single | None = None) -> Value:
    """One value, or those from first to last inclusive; negative positions count from the end."""
    found = texts(values)
    begin = _position(first, len(found))
    end = begin if last is None else _position(last, len(found))
    return packed(found[max(begin, 0) : end + 1]) if end >= 0 else None


def _position(index: Single, length: int) -> int:
    number_ = whole_number(index)
    return number_ + length if number_ < 0 else number_


def _mvjoin(values: Value, delimiter: Single) -> Value:
    return text(delimiter).join(texts(values))


def _split(value: Single, delimiter: Single) -> Value:
    subject, between = text(value), text(delimiter)
    return packed(subject.split(between) if between else list(subject))


def _mvappend(*values: Value) -> Value:
    return packed([item for value in values for item in texts(value)])


def _mvzip(left: Value, right: Value, delimiter: Single = ",") -> Value:
    """Pairs of values at one place; how lists of unequal length pair is not documented."""
    pairs = list(zip_longest(texts(left), texts(right)))
    if any(None in pair for pair in pairs):
        raise UndefinedError("mvzip of lists of different lengths is not documented")
    return packed([text(delimiter).join(pair) for pair in pairs])


def _mvrange(start: Single, end: Single, step: Single = 1) -> Value:
    """Numbers from start on, the end excluded."""
    first, last, by = whole_number(start), whole_number(end), whole_number(step)
    if by < 1 or last - first > _LONGEST_RANGE * by:
        raise UndefinedError(f"mvrange gives at most {_LONGEST_RANGE} values here, in steps of 1 or more")
    found = range(first, last, by)
    return packed([str(item) for item in found])


def _relative_time(moment: Single, modifier: Single) -> Value:
    return relative(_required(moment), text(modifier))


def _strftime(moment: Single, form: Single) -> Value:
    """In UTC. Only directives that do not depend on a locale."""
    directives = text(form).split("%")[1:]
    if any(not part or part[0] not in "YmdHMSTFsjz" for part in directives):
        raise UndefinedError(f"the time format `{text(form)}` is not supported by this interpreter")
    found = datetime.fromtimestamp(_required(moment), UTC)
    return found.strftime(text(form).replace("%s", str(int(found.timestamp()))))


CONDITION = Kind.CONDITION
_LONGEST_RANGE = 10_000

FUNCTIONS: dict[str, Function] = {
    # conditions
    "true": Function(lambda: True, 0, 0, CONDITION),
    "false": Function(lambda: False, 0, 0, CONDITION),
    "isnull": Function(lambda value: value is None, 1, 1, CONDITION, multi=True, nulls=True),
    "isnotnull": Function(lambda value: value is not None, 1, 1, CONDITION, multi=True, nulls=True),
    "isnum": Function(lambda value: numeric(value) is not None, 1, 1, CONDITION),
    "in": Function(_is_in, 2, None, CONDITION, nulls=True),
    "like": Function(_like, 2, 2, CONDITION),
    "match": Function(_match, 2, 2, CONDITION, pattern=1),
    "cidrmatch": Function(_cidrmatch, 2, 2, CONDITION),
    # choice
    "coalesce": Function(_coalesce, 1, None, multi=True, nulls=True),
    "nullif": Function(_nullif, 2, 2, nulls=True),
    # text
    "len": Function(lambda value: len(text(value)), 1, 1),
    "lower": Function(lambda value: lower(text(value)), 1, 1),
    "upper": Function(lambda value: upper(text(value)), 1, 1),
    "substr": Function(_substr, 2, 3),
    "replace": Function(_replace, 3, 3, pattern=1),
    "trim": Function(_trimmer(str.strip), 1, 2),
    "ltrim": Function(_trimmer(str.lstrip), 1, 2),
    "rtrim": Function(_trimmer(str.rstrip), 1, 2),
    "tostring": Function(_tostring, 1, 2),
    "urldecode": Function(lambda value: unquote(text(value)), 1, 1),
    "md5": Function(_digest("md5"), 1, 1),
    "sha256": Function(_digest("sha256"), 1, 1),
    # numbers
    "tonumber": Function(_tonumber, 1, 2),
    "round": Function(_round, 1, 2),
    "floor": Function(lambda value: math.floor(_required(value)), 1, 1),
    "ceil": Function(lambda value: math.ceil(_required(value)), 1, 1),
    "ceiling": Function(lambda value: math.ceil(_required(value)), 1, 1),
    "abs": Function(lambda value: abs(_required(value)), 1, 1),
    "pow": Function(_power, 2, 2),
    "sqrt": Function(_root, 1, 1),
    # lists
    "split": Function(_split, 2, 2),
    "mvappend": Function(_mvappend, 1, None, multi=True, nulls=True),
    "mvcount": Function(lambda values: len(texts(values)), 1, 1, multi=True),
    "mvdedup": Function(lambda values: packed(list(dict.fromkeys(texts(values)))), 1, 1, multi=True),
    "mvfind": Function(_mvfind, 2, 2, multi=True, pattern=1),
    "mvindex": Function(_mvindex, 2, 3, multi=True),
    "mvjoin": Function(_mvjoin, 2, 2, multi=True),
    "mvrange": Function(_mvrange, 2, 3),
    "mvsort": Function(lambda values: packed(sorted(texts(values))), 1, 1, multi=True),
    "mvzip": Function(_mvzip, 2, 3, multi=True),
    # time
    "relative_time": Function(_relative_time, 2, 2),
    "strftime": Function(_strftime, 2, 2),
}
