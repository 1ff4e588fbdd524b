"""Rules run on an event file: small ones at once, large ones as a stream, matches in the order of the rules.

A file that fits into memory is read once. Of a larger one, all rules about single events look at the same pass, and
every other rule gets a pass of its own, since only it knows what has to be kept. Rules may name their own clock (spec
elastic-rules 2.3): those of one clock are run together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from converter.errors import ConverterError
from converter.evaluate import EvaluationError, Match, compile_predicate, evaluate_many, stream
from converter.evaluate.finding import is_timeless, looks_back
from converter.evaluate.match import newest
from converter.evaluate.pipes import piped
from converter.evaluate.scope import in_scope
from converter.events.document import TIME_FIELD, Clock
from converter.events.event import Event
from converter.events.file import EventFile
from converter.events.ordering import DEFAULT_PATIENCE, Patience, held, in_order_of_time
from converter.ir.detection import Detection, Events
from converter.ir.predicate import Predicate
from converter.passes import map_predicates
from converter.readers.schema_file import Schema
from converter.rule import Rule, Scope
from converter.schema.catalogue import Catalogue
from converter.spool import Spool

Found = Iterator[Match]
"""What one rule finds. Taking the next match raises ConverterError if the rule fails on these events."""


@dataclass(frozen=True, slots=True)
class Run:
    """What rules are run with: `now` in milliseconds, None for the newest event's time; `indicators` are None where
    none are given, which differs from an empty list."""

    schema: Schema
    now: float | None = None
    indicators: Sequence[Event] | None = None
    max_samples_per_key: int = 1
    patience: Patience = DEFAULT_PATIENCE


def clock_of(rule: Rule, schema: Schema) -> Clock:
    """The fields that order events for the rule: its own where it names them, else the schema's."""
    time = rule.order.timestamp if rule.order.timestamp != TIME_FIELD else schema.clock
    return Clock(_source(time, schema.catalogue), _source(rule.order.tiebreaker or schema.tiebreaker, schema.catalogue))


def mapped_for(rule: Rule, schema: Schema) -> Catalogue | None:
    """The fields that exist, where the schema says so and the language asks: KQL finds nothing in a field that does
    not, EQL cannot be run (spec eql 7.4)."""
    return schema.catalogue if schema.catalogue.closed and rule.language == "eql" else None


def run_rules(rules: Sequence[Rule], file: EventFile, run: Run) -> Iterator[tuple[Rule, Found]]:
    """Every rule that has a detection with what it finds, in the order given: take a rule's matches before the next.

    Raises ConfigurationError for a file that cannot be read, and for a large one that is not in order of time.
    """
    runnable = [rule for rule in rules if rule.detection is not None]
    groups: dict[tuple[Clock, bool], list[Rule]] = {}
    for rule in runnable:
        groups.setdefault(_group(rule, run), []).append(rule)
    found = {group: _found(members, file, run) for group, members in groups.items()}
    for rule in runnable:
        yield rule, next(found[_group(rule, run)])


def _group(rule: Rule, run: Run) -> tuple[Clock, bool]:
    return clock_of(rule, run.schema), mapped_for(rule, run.schema) is not None


def _source(name: str, catalogue: Catalogue) -> str:
    return catalogue[name].parent or name


def _found(rules: Sequence[Rule], file: EventFile, run: Run) -> Iterator[Found]:
    """What each rule of one group finds."""
    search = _Search(rules, file, run)
    events, complete = held(file.events(search.clock), run.patience)
    if complete:
        yield from search.at_once(events)
    else:
        del events
        yield from search.as_stream()


class _Search:
    """Rules of one clock over one file."""

    def __init__(self, rules: Sequence[Rule], file: EventFile, run: Run) -> None:
        self._detections = [rule.detection for rule in rules if rule.detection is not None]
        self._scopes = [rule.scope for rule in rules]
        self._file = file
        self._run = run
        self.clock = clock_of(rules[0], run.schema)
        self._mapped = mapped_for(rules[0], run.schema)

    def at_once(self, events: Sequence[Event]) -> Iterator[Found]:
        """Over events that are all in memory."""
        for matches, error in self._evaluated(self._detections, self._scopes, events, self._run.now):
            yield _settled(matches, error)

    def as_stream(self) -> Iterator[Found]:
        """Over events that are read again and again."""
        now = self._moment()
        single = {number: item for number, item in enumerate(self._detections) if isinstance(item, Events)}
        spool = self._spooled(single, now) if len(single) > 1 else None
        for number in range(len(self._detections)):
            if spool is not None and number in single:
                yield piped(spool.matches(number), single[number].take)
            else:
                yield self._alone(number, now)

    def _moment(self) -> float | None:
        """The time of the run, which is known only after a pass of its own if some rule asks for it."""
        if self._run.now is not None or not any(_asks_for_now(item, self._run) for item in self._detections):
            return self._run.now
        return newest(self._file.events(self.clock))

    def _alone(self, number: int, now: float | None) -> Found:
        """One rule over a pass of its own."""
        detection, scope = self._detections[number], self._scopes[number]
        if now is None and looks_back(detection):
            return  # no event has a time, so none lies in the history or the window
        events = self._file.events(self.clock) if is_timeless(detection) else self._events()
        inside = (event for event in events if in_scope(event, scope))
        yield from stream(
            detection,
            inside,
            self._run.schema.catalogue,
            now=now,
            mapped=self._mapped,
            indicators=self._run.indicators,
            max_samples_per_key=self._run.max_samples_per_key,
        )

    def _spooled(self, rules: Mapping[int, Events], now: float | None) -> Spool:
        """What the rules about single events find in one pass, piece by piece; pipes are left to the end."""
        spool = Spool()
        detections = [replace(detection, take=()) for detection in rules.values()]
        scopes = [self._scopes[number] for number in rules]
        for piece in _pieces(self._events(), self._run.patience):
            outcomes = self._evaluated(detections, scopes, piece, now)
            for number, (matches, error) in zip(rules, outcomes, strict=True):
                spool.add(number, matches, error)
        return spool

    def _evaluated(
        self, detections: Sequence[Detection], scopes: Sequence[Scope], events: Iterable[Event], now: float | None
    ) -> Iterator[tuple[Sequence[Match], ConverterError | None]]:
        outcomes = evaluate_many(
            detections,
            events,
            self._run.schema.catalogue,
            now=now,
            mapped=self._mapped,
            indicators=self._run.indicators,
            max_samples_per_key=self._run.max_samples_per_key,
            scopes=scopes,
        )
        return ((outcome.matches, outcome.error) for outcome in outcomes)

    def _events(self) -> Iterator[Event]:
        return in_order_of_time(self._file.events(self.clock), self._run.patience)


def _settled(matches: Iterable[Match], error: ConverterError | None) -> Found:
    if error is not None:
        raise error
    yield from matches


def _pieces(events: Iterator[Event], patience: Patience) -> Iterator[list[Event]]:
    size = max(patience.events // 4, 1)
    while piece := list(islice(events, size)):
        yield piece


def _asks_for_now(detection: Detection, run: Run) -> bool:
    """Whether what the detection selects depends on the time of the run."""

    def tried(predicate: Predicate) -> Predicate:
        compile_predicate(predicate, run.schema.catalogue)
        return predicate

    if looks_back(detection):
        return True
    try:
        map_predicates(detection, tried)
    except EvaluationError as error:
        return error.code == "date-needs-now"
    return False
