"""The IR as indented text, for the messages of tests: complete, readable, not parsed again."""

from collections.abc import Iterator
from typing import assert_never

from converter.ir.detection import (
    Detection,
    Events,
    IndicatorMatch,
    NewTerms,
    Sample,
    Sequence,
    Stage,
    Take,
    Threshold,
)
from converter.ir.expression import (
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Expression,
    FieldValue,
    IsNull,
    Matches,
    Negation,
)
from converter.ir.literal import (
    AddressLiteral,
    BooleanLiteral,
    DateLiteral,
    Literal,
    NumberLiteral,
    TextLiteral,
    VersionLiteral,
)
from converter.ir.matcher import Equal, Like, Matcher, Network, Phrase, Present, Range, Regex
from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text
from converter.ir.predicate import All, Always, Any, Compute, Field, FieldRef, Nested, Never, Not, Predicate, Test
from converter.ir.showregex import show_regex

_INDENT = "  "
_QUOTED = '\\"'


def show(item: Detection | Predicate) -> str:
    """Several lines, one per condition, without a final line break. A tilde marks ignored case."""
    lines = (
        _detection(item)
        if isinstance(item, Events | Sequence | Sample | Threshold | NewTerms | IndicatorMatch)
        else _predicate(item)
    )
    return "\n".join(lines)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (_INDENT + line for line in lines)


def _detection(detection: Detection) -> Iterator[str]:
    match detection:
        case Events(predicate, take):
            yield "events" + _taken(take)
            yield from _indented(_predicate(predicate))
        case Sequence(stages, maxspan, until, take):
            yield "sequence" + ("" if maxspan is None else f" within {maxspan} ms") + _taken(take)
            for stage in stages:
                yield from _indented(_stage(stage, "stage"))
            if until is not None:
                yield from _indented(_stage(until, "until"))
        case Sample(stages, within):
            yield "sample" + ("" if within is None else f" within {within} ms")
            for stage in stages:
                yield from _indented(_stage(stage, "stage"))
        case Threshold(predicate, keys, at_least, distinct, within, start):
            since = "" if start is None else f", since {start}"
            span = "" if within is None else f" within {within} ms"
            yield f"threshold at least {at_least}{_by(keys)}{span}{since}"
            if distinct is not None:
                yield f"{_INDENT}distinct {_field(distinct[0])} at least {distinct[1]}"
            yield from _indented(_predicate(predicate))
        case NewTerms(predicate, fields, history, start):
            yield f"new terms{_by(fields)}, history from {history}, new after {start}"
            yield from _indented(_predicate(predicate))
        case IndicatorMatch():
            yield from _indicator_match(detection)
        case _:
            assert_never(detection)


def _indicator_match(detection: IndicatorMatch) -> Iterator[str]:
    yield "events"
    yield from _indented(_predicate(detection.predicate))
    yield f"indicators in {', '.join(detection.indicator_index)}"
    yield from _indented(_predicate(detection.indicators))
    for group in detection.mapping:
        pairs = (f"{_field(e.field)} {'!=' if e.negate else '=='} {_field(e.indicator)}" for e in group)
        yield f"match {' and '.join(pairs)}"


def _stage(stage: Stage, title: str) -> Iterator[str]:
    runs = f" {stage.runs} times" if stage.runs != 1 else ""
    yield ("missing " if stage.missing else "") + title + _by(stage.keys) + runs
    yield from _indented(_predicate(stage.predicate))


def _by(keys: tuple[Field, ...]) -> str:
    return f" by {', '.join(map(_field, keys))}" if keys else ""


def _taken(take: tuple[Take, ...]) -> str:
    return "".join(f" | {pipe.end} {pipe.count}" for pipe in take)


def _predicate(predicate: Predicate) -> Iterator[str]:
    match predicate:
        case All(items) | Any(items):
            yield "all of" if isinstance(predicate, All) else "any of"
            for item in items:
                yield from _indented(_predicate(item))
        case Not(item):
            yield "not"
            yield from _indented(_predicate(item))
        case Always():
            yield "always"
        case Never():
            yield "never"
        case Test(field, matchers):
            yield from _test(field, matchers)
        case Compute(expression):
            yield f"compute {_expression(expression)}"
        case Nested(path, item):
            yield f"one object under {path} with"
            yield from _indented(_predicate(item))
        case _:
            assert_never(predicate)


def _test(field: FieldRef, matchers: tuple[Matcher, ...]) -> Iterator[str]:
    """One line for one matcher, else one line per matcher below the field's."""
    if len(matchers) == 1:
        yield f"{_field(field)} {_matcher(matchers[0])}"
        return
    yield f"{_field(field)} one of"
    for matcher in matchers:
        yield _INDENT + _matcher(matcher)


def _field(field: FieldRef) -> str:
    if isinstance(field, Field):
        return f"?{field.name}" if field.optional else field.name
    return f"some field {_pattern(field.pattern)}"


def _matcher(matcher: Matcher) -> str:
    match matcher:
        case Equal(value, ignore_case):
            return f"{_tilde('==', ignore_case)} {_literal(value)}"
        case Like(parts, ignore_case):
            return f"{_tilde('like', ignore_case)} {_pattern(parts)}"
        case Regex(tree, flavour, ignore_case):
            return f"{_tilde('regex', ignore_case)} ({flavour}) {show_regex(tree)}"
        case Range():
            return _range(matcher)
        case Network(block):
            return f"in network {block}"
        case Phrase(tokens, analyzer):
            return f"holds ({analyzer}) {' '.join(map(_pattern, tokens))}"
        case Present():
            return "is present"
        case _:
            assert_never(matcher)


def _range(matcher: Range) -> str:
    bounds = []
    if matcher.low is not None:
        bounds.append(f"{'>' if matcher.open_low else '>='} {_literal(matcher.low)}")
    if matcher.high is not None:
        bounds.append(f"{'<' if matcher.open_high else '<='} {_literal(matcher.high)}")
    return " and ".join(bounds)


def _tilde(word: str, ignore_case: bool) -> str:
    return f"{word}~" if ignore_case else word


def _pattern(parts: Pattern) -> str:
    """In quotes, with a backslash before what would otherwise be a wildcard."""
    out: list[str] = []
    for part in parts:
        match part:
            case Text(text):
                out.append(_escaped(text, "*?" + _QUOTED))
            case AnyRun():
                out.append("*")
            case AnyOne():
                out.append("?")
    return f'"{"".join(out)}"'


def _escaped(text: str, special: str) -> str:
    """A backslash before special characters; control and format characters by their code points, so that a rule's
    text does not drive the terminal."""
    shown = (f"\\{char}" if char in special else char for char in text)
    return "".join(char if char.isprintable() else f"\\u{{{ord(char):x}}}" for char in shown)


def _literal(literal: Literal) -> str:
    match literal:
        case TextLiteral(text):
            return f'"{_escaped(text, _QUOTED)}"'
        case NumberLiteral(number):
            return repr(number)
        case BooleanLiteral(truth):
            return "true" if truth else "false"
        case DateLiteral(text):
            return f"date {text}"
        case AddressLiteral(text):
            return f"address {text}"
        case VersionLiteral(text):
            return f"version {text}"
        case _:
            assert_never(literal)


def _expression(expression: Expression) -> str:
    match expression:
        case FieldValue(name, optional):
            return f"?{name}" if optional else name
        case Constant(value):
            return "null" if value is None else _literal(value)
        case Call(function, arguments, ignore_case):
            return f"{_tilde(function, ignore_case)}({', '.join(map(_expression, arguments))})"
        case Compare(operator, left, right):
            return f"({_expression(left)} {operator} {_expression(right)})"
        case Matches(value, matchers):
            return f"({_expression(value)} {' or '.join(map(_matcher, matchers))})"
        case IsNull(item):
            return f"({_expression(item)} is null)"
        case Negation(item):
            return f"not {_expression(item)}"
        case Both(items):
            return f"({' and '.join(map(_expression, items))})"
        case Either(items):
            return f"({' or '.join(map(_expression, items))})"
        case _:
            assert_never(expression)
