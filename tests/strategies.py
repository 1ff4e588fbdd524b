"""Hypothesis strategies for predicates, matchers and events over a small universe, so that collisions are likely.

Every field has the type that `CATALOGUE` gives it; texts are made of few letters in both cases, wildcard characters, a
backslash, a line break and letters that fold oddly outside ASCII.
"""

from hypothesis import strategies as st

from converter.events.event import Event, Scalar, flatten
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Always,
    Any,
    AnyOne,
    BooleanLiteral,
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    Either,
    Equal,
    Expression,
    Field,
    FieldPattern,
    FieldValue,
    Flavour,
    IsNull,
    Like,
    Matcher,
    Matches,
    Negation,
    Nested,
    Network,
    Never,
    Not,
    NumberLiteral,
    Pattern,
    Phrase,
    Predicate,
    Present,
    Range,
    Regex,
    Test,
    Text,
    TextLiteral,
    pattern,
)
from converter.ir.regex import AnyChar, CharClass, Chars, Concat, Repeat
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

CATALOGUE = Catalogue(
    {
        info.name: info
        for info in (
            FieldInfo("a"),
            FieldInfo("b.c", array=True),
            FieldInfo("b.d"),
            FieldInfo("n", FieldType.LONG),
            FieldInfo("flag", FieldType.BOOLEAN),
            FieldInfo("ip", FieldType.IP),
            FieldInfo("message", FieldType.TEXT, analyzer="standard"),
            FieldInfo("o", FieldType.NESTED),
        )
    }
)
TEXT_FIELDS = ("a", "b.c", "b.d")

texts = st.text(st.sampled_from("abAB*?\\ \n1é\u212a\U0001f600"), max_size=5)
numbers = st.integers(-3, 12)
addresses = st.sampled_from(["10.0.0.1", "10.1.2.3", "192.168.0.1", "::ffff:10.0.0.1", "fe80::1", "::1"])
sentences = st.lists(st.sampled_from(["alpha", "Beta", "gamma-delta", "x1"]), max_size=4).map(" ".join)
patterns = st.lists(st.one_of(texts, st.just(ANY_RUN), st.just(ANY_ONE)), max_size=4).map(lambda parts: pattern(*parts))

_pieces = st.one_of(
    texts.filter(bool).map(Chars), st.just(AnyChar()), st.just(CharClass(((97, 98),))), st.just(CharClass(((65, 65),)))
)
regexps = st.lists(
    st.one_of(_pieces, st.tuples(_pieces, st.integers(0, 1), st.sampled_from([None, 2])).map(lambda r: Repeat(*r))),
    min_size=1,
    max_size=3,
).map(lambda items: Concat(tuple(items)))

text_matchers: st.SearchStrategy[Matcher] = st.one_of(
    st.builds(Equal, texts.map(TextLiteral), st.booleans()),
    st.builds(Like, patterns, st.booleans()),
    st.builds(Regex, regexps, st.just(Flavour.LUCENE), st.booleans()),
    st.builds(lambda low, is_open: Range(low=TextLiteral(low), open_low=is_open), texts, st.booleans()),
    st.just(Present()),
)
number_matchers: st.SearchStrategy[Matcher] = st.one_of(
    numbers.map(lambda value: Equal(NumberLiteral(value))),
    numbers.map(lambda value: Equal(TextLiteral(str(value)))),
    st.builds(
        lambda low, high, open_low, open_high: Range(NumberLiteral(low), NumberLiteral(high), open_low, open_high),
        numbers,
        st.one_of(numbers, st.floats(-3, 12)),
        st.booleans(),
        st.booleans(),
    ),
    st.just(Present()),
)
_network_matchers = st.sampled_from(["10.0.0.0/8", "10.0.0.1/32", "::/0", "fe80::/10"]).map(Network)
_boolean_matchers = st.one_of(st.booleans().map(BooleanLiteral), st.just(TextLiteral("true"))).map(Equal)
_phrases = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]).map(pattern), max_size=2).map(
    lambda tokens: Phrase(tuple(tokens), "standard")
)


def _tests(names: st.SearchStrategy[str], matchers: st.SearchStrategy[Matcher]) -> st.SearchStrategy[Test]:
    several = st.lists(matchers, min_size=1, max_size=3).map(tuple)
    return st.builds(lambda name, chosen: Test(Field(name), chosen), names, several)


text_tests = _tests(st.sampled_from(TEXT_FIELDS), text_matchers)
tests = st.one_of(
    text_tests,
    _tests(st.just("n"), number_matchers),
    _tests(st.just("ip"), _network_matchers),
    _tests(st.just("flag"), _boolean_matchers),
    _tests(st.just("message"), _phrases),
    st.lists(text_matchers, min_size=1, max_size=2).map(
        lambda chosen: Test(FieldPattern(pattern("b.", ANY_RUN)), tuple(chosen))
    ),
)

_sources: st.SearchStrategy[Expression] = st.sampled_from(TEXT_FIELDS).map(FieldValue)
_constants = texts.map(lambda text: Constant(TextLiteral(text)))
_text_values: st.SearchStrategy[Expression] = st.one_of(
    _sources,
    _constants,
    st.builds(lambda *parts: Call("concat", parts), _sources, _constants),
    st.builds(
        lambda source, *ends: Call("substring", (source, *(Constant(NumberLiteral(end)) for end in ends))),
        _sources,
        st.integers(-3, 3),
        st.integers(-3, 3),
    ),
    st.builds(
        lambda source, start: Call("substring", (source, Constant(NumberLiteral(start)))), _sources, st.integers(-3, 3)
    ),
)
_number_values: st.SearchStrategy[Expression] = st.one_of(
    st.just(FieldValue("n")),
    st.integers(-2, 3).map(lambda value: Constant(NumberLiteral(value))),
    _text_values.map(lambda value: Call("length", (value,))),
    st.builds(lambda source, sub: Call("indexOf", (source, sub)), _text_values, _constants),
)


def _integer(value: int) -> Constant:
    return Constant(NumberLiteral(value))


_operators = st.sampled_from(["==", "<", "<=", ">", ">="])
_conditions: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Compare, _operators, _number_values, _number_values),
    st.builds(Compare, _operators, _text_values, _text_values),
    st.builds(
        lambda name, source, sub, fold: Call(name, (source, sub), fold),
        st.sampled_from(["startsWith", "endsWith", "stringContains"]),
        _sources,
        st.one_of(_constants, _sources),
        st.booleans(),
    ),
    st.builds(
        lambda value, chosen: Matches(value, tuple(chosen)),
        _text_values,
        st.lists(text_matchers, min_size=1, max_size=2),
    ),
    st.one_of(_text_values, _number_values).map(IsNull),
)
expressions = st.recursive(
    _conditions,
    lambda inner: st.one_of(
        inner.map(Negation),
        st.lists(inner, min_size=1, max_size=2).map(lambda items: Both(tuple(items))),
        st.lists(inner, min_size=1, max_size=2).map(lambda items: Either(tuple(items))),
    ),
    max_leaves=3,
)
computes = expressions.map(Compute)

_short_texts = st.text(st.sampled_from("ab\U0001f600"), max_size=3)
_short_constants = _short_texts.map(lambda text: Constant(TextLiteral(text)))
disguises: st.SearchStrategy[Compute] = st.one_of(
    st.builds(Compare, _operators, st.just(Call("length", (FieldValue("a"),))), st.integers(-1, 3).map(_integer)),
    st.builds(
        lambda operator, text, place: Compare(operator, Call("indexOf", (FieldValue("a"), text)), place),
        _operators,
        _short_constants,
        st.integers(-1, 2).map(_integer),
    ),
    st.builds(
        lambda ends, text: Compare("==", Call("substring", (FieldValue("a"), *map(_integer, ends))), text),
        st.sampled_from([(0, 1), (0, 2), (-1,), (-2,), (0, -1), (1, 2), (1,), (0,)]),
        _short_constants,
    ),
    st.builds(
        lambda name, text: Call(name, (FieldValue("a"), text)),
        st.sampled_from(["startsWith", "endsWith", "stringContains"]),
        _short_constants,
    ),
).map(Compute)
"""Scripts of the shapes that may be patterns in disguise, about one field of few characters."""
short_events: st.SearchStrategy[Event] = st.lists(_short_texts, max_size=2).map(
    lambda found: Event("e", flatten({"a": found}), {"a": found}, time=0.0)
)


def covered(parts: Pattern) -> st.SearchStrategy[str]:
    """Texts that a pattern is about to match: wildcards replaced by runs of letters, at times a wrong number."""
    pieces = [
        st.just(part.value)
        if isinstance(part, Text)
        else st.text(st.sampled_from("aA\n"), max_size=2, min_size=isinstance(part, AnyOne))
        for part in parts
    ]
    return st.tuples(*pieces).map("".join)


number_tests = _tests(st.just("n"), number_matchers)
number_events: st.SearchStrategy[Event] = st.lists(numbers, min_size=1, max_size=2).map(
    lambda found: Event("e", flatten({"n": found}), {"n": found}, time=0.0)
)

_nested = _tests(st.sampled_from(["o.x", "o.y"]), text_matchers).map(lambda test: Nested("o", test))
leaves: st.SearchStrategy[Predicate] = st.one_of(tests, tests, computes, _nested, st.just(Always()), st.just(Never()))
predicates: st.SearchStrategy[Predicate] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda items: All(tuple(items))),
        st.lists(inner, max_size=3).map(lambda items: Any(tuple(items))),
    ),
    max_leaves=8,
)


def _list_or_one(values: st.SearchStrategy[Scalar]) -> st.SearchStrategy[object]:
    return st.one_of(values, st.lists(values, max_size=3), st.none())


_text_scalars: st.SearchStrategy[Scalar] = st.one_of(texts, st.sampled_from([1, True]))
documents: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {},
    optional={
        "a": _list_or_one(_text_scalars),
        "b": st.fixed_dictionaries({}, optional={"c": _list_or_one(texts), "d": _list_or_one(_text_scalars)}),
        "n": _list_or_one(st.one_of(numbers, numbers.map(str))),
        "flag": _list_or_one(st.one_of(st.booleans(), st.sampled_from(["true", ""]))),
        "ip": _list_or_one(addresses),
        "message": _list_or_one(sentences),
        "o": st.lists(st.fixed_dictionaries({}, optional={"x": _list_or_one(texts), "y": texts}), max_size=2),
    },
)
events: st.SearchStrategy[Event] = documents.map(lambda document: Event("e", flatten(document), document, time=0.0))
