"""Documents, and expressions over their fields, on which Painless and the reference evaluator have to agree."""

import random
from collections.abc import Mapping

from hypothesis import strategies as st

from converter.events.event import Event, Scalar, flatten
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    BooleanLiteral,
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Equal,
    Expression,
    FieldValue,
    IsNull,
    Like,
    Matcher,
    Matches,
    Negation,
    Network,
    NumberLiteral,
    Present,
    Range,
    TextLiteral,
    pattern,
)
from converter.ir.walk import occurrences
from converter.languages.value import block
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

TYPES: Mapping[str, FieldType] = {
    "text": FieldType.KEYWORD,
    "more.texts": FieldType.KEYWORD,
    "digits": FieldType.KEYWORD,
    "whole": FieldType.LONG,
    "part": FieldType.DOUBLE,
    "flag": FieldType.BOOLEAN,
    "address": FieldType.IP,
    "moment": FieldType.DATE,
}
MAPPING = {name: {"type": kind.value} for name, kind in TYPES.items()}
CATALOGUE = Catalogue({name: FieldInfo(name, kind) for name, kind in TYPES.items()})

MOST_OCCURRENCES = 4

_TEXTS = (
    "", "a", "A", "ab", "aB*", "b?\\", "ba", "é", "É", "İ", "ß", "\u212a", "\ufb00", "\U0001f600", "b\U0001f600b",
    "a\nb", "10.0.0.1", "fe80::1", "1::2::3", "12", "true", "/usr/bin/env", "C:\\dir\\file.tar.gz", "/x",
    ".hidden", "end.",
)  # fmt: skip
_VALUES: Mapping[str, tuple[Scalar, ...]] = {
    "text": _TEXTS,
    "more.texts": _TEXTS,
    "digits": ("12", " 7 ", "0x1F", "-3.5", "+8", ".5", "1e3", "0012", "9223372036854775807", "9223372036854775808"),
    "whole": (-7, -1, 0, 1, 2, 5, 12, 2**53 + 1, "3"),
    "part": (-3.25, -1, 0, 0.5, 2, 2.5, 1e10, 9007199254740992.0, 1e-5),
    "flag": (True, False, "true", ""),
    "address": ("10.0.0.1", "10.255.0.7", "192.168.1.1", "::FFFF:10.0.0.1", "FE80:0:0:0::1", "2001:db8::1"),
    "moment": ("2024-01-01T00:00:00Z",),
}


def documents(count: int) -> dict[str, dict[str, object]]:
    """So many documents by id, always the same: fields missing, of one value and of several."""
    choose = random.Random(20250101)
    return {str(number): _document(choose) for number in range(count)}


def _document(choose: random.Random) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, values in _VALUES.items():
        many = choose.choice([0, 1, 1, 1, 2, 3])
        if many:
            found[name] = choose.choice(values) if many == 1 else [choose.choice(values) for _ in range(many)]
    return found


def event(identifier: str, document: Mapping[str, object]) -> Event:
    return Event(identifier, flatten(document), document, time=0.0)


def constant(value: Scalar) -> Constant:
    match value:
        case bool():
            return Constant(BooleanLiteral(value))
        case str():
            return Constant(TextLiteral(value))
        case _:
            return Constant(NumberLiteral(value))


_text_constants = st.sampled_from(["", "a", "B", "ab", "e", "\U0001f600", "/", "\\", ".", "i", "k", "1"]).map(constant)
_integers = st.integers(-4, 6).map(constant)
_positions = st.one_of(_integers, st.just(Constant(None)), st.just(FieldValue("whole")))
_divisors = st.sampled_from([-2, -1, 1, 3, 0.5, -2.5]).map(constant)
_blocks = st.sampled_from(
    ["10.0.0.0/8", "10.0.0.1/32", "10.255.3.4/12", "fe80::/10", "::ffff:10.0.0.0/104", "::/0", "10.0.0.1"]
)


def _calls(name: str, *arguments: st.SearchStrategy[Expression], tilde: bool = False) -> st.SearchStrategy[Expression]:
    ignore_case = st.booleans() if tilde else st.just(False)
    return st.builds(lambda ignore_case, *given: Call(name, given, ignore_case), ignore_case, *arguments)


def _text_values(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    text = st.deferred(lambda: text_values)
    separators = st.sampled_from(["/", "\\", "."]).map(constant)
    return st.one_of(
        _calls("concat", inner, inner),
        _calls("concat", inner),
        _calls("string", inner),
        _calls("substring", text, _positions),
        _calls("substring", text, _positions, _positions),
        _calls("between", text, _text_constants, _text_constants, tilde=True),
        _calls("between", text, _text_constants, text, st.booleans().map(constant), tilde=True),
        _calls("upper", text),
        _calls("lower", text),
        *(_calls(name, text, separators) for name in ("basename", "dirname", "extension")),
    )


def _number_values(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    text = st.deferred(lambda: text_values)
    return st.one_of(
        _calls("length", text),
        _calls("indexOf", text, text, tilde=True),
        _calls("indexOf", text, _text_constants, _positions, tilde=True),
        *(_calls(name, inner, inner) for name in ("add", "subtract", "multiply")),
        *(_calls(name, inner, _divisors) for name in ("divide", "modulo")),
        _calls("negate", inner),
        _calls("number", st.just(FieldValue("digits"))),
        _calls("number", st.sampled_from(["11", "-1f", "0x1f", "zZ"]).map(constant), st.just(constant(36))),
    )


number_values: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(
        st.sampled_from(["whole", "part"]).map(FieldValue),
        _integers,
        st.sampled_from([2.5, 9007199254740993, 1e10, -0.5]).map(constant),
    ),
    _number_values,
    max_leaves=3,
)
text_values: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(st.sampled_from(["text", "more.texts", "digits", "address"]).map(FieldValue), _text_constants),
    lambda inner: _text_values(st.one_of(inner, number_values, st.just(FieldValue("flag")))),
    max_leaves=3,
)

_texts = st.sampled_from(_TEXTS)
_patterns = st.lists(st.one_of(_texts, st.just(ANY_RUN), st.just(ANY_ONE)), max_size=4).map(
    lambda parts: pattern(*parts)
)
_text_matchers: st.SearchStrategy[Matcher] = st.one_of(
    st.builds(Equal, _texts.map(TextLiteral), st.booleans()),
    st.builds(Like, _patterns, st.booleans()),
    st.builds(lambda low, is_open: Range(low=TextLiteral(low), open_low=is_open), _texts, st.booleans()),
    st.builds(lambda high, is_open: Range(high=TextLiteral(high), open_high=is_open), _texts, st.booleans()),
    _blocks.map(lambda text: Network(block("address", text))),
    st.just(Present()),
)
_number_matchers: st.SearchStrategy[Matcher] = st.one_of(
    st.sampled_from([0, 5, 2.5]).map(lambda value: Equal(NumberLiteral(value))),
    st.builds(
        lambda low, high: Range(NumberLiteral(low), NumberLiteral(high), True, False),
        st.integers(-4, 3),
        st.integers(2, 12),
    ),
    st.just(Present()),
)


def _several(matchers: st.SearchStrategy[Matcher]) -> st.SearchStrategy[tuple[Matcher, ...]]:
    return st.lists(matchers, min_size=1, max_size=2).map(tuple)


_operators = st.sampled_from(["==", "<", "<=", ">", ">="])
_values = st.one_of(text_values, number_values, st.just(FieldValue("flag")), st.just(FieldValue("unmapped")))
conditions: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(
        st.builds(Compare, _operators, number_values, number_values),
        st.builds(Compare, _operators, text_values, text_values),
        st.builds(Compare, _operators, _values, _values),
        st.builds(Matches, text_values, _several(_text_matchers)),
        st.builds(Matches, number_values, _several(_number_matchers)),
        *(_calls(name, text_values, text_values, tilde=True) for name in ("startsWith", "endsWith", "stringContains")),
        _calls("cidrMatch", text_values, _blocks.map(constant), _blocks.map(constant)),
        _values.map(IsNull),
        st.just(IsNull(FieldValue("moment"))),
        st.just(FieldValue("flag")),
    ),
    lambda inner: st.one_of(
        inner.map(Negation),
        inner.map(IsNull),
        st.lists(inner, min_size=1, max_size=2).map(lambda items: Both(tuple(items))),
        st.lists(inner, min_size=1, max_size=2).map(lambda items: Either(tuple(items))),
        st.builds(lambda left, truth: Compare("==", left, constant(truth)), inner, st.booleans()),
    ),
    max_leaves=3,
)
"""Conditions on texts, numbers, addresses and truth values, functions and null tests included; few of them fail."""

few_occurrences = conditions.filter(lambda expression: len(list(occurrences(expression))) <= MOST_OCCURRENCES)
"""Those whose combinations of values do not take long."""
