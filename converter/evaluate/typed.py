"""Tests on the values of one field: its type in the catalogue decides how values and literals are read.

Everything is decided when the predicate is compiled; per event only values are read and compared. A value that does
not fit the field's type counts as missing, a literal that does not is satisfied by no value.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from math import inf
from typing import Any

from converter.evaluate import dates
from converter.evaluate.address import in_blocks, read_address
from converter.evaluate.number import read_decimal
from converter.evaluate.spans import Span, within
from converter.evaluate.texts import compile_text_matchers, json_text, literal_as_text
from converter.evaluate.version import version_key
from converter.events.event import Scalar, Values
from converter.ir.literal import BooleanLiteral, DateLiteral, Literal, NumberLiteral, TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Network, Present, Range
from converter.ir.pattern import Text
from converter.schema.catalogue import FieldInfo, FieldType

ValuesTest = Callable[[Values], bool]


Typed = Any
"""A value read by its type: a number, a truth value, an instant, an address, a version key; comparable to its like."""

Reader = Callable[[Scalar], Typed]
"""A document's scalar as a value of the type, None if it is malformed."""

ValueTest = Callable[[Typed], bool]


def compile_matchers(info: FieldInfo, matchers: Sequence[Matcher], now: float | None) -> ValuesTest:
    """Whether some value of the field satisfies some matcher."""
    match info.type:
        case FieldType.LONG:
            return _some(_read_long, _numbers(matchers))
        case FieldType.DOUBLE:
            return _some(_read_double, _numbers(matchers))
        case FieldType.BOOLEAN:
            return _some(_read_boolean, _booleans(matchers))
        case FieldType.DATE:
            return _some(_read_date, _dates(matchers, now))
        case FieldType.IP:
            return _some(_read_address, _addresses(matchers))
        case FieldType.VERSION:
            return _some(json_text, _versions(matchers))
        case _:
            return _some_text(matchers, folded=info.folded)


def reader(info: FieldInfo) -> Reader:
    """How a script leaf reads a value of the field: numbers and booleans as such, everything else as text."""
    match info.type:
        case FieldType.LONG:
            return _read_long
        case FieldType.DOUBLE:
            return _read_double
        case FieldType.BOOLEAN:
            return _read_boolean
        case _:
            return _read_folded if info.folded else json_text


def value_reader(info: FieldInfo) -> Reader:
    """How values of the field are told apart: as `reader` does, but dates as instants and addresses as numbers."""
    match info.type:
        case FieldType.DATE:
            return _read_date
        case FieldType.IP:
            return _read_address
        case _:
            return reader(info)


def _some_text(matchers: Sequence[Matcher], *, folded: bool) -> ValuesTest:
    test = compile_text_matchers([_lower(matcher) for matcher in matchers] if folded else matchers)
    if folded:
        return lambda values: any(test(_read_folded(value)) for value in values)

    def check(values: Values) -> bool:
        for value in values:  # noqa: SIM110 - a generator would cost more than the tests
            if test(value if type(value) is str else json_text(value)):
                return True
        return False

    return check


def _some(read: Reader, tests: Sequence[ValueTest]) -> ValuesTest:
    def check(values: Values) -> bool:
        for value in values:
            typed = read(value)
            if typed is not None and any(test(typed) for test in tests):
                return True
        return False

    return check


def _read_folded(value: Scalar) -> str:
    return json_text(value).lower()


def _read_double(value: Scalar) -> int | float | None:
    if isinstance(value, str):
        return read_decimal(value)
    return None if isinstance(value, bool) else value


def _read_long(value: Scalar) -> int | None:
    """Elasticsearch cuts the fraction off what is stored in an integer field."""
    number = _read_double(value)
    if isinstance(number, float):
        return int(number) if abs(number) < 2**64 else None
    return number


def _read_boolean(value: Scalar) -> bool | None:
    if isinstance(value, bool):
        return value
    return _BOOLEANS.get(value) if isinstance(value, str) else None


_BOOLEANS = {"true": True, "false": False, "": False}


def _read_date(value: Scalar) -> int | None:
    match value:
        case bool():
            return None
        case str():
            return dates.read_instant(value)
        case _:
            return dates.of_number(value)


def _read_address(value: Scalar) -> int | None:
    return read_address(value) if isinstance(value, str) else None


def _lower(matcher: Matcher) -> Matcher:
    """A matcher as the lower-casing normalizer of a multi-field makes it (spec kql 4.3)."""
    match matcher:
        case Equal(value, ignore_case):
            return Equal(TextLiteral(literal_as_text(value).lower()), ignore_case)
        case Like(pattern, ignore_case):
            return Like(tuple(Text(p.value.lower()) if isinstance(p, Text) else p for p in pattern), ignore_case)
        case Range(low, high, open_low, open_high):
            return Range(_lower_literal(low), _lower_literal(high), open_low, open_high)
        case _:
            return matcher


def _lower_literal(literal: Literal | None) -> Literal | None:
    return None if literal is None else TextLiteral(literal_as_text(literal).lower())


def _numbers(matchers: Sequence[Matcher]) -> list[ValueTest]:
    return _scalar_tests(matchers, _literal_number)


def _literal_number(literal: Literal) -> Typed:
    match literal:
        case NumberLiteral(value):
            return value
        case TextLiteral(value):
            return read_decimal(value)
        case _:
            return None


def _booleans(matchers: Sequence[Matcher]) -> list[ValueTest]:
    return _scalar_tests([matcher for matcher in matchers if not isinstance(matcher, Range)], _literal_boolean)


def _literal_boolean(literal: Literal) -> Typed:
    match literal:
        case BooleanLiteral(value):
            return value
        case TextLiteral(value):
            return _BOOLEANS.get(value)
        case _:
            return None


def _versions(matchers: Sequence[Matcher]) -> list[ValueTest]:
    """Order is by parts, everything else by text (spec eql 5.6)."""
    ordered = [matcher for matcher in matchers if isinstance(matcher, Range)]
    others = [matcher for matcher in matchers if not isinstance(matcher, Range)]
    tests = [_keyed(test) for test in _scalar_tests(ordered, _literal_version)]
    if others:
        tests.append(_as_text(compile_text_matchers(others)))
    return tests


def _literal_version(literal: Literal) -> Typed:
    return version_key(literal_as_text(literal))


def _keyed(test: ValueTest) -> ValueTest:
    return lambda value: test(version_key(str(value)))


def _as_text(test: Callable[[str], bool]) -> ValueTest:
    return lambda value: test(str(value))


def _addresses(matchers: Sequence[Matcher]) -> list[ValueTest]:
    """An equality with a block is a test for the block (spec eql 5.5)."""
    ranges = [matcher for matcher in matchers if isinstance(matcher, Range | Present)]
    tests = _scalar_tests(ranges, lambda literal: read_address(literal_as_text(literal)))
    blocks: list[str] = []
    for matcher in matchers:
        match matcher:
            case Network(block):
                blocks.append(block)
            case Equal(value):
                blocks.append(literal_as_text(value))
            case _:
                pass
    return [*tests, in_blocks(blocks)] if blocks else tests


def _dates(matchers: Sequence[Matcher], now: float | None) -> list[ValueTest]:
    """A literal covers the units it leaves open; each bound takes the side of them that it needs (spec kql 4.5)."""
    spans: list[Span] = []
    for matcher in matchers:
        match matcher:
            case Present():
                spans.append((-inf, inf))
            case Equal(value):
                spans.extend(_span(value, value, now))
            case Range(low, high, open_low, open_high):
                spans.extend(_span(low, high, now, open_low=open_low, open_high=open_high))
            case _:
                pass
    return [within(spans)] if spans else []


def _span(
    low: Literal | None, high: Literal | None, now: float | None, *, open_low: bool = False, open_high: bool = False
) -> list[Span]:
    """The instants between two bounds, which are whole nanoseconds; none if a bound is no date."""
    first = -inf if low is None else _literal_date(low, now, round_up=open_low)
    last = inf if high is None else _literal_date(high, now, round_up=not open_high)
    return [] if first is None or last is None else [(first + open_low, last - open_high)]


def _literal_date(literal: Literal, now: float | None, *, round_up: bool) -> int | None:
    match literal:
        case NumberLiteral(value):
            return dates.of_number(value)
        case DateLiteral(text) | TextLiteral(text):
            return dates.read(text, now=now, round_up=round_up)
        case _:
            return None


def _scalar_tests(matchers: Sequence[Matcher], read: Callable[[Literal], Typed]) -> list[ValueTest]:
    """Tests of equality and order: all equalities are one set. Other matchers do not exist for such types."""
    tests: list[ValueTest] = []
    wanted: set[Hashable] = set()
    for matcher in matchers:
        match matcher:
            case Present():
                tests.append(_always)
            case Equal(value):
                wanted.add(read(value))
            case Range(low_bound, high_bound, open_low, open_high):
                low = None if low_bound is None else read(low_bound)
                high = None if high_bound is None else read(high_bound)
                if (low is None) == (low_bound is None) and (high is None) == (high_bound is None):
                    tests.append(partial(_inside, low, high, open_low, open_high))
            case _:
                pass
    wanted.discard(None)
    return [frozenset(wanted).__contains__, *tests] if wanted else tests


def _always(_: Typed) -> bool:
    return True


def _inside(low: Typed, high: Typed, open_low: bool, open_high: bool, value: Typed) -> bool:
    above = low is None or (low < value if open_low else low <= value)
    return above and (high is None or (value < high if open_high else value <= high))
