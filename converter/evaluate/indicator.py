"""Indicator matches: events that share values with a document of a list of indicators (spec elastic-rules 2.6)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from converter.evaluate.failure import EvaluationError
from converter.evaluate.match import Match
from converter.evaluate.scope import in_scope
from converter.evaluate.search import Search
from converter.evaluate.texts import json_text
from converter.evaluate.typed import Typed, ValuesTest, compile_matchers, value_reader
from converter.events.event import Event
from converter.ir.detection import IndicatorEntry, IndicatorMatch
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Matcher, Phrase
from converter.ir.pattern import Text
from converter.rule import Scope
from converter.schema.analyzer import tokens
from converter.schema.catalogue import FieldInfo, FieldType

_COMPARED_AS_TERMS = {FieldType.KEYWORD, FieldType.CONSTANT_KEYWORD, FieldType.WILDCARD, FieldType.IP}
_NOT_EXACT = {FieldType.TEXT, FieldType.DATE}


def match_indicators(
    detection: IndicatorMatch, events: Iterable[Event], indicators: Iterable[Event] | None, search: Search
) -> Iterator[Match]:
    """One match per event for which some indicator satisfies every entry of some group of the mapping.

    Indicators outside the detection's index patterns, or not selected by its indicator query, do not count; their time
    does not matter. Raises EvaluationError `indicators-missing` if there is no list of them at all.
    """
    if indicators is None:
        raise EvaluationError(
            "indicators-missing", "the rule compares events with indicators, and none are given", expected="indicators"
        )
    holds = search.holds(detection.predicate)
    chosen = Search(search.catalogue, search.now).holds(detection.indicators)
    scope = Scope(detection.indicator_index)
    listed = [indicator for indicator in indicators if in_scope(indicator, scope) and chosen(indicator)]
    groups = [_Group(entries, listed, search) for entries in detection.mapping]
    for event in events:
        if holds(event) and any(group.matches(event) for group in groups):
            yield Match((event.id,))


@dataclass(frozen=True, slots=True)
class _Demand:
    """What one entry asks of an event for one indicator."""

    source: str
    test: ValuesTest
    negate: bool

    def met(self, event: Event) -> bool:
        values = event.fields.get(self.source)
        return (values is not None and self.test(values)) is not self.negate


_Demands = tuple[_Demand, ...]


class _Group:
    """The indicators as one group of entries sees them, found by their value for its first exact entry."""

    def __init__(self, entries: Sequence[IndicatorEntry], indicators: Iterable[Event], search: Search) -> None:
        self._entries = [(entry, search.catalogue[entry.field.name]) for entry in entries]
        self._first_only = len(entries) == 1 and all(
            search.catalogue[field.name].type in _COMPARED_AS_TERMS
            for field in (entries[0].field, entries[0].indicator)
        )
        self._now = search.now
        self._pivot = next((pair for pair in self._entries if _is_pivot(*pair)), None)
        self._by_value: dict[Typed, list[_Demands]] = {}
        self._others: list[_Demands] = []
        for indicator in indicators:
            self._add(indicator)

    def matches(self, event: Event) -> bool:
        """Whether the event meets what some indicator demands."""
        return any(all(demand.met(event) for demand in demands) for demands in self._candidates(event))

    def _candidates(self, event: Event) -> Iterator[_Demands]:
        if self._pivot is not None:
            info = self._pivot[1]
            read = value_reader(info)
            for value in event.fields.get(_source(info), ()):
                yield from self._by_value.get(read(value), ())
        yield from self._others

    def _add(self, indicator: Event) -> None:
        demands = []
        for entry, info in self._entries:
            values = indicator.fields.get(entry.indicator.name, ())
            if not values and entry.negate:
                continue
            if not values or (len(values) > 1 and not self._first_only):
                return
            test = compile_matchers(info, _matchers(info, json_text(values[0])), self._now)
            demands.append(_Demand(_source(info), test, entry.negate))
        self._place(indicator).append(tuple(demands))

    def _place(self, indicator: Event) -> list[_Demands]:
        """Among those of its value, or among all others if it is not one exact value (a block of addresses)."""
        if self._pivot is None:
            return self._others
        entry, info = self._pivot
        typed = value_reader(info)(indicator.fields[entry.indicator.name][0])
        return self._others if typed is None else self._by_value.setdefault(typed, [])


def _is_pivot(entry: IndicatorEntry, info: FieldInfo) -> bool:
    return not entry.negate and info.type not in _NOT_EXACT


def _source(info: FieldInfo) -> str:
    return info.parent or info.name


def _matchers(info: FieldInfo, text: str) -> list[Matcher]:
    """How a field is compared with an indicator's value: by its type, analysed text by any of its tokens."""
    if info.type is FieldType.TEXT and info.analyzer is not None:
        return [Phrase(((Text(token),),), info.analyzer) for token in tokens(info.analyzer, text)]
    return [Equal(TextLiteral(text))]
