"""Query strings to IR: what Elasticsearch's `query_string` finds, by the types of the fields (spec kql 3.3, 4.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from converter.errors import Place, RuleError, UnsupportedError
from converter.ir import (
    ANY_RUN,
    All,
    Always,
    Any,
    Events,
    Flavour,
    Matcher,
    Never,
    Not,
    Phrase,
    Predicate,
    Present,
    Regex,
    Test,
)
from converter.languages import mapping, regex
from converter.languages.dsl.names import ANY_FIELD, field_named, info_of
from converter.languages.lowered import Lowered
from converter.languages.lucene.tree import (
    And,
    Everything,
    Exists,
    Expression,
    Interval,
    Match,
    Node,
    Nothing,
    Or,
    Quoted,
    Wildcard,
    Words,
)
from converter.languages.lucene.tree import (
    Not as NotNode,
)
from converter.languages.value import is_date, is_number
from converter.losses import Note
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType


def lower(tree: Node, catalogue: Catalogue) -> Lowered:
    """The meaning of a query string as an event detection.

    RuleError, with the place in the text, for a value that the field's type cannot take.
    """
    guessed = unknown_fields(tree, catalogue)
    predicate = _Lowering(catalogue, guessed).node(tree)
    notes = (
        Note("field-type-unknown", f"`{name}` is in no catalogue and taken as {kind.value}")
        for name, kind in guessed.items()
    )
    return Lowered(Events(predicate), notes=tuple(notes))


def unknown_fields(tree: Node, catalogue: Catalogue) -> dict[str, FieldType]:
    """The guessed type of every field that the catalogue does not know (spec kql 4.3, last paragraph)."""
    found: dict[str, list[Match]] = {}
    for match in _matches(tree):
        if match.field is not None and "*" not in match.field and match.field not in catalogue:
            found.setdefault(match.field, []).append(match)
    return {name: _type([match.value for match in matches]) for name, matches in found.items()}


def _matches(tree: Node) -> Iterator[Match]:
    match tree:
        case Match():
            yield tree
        case And(items) | Or(items):
            for item in items:
                yield from _matches(item)
        case NotNode(item):
            yield from _matches(item)
        case _:
            pass


def _type(values: list[Words | Quoted | Wildcard | Expression | Interval]) -> FieldType:
    bounds = [bound for value in values if isinstance(value, Interval) for bound in (value.low, value.high)]
    texts = [value.text for value in values if isinstance(value, Words | Quoted)]
    written = [text for text in (*bounds, *texts) if text is not None]
    if bounds and all(map(is_number, written)):
        return FieldType.DOUBLE
    if bounds and all(map(is_date, written)):
        return FieldType.DATE
    truths = [value for value in values if isinstance(value, Words) and value.text in {"true", "false"}]
    return FieldType.BOOLEAN if truths and len(truths) == len(values) else FieldType.KEYWORD


@dataclass(frozen=True, slots=True)
class _Lowering:
    catalogue: Catalogue
    guessed: dict[str, FieldType] = field(default_factory=dict)

    def node(self, tree: Node) -> Predicate:
        match tree:
            case And(items):
                return All(tuple(map(self.node, items)))
            case Or(items):
                return Any(tuple(map(self.node, items)))
            case NotNode(item):
                return Not(self.node(item))
            case Everything():
                return Always()
            case Nothing():
                return Never()
            case Exists(name, span):
                return Test(field_named(name), (Present(),), span)
            case Match(name, _, span):
                try:
                    return Test(ANY_FIELD if name is None else field_named(name), self._matchers(tree), span)
                except RuleError as error:
                    raise error.at(Place(None, span.line, span.column)) from error
            case _:
                assert_never(tree)

    def _info(self, name: str | None) -> FieldInfo:
        if name is None:
            return FieldInfo("*")
        info = info_of(field_named(name), self.catalogue)
        return info if info.known else replace(info, type=self.guessed.get(name, info.type))

    def _matchers(self, match: Match) -> tuple[Matcher, ...]:
        info = self._info(match.field)
        match match.value:
            case Words(text):
                return _with_words(info, mapping.words(info, text))
            case Quoted(text):
                return _with_words(info, (mapping.phrase(info, text),))
            case Wildcard(parts):
                return (Present() if parts == (ANY_RUN,) else mapping.wildcard(info, parts),)
            case Expression(text):
                return (_expression(info, text),)
            case Interval() if match.field is None:
                raise UnsupportedError("lucene-unsupported", "a range without a field")
            case Interval(low, high, open_low, open_high):
                return (_interval(info, low, high, open_low=open_low, open_high=open_high),)


def _with_words(info: FieldInfo, found: tuple[Matcher, ...]) -> tuple[Matcher, ...]:
    """Lucene leaves out a clause without words, which changes what the group around it means."""
    if any(isinstance(matcher, Phrase) and not matcher.tokens for matcher in found):
        raise UnsupportedError("lucene-unsupported", f"there is no word in the text that `{info.name}` is searched for")
    return found


def _expression(info: FieldInfo, text: str) -> Matcher:
    if not info.type.is_string or info.folded:
        what = f"a regular expression on `{info.name}`, which is of type {info.type.value}"
        raise UnsupportedError("lucene-unsupported", what)
    return Regex(regex.parse(text, Flavour.LUCENE))


def _interval(info: FieldInfo, low: str | None, high: str | None, *, open_low: bool, open_high: bool) -> Matcher:
    if low is None and high is None:
        return Present()
    return mapping.ordered(
        info, low, high, open_low=open_low and low is not None, open_high=open_high and high is not None
    )
