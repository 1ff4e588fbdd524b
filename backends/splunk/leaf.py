"""One test on one field in both languages of SPL: an upper bound for the index, an exact expression for `where`.

The table is spec splunk 3. A leaf also gives its exact complement, since NOT cannot be applied to what may be null.
"""

import re
from dataclasses import dataclass

from backends.splunk import escape, regexp, search, where
from backends.splunk.findings import Finding, InexpressibleError, is_network, is_plain_number, looks_numeric
from converter import ir
from converter.ir.pattern import AnyOne, AnyRun, Text
from converter.languages.regex import dots_spelled, pcre
from converter.languages.regex.dialect import DialectError
from converter.schema.catalogue import FieldInfo


@dataclass(frozen=True, slots=True)
class Leaf:
    """`pre` holds at least wherever the test does, and only there if `pre_exact`; `exact` is the test, `complement`
    its complement, both never null. `findings` are the assumptions made on the way."""

    pre: search.Search
    pre_exact: bool
    exact: where.Where
    complement: where.Where
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bound:
    """A search condition and whether it says exactly what the matcher says."""

    condition: search.Search
    exact: bool
    finding: Finding | None = None


def leaf(column: FieldInfo, matchers: tuple[ir.Matcher, ...]) -> Leaf:
    """Both renderings of "some value of the column satisfies some matcher". Raises InexpressibleError."""
    bounds = [_bound(column, matcher) for matcher in matchers]
    pre = _gather(column.name, [bound.condition for bound in bounds])
    findings = tuple(dict.fromkeys(bound.finding for bound in bounds if bound.finding is not None))
    exact, complement = _exactly(column, matchers)
    return Leaf(pre, all(bound.exact for bound in bounds), exact, complement, findings)


def _gather(name: str, conditions: list[search.Search]) -> search.Search:
    """Several values of one field become one IN list where the list keeps their meaning."""
    values = [item.value for item in conditions if isinstance(item, search.Compare) and _listable(item)]
    rest = [item for item in conditions if not (isinstance(item, search.Compare) and _listable(item))]
    if len(values) < 2:
        return search.either(conditions)
    return search.either([search.In(name, tuple(dict.fromkeys(values))), *rest])


def _listable(item: search.Compare) -> bool:
    # Whether IN compares networks is not documented, so that they stay comparisons of their own.
    return item.operator == "=" and not is_network(item.value)


# ---- the search language ------------------------------------------------------------------------------------------


def _bound(column: FieldInfo, matcher: ir.Matcher) -> _Bound:
    name = column.name
    match matcher:
        case ir.Present():
            return _Bound(search.Has(name), exact=True)
        case ir.Equal(ir.TextLiteral(value) | ir.VersionLiteral(value), ignore_case):
            return _text_bound(column, (Text(value),) if value else (), ignore_case)
        case ir.Equal(value, _):
            found = Finding("splunk-number-spelling", name)
            return _Bound(search.Compare(name, "=", _plain(value)), exact=True, finding=found)
        case ir.Like(pattern, ignore_case):
            return _text_bound(column, pattern, ignore_case)
        case ir.Network(block):
            found = Finding("splunk-address-spelling", name)
            return _Bound(search.Compare(name, "=", _network(block)), exact=True, finding=found)
        case ir.Range() if column.type.is_number:
            return _number_bound(column, matcher)
        case ir.Phrase(tokens, _):
            loose = ir.pattern(ir.ANY_RUN, *(piece for token in tokens for piece in (*_pieces(token), ir.ANY_RUN)))
            return _Bound(_text_bound(column, loose, ignore_case=True).condition, exact=False)
        case ir.Regex(tree, _, _):
            return _Bound(_text_bound(column, regexp.loose(tree), ignore_case=True).condition, exact=False)
        case _:
            return _Bound(search.Has(name), exact=False)


def _text_bound(column: FieldInfo, pattern: ir.Pattern, ignore_case: bool) -> _Bound:
    pieces: list[str] = []
    exact = True
    for part in pattern:
        match part:
            case Text(value):
                piece, same = escape.search_piece(value)
                pieces.append(piece)
                exact = exact and same
            case AnyRun():
                pieces.append("*")
            case AnyOne():
                pieces.append("*")
                exact = False
    value = _RUNS.sub("*", "".join(pieces))
    if is_network(value):
        # The search language would compare the address that it looks like.
        value = value.replace("/", "*")
    safe = escape.loosened(value)
    exact = exact and safe == value
    condition = search.Has(column.name) if safe == "*" else search.Compare(column.name, "=", safe)
    if is_plain_number(safe):
        return _Bound(condition, exact, Finding("splunk-number-spelling", column.name))
    if looks_numeric(safe):
        # Every spelling of the number is found; only a pattern tells them apart.
        return _Bound(condition, exact=False)
    if ignore_case or not any(char.isalpha() for char in safe):
        return _Bound(condition, exact)
    finding = Finding("splunk-normalised", column.name) if column.normalised else None
    return _Bound(condition, exact and column.normalised, finding)


_RUNS = re.compile(r"\*{2,}")


def _number_bound(column: FieldInfo, matcher: ir.Range) -> _Bound:
    conditions: list[search.Search] = [
        search.Compare(column.name, operator, _plain(limit)) for operator, limit in _limits(matcher)
    ]
    # Over a list, each bound may be met by another value; `where` insists on one.
    exact = len(conditions) == 1 or not column.array
    return _Bound(search.both(conditions), exact, Finding("splunk-numeric-field", column.name))


# ---- the language of where ----------------------------------------------------------------------------------------


def _exactly(column: FieldInfo, matchers: tuple[ir.Matcher, ...]) -> tuple[where.Where, where.Where]:
    field = where.FieldName(column.name)
    if any(isinstance(matcher, ir.Present) for matcher in matchers):
        return where.Call("isnotnull", (field,)), where.Call("isnull", (field,))
    conditions = _several(field, matchers) if column.array else _single(field, matchers)
    positive = where.either([condition.holds for condition in conditions])
    negative = where.both([condition.fails for condition in conditions])
    if column.array or _guards_itself(conditions):
        return positive, negative
    return positive, where.either([where.Call("isnull", (field,)), negative])


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition and its opposite. `total`: both are decided for a missing field too."""

    holds: where.Where
    fails: where.Where
    total: bool = False


def _guards_itself(conditions: list[_Condition]) -> bool:
    return all(condition.total for condition in conditions)


def value_conditions(subject: where.Where, matchers: tuple[ir.Matcher, ...]) -> tuple[where.Where, where.Where]:
    """Whether a value that is there satisfies some matcher, and whether none. Raises InexpressibleError."""
    if any(isinstance(matcher, ir.Present) for matcher in matchers):
        return where.TRUE, where.FALSE
    conditions = _single(subject, matchers)
    return where.either([one.holds for one in conditions]), where.both([one.fails for one in conditions])


def _single(field: where.Where, matchers: tuple[ir.Matcher, ...]) -> list[_Condition]:
    """Conditions on a field with at most one value: equality as a list, patterns as few expressions as possible."""
    equal = [text for matcher in matchers if (text := _exact_text(matcher)) is not None]
    alike = [text for matcher in matchers if (text := _folded_text(matcher)) is not None]
    conditions = [*_equality(field, equal), *_equality(where.Call("lower", (field,)), alike)]
    rest = [m for m in matchers if _exact_text(m) is None and _folded_text(m) is None]
    likes = [text for matcher in rest if (text := _like_text(matcher)) is not None]
    if len(likes) <= _MOST_LIKES:
        calls = [where.Call("like", (field, where.String(text))) for text in likes]
        conditions += [_Condition(call, where.Not(call)) for call in calls]
        rest = [matcher for matcher in rest if _like_text(matcher) is None]
    for pattern in _patterns(rest):
        call = where.Call("match", (field, where.String(pattern)))
        conditions.append(_Condition(call, where.Not(call)))
    for matcher in rest:
        if _tree(matcher) is None:
            test = _value_test(field, matcher)
            fails = where.Binary("==", where.Call("if", (test, where.Number(1), where.Number(0))), where.Number(0))
            conditions.append(_Condition(test, fails, total=True))
    return conditions


def _equality(value: where.Where, texts: list[str]) -> list[_Condition]:
    """At most one condition: the value is one of the texts."""
    if not texts:
        return []
    if len(texts) == 1:
        literal = where.String(texts[0])
        return [_Condition(where.Binary("==", value, literal), where.Binary("!=", value, literal))]
    listed = where.In(value, tuple(where.String(text) for text in dict.fromkeys(texts)))
    return [_Condition(listed, where.Not(listed))]


_MOST_LIKES = 3
"""So many patterns read well as `like`, each on its own; more become one regular expression."""


def _several(field: where.FieldName, matchers: tuple[ir.Matcher, ...]) -> list[_Condition]:
    """Conditions on a field that may be a list: comparing one in `where` is undefined, so it is searched."""
    found: list[where.Where] = [
        where.Call("mvfind", (field, where.String(pattern))) for pattern in _patterns(list(matchers))
    ]
    found += [where.Call("mvfilter", (_value_test(field, matcher),)) for matcher in matchers if _tree(matcher) is None]
    return [_Condition(where.Call("isnotnull", (call,)), where.Call("isnull", (call,)), total=True) for call in found]


def _exact_text(matcher: ir.Matcher) -> str | None:
    """The text of an equality that minds case, or needs not, if a string literal says it."""
    match matcher:
        case ir.Equal(ir.TextLiteral(value) | ir.VersionLiteral(value), ignore_case) if _is_literal(value):
            return value if not ignore_case or value.lower() == value.upper() else None
        case _:
            return None


def _folded_text(matcher: ir.Matcher) -> str | None:
    """The text in lower case of an equality that ignores case, if a string literal says it. Outside ASCII, folding
    case and lower case are different things."""
    match matcher:
        case ir.Equal(ir.TextLiteral(value) | ir.VersionLiteral(value), True) if _is_literal(value) and value.isascii():
            return value.lower() if _exact_text(matcher) is None else None
        case _:
            return None


def _is_literal(text: str) -> bool:
    """Whether a string literal can hold the text, and comparing with it finds no other spelling of a number."""
    return escape.is_plain(text) and (is_plain_number(text) or not looks_numeric(text))


def _like_text(matcher: ir.Matcher) -> str | None:
    """The pattern for `like`, which has no escape: only where no literal part needs one (spec splunk 1.8)."""
    match matcher:
        case ir.Like(pattern, ignore_case=False):
            texts = [part.value for part in pattern if isinstance(part, Text)]
            if any(set("%_\\") & set(text) or not escape.is_plain(text) for text in texts):
                return None
            return "".join(
                part.value if isinstance(part, Text) else "%" if isinstance(part, AnyRun) else "_" for part in pattern
            )
        case _:
            return None


def _patterns(matchers: list[ir.Matcher]) -> list[str]:
    """The matchers that are patterns, as at most two regular expressions: one for each way to treat case."""
    by_case: dict[bool, list[ir.Regexp]] = {}
    for matcher in matchers:
        found = _tree(matcher)
        if found is not None:
            tree, ignore_case = found
            by_case.setdefault(ignore_case, []).append(tree)
    try:
        return [regexp.whole(trees, ignore_case=ignore_case) for ignore_case, trees in by_case.items()]
    except DialectError as error:
        raise InexpressibleError("splunk-regex-dialect", f"the pattern needs {error}") from error


def _tree(matcher: ir.Matcher) -> tuple[ir.Regexp, bool] | None:
    """A matcher on text as a tree over the whole value, and whether it ignores case; None for any other matcher."""
    match matcher:
        case ir.Equal(ir.TextLiteral(value) | ir.VersionLiteral(value), ignore_case):
            return pcre.from_pattern((Text(value),) if value else ()), ignore_case
        case ir.Like(pattern, ignore_case):
            return pcre.from_pattern(pattern), ignore_case
        case ir.Regex(written, flavour, ignore_case):
            tree = dots_spelled(written, flavour)
            return regexp.ignoring_case(tree, flavour) if ignore_case else (tree, False)
        case ir.Phrase(tokens, "powershell"):
            return pcre.phrase(tokens), True
        case _:
            return None


def _value_test(field: where.Where, matcher: ir.Matcher) -> where.Where:
    """A matcher that is no pattern, on the field's one value."""
    number = where.Call("tonumber", (field,))
    match matcher:
        case ir.Equal(ir.NumberLiteral(value), _):
            return where.Binary("==", number, where.Number(value))
        case ir.Equal(ir.BooleanLiteral(flag), _):
            return where.Binary("==", field, where.String("true" if flag else "false"))
        case ir.Network(block):
            return where.Call("cidrmatch", (where.String(block), field))
        case ir.Range(ir.NumberLiteral() | None, ir.NumberLiteral() | None, _, _):
            return where.both([where.Binary(operator, number, _number(limit)) for operator, limit in _limits(matcher)])
        case ir.Range(ir.TextLiteral() | None, ir.TextLiteral() | None, _, _):
            # A letter in front keeps numeric-looking texts from being compared as numbers.
            text = where.Binary(".", where.String("x"), field)
            return where.both(
                [
                    where.Binary(operator, text, where.String("x" + _plain(limit)))
                    for operator, limit in _limits(matcher)
                ]
            )
        case _:
            raise InexpressibleError("splunk-matcher", f"SPL has no exact test for {_WORDS[type(matcher)]}")


_WORDS: dict[type[ir.Matcher], str] = {
    ir.Range: "a range of dates, addresses or versions",
    ir.Phrase: "the tokens of an analysed text",
    ir.Equal: "equality with a date or an address",
}


def _limits(matcher: ir.Range) -> list[tuple[str, ir.Literal]]:
    limits: list[tuple[str, ir.Literal]] = []
    if matcher.low is not None:
        limits.append((">" if matcher.open_low else ">=", matcher.low))
    if matcher.high is not None:
        limits.append(("<" if matcher.open_high else "<=", matcher.high))
    return limits


def _number(literal: ir.Literal) -> where.Number:
    if not isinstance(literal, ir.NumberLiteral):
        raise TypeError(f"not a number: {literal!r}")
    return where.Number(literal.value)


def _plain(literal: ir.Literal) -> str:
    match literal:
        case ir.BooleanLiteral(value):
            return "true" if value else "false"
        case ir.NumberLiteral(value):
            return escape.number(value)
        case ir.TextLiteral(value):
            return value
        case ir.DateLiteral(text) | ir.AddressLiteral(text) | ir.VersionLiteral(text):
            return text


def _network(block: str) -> str:
    """A single IPv4 address without its mask reads better and compares the same."""
    address, _, bits = block.partition("/")
    return address if bits == "32" and ":" not in address else block


def _pieces(pattern: ir.Pattern) -> list[str | AnyRun | AnyOne]:
    return [part.value if isinstance(part, Text) else part for part in pattern]
