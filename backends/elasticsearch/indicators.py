"""Indicators as conditions on events: what a list of documents asks of an event (spec elastic-rules 2.6).

An event has to agree with one indicator in every entry of a group. Indicators that ask the same of all fields but the
first stand together, so that most lists become a few long tests.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backends.elasticsearch.refusal import InexpressibleError
from converter.errors import RuleError
from converter.evaluate import EvaluationError, compile_predicate
from converter.evaluate.match import newest
from converter.evaluate.scope import in_scope
from converter.events.event import Event, Values
from converter.ir import All, IndicatorEntry, IndicatorMatch, Matcher, Not, Phrase, Predicate, Test
from converter.languages import mapping
from converter.languages.value import json_text
from converter.rule import Scope
from converter.schema.catalogue import Catalogue, FieldType

_COMPARED_AS_TERMS = {FieldType.KEYWORD, FieldType.CONSTANT_KEYWORD, FieldType.WILDCARD, FieldType.IP}


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way for an event to agree with an indicator: a value of the first test, and all that stands beside it."""

    test: Test
    beside: tuple[Predicate, ...] = ()

    def predicate(self) -> Predicate:
        return All((self.test, *self.beside)) if self.beside else self.test


def selected(detection: IndicatorMatch, indicators: Sequence[Event], catalogue: Catalogue) -> list[Event]:
    """The indicators that the rule compares with: those its indicator query selects when the newest of them was made.

    Raises InexpressibleError if that cannot be said: the query asks for their age, and none of them has a time.
    """
    scope = Scope(detection.indicator_index)
    inside = [one for one in indicators if in_scope(one, scope)]
    if not inside:
        return []
    try:
        chosen = compile_predicate(detection.indicators, catalogue, now=newest(indicators))
        return list(filter(chosen, inside))
    except EvaluationError as error:
        what = f"the indicators cannot be selected: {error.what}"
        raise InexpressibleError("elasticsearch-indicators-unselected", what) from error


def alternatives(detection: IndicatorMatch, indicators: Iterable[Event], catalogue: Catalogue) -> Iterator[Alternative]:
    """All ways for an event to agree with one of the indicators, group by group, in an order of their own."""
    known = list(indicators)
    for entries in detection.mapping:
        group = _Group(entries, catalogue)
        together: dict[tuple[Predicate, ...], dict[Matcher, None]] = {}
        for indicator in known:
            demand = group.demand(indicator)
            if demand is not None:
                together.setdefault(demand.beside, {}).update(dict.fromkeys(demand.test.matchers))
        for beside, matchers in sorted(together.items(), key=repr):
            yield Alternative(Test(group.first.field, tuple(sorted(matchers, key=repr))), beside)


class _Group:
    """One group of entries, the first of them one that is not negated."""

    def __init__(self, entries: Sequence[IndicatorEntry], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.first, *self._others = sorted(entries, key=lambda entry: entry.negate)
        if self.first.negate:
            what = f"`{self.first.field.name}` is compared by what it does not equal alone"
            raise InexpressibleError("elasticsearch-indicators-negated", what, self.first.field.name)
        # A single entry is asked for as `terms`, which takes the first value of each indicator.
        self._first_of_many = len(entries) == 1 and all(
            catalogue[name.name].type in _COMPARED_AS_TERMS for name in (self.first.field, self.first.indicator)
        )

    def demand(self, indicator: Event) -> Alternative | None:
        """What the indicator asks of an event, None if it is skipped or no event can give it."""
        if any(len(self._values(entry, indicator)) > 1 for entry in self._others):
            return None
        test = self._test(self.first, indicator)
        others = [self._other(entry, indicator) for entry in self._others]
        if test is None or None in others:
            return None
        return Alternative(test, tuple(other for group in others if group is not None for other in group))

    def _other(self, entry: IndicatorEntry, indicator: Event) -> tuple[Predicate, ...] | None:
        """The condition of a further entry, none where every event meets it; None if no event can."""
        test = self._test(entry, indicator)
        if not entry.negate:
            return None if test is None else (test,)
        return () if test is None else (Not(test),)

    def _test(self, entry: IndicatorEntry, indicator: Event) -> Test | None:
        """Equality with the one value of an indicator, None if there is none that the event's field can have."""
        values = self._values(entry, indicator)
        if not values or (len(values) > 1 and not self._first_of_many):
            return None
        info = self._catalogue[entry.field.name]
        try:
            matchers = mapping.words(info, json_text(values[0]))
        except RuleError:
            return None  # the field's type has no such value
        return None if matchers == (Phrase((), info.analyzer or "standard"),) else Test(entry.field, matchers)

    def _values(self, entry: IndicatorEntry, indicator: Event) -> Values:
        return indicator.fields.get(entry.indicator.name, ())
