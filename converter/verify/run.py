"""One verification run: events in, evidence out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from converter.backend import Engine, Observations, TargetEvent, Translation, Verdict, backend
from converter.conversion import convert
from converter.errors import ConfigurationError, ConverterError
from converter.events.event import Event, Values
from converter.events.generate import generate
from converter.events.minimise import minimise
from converter.ir import Detection, IndicatorMatch
from converter.result import Result
from converter.rule import Rule
from converter.schema.catalogue import Catalogue, default_catalogue
from converter.verify.judge import Difference, Judge
from converter.verify.proof import Counterexample, Evidence, Proof
from converter.verify.streams import Stream, generated
from converter.verify.world import World, make_world, merge, source_of

SHOWN = 3
"""Counter-examples a run reports: they are minimal, and the first ones nearly always share their cause."""


def verify(
    rule: Rule,
    to: str,
    profile: str | None = None,
    format: str | None = None,
    *,
    options: Mapping[str, str] | None = None,
    events: Iterable[Event] | None = None,
    now: float | None = None,
    engine: Engine | None = None,
) -> Proof:
    """Converts the rule and checks the output on events: generated from the rule, or the ones given.

    `now` is the time of the run in milliseconds (default: the newest event). `engine` defaults to the target's
    embedded one. Raises ConfigurationError as `convert` does, or if the engine fails; a rule that could not be read or
    was refused, and an output that cannot be run on the events, give a proof without evidence.
    """
    catalogue = default_catalogue()
    if isinstance(rule.detection, IndicatorMatch) and rule.indicators is None and events is None:
        rule = replace(rule, indicators=generate(rule.detection, catalogue).indicators)
    result = convert(rule, to, profile, format, options=options)
    translation = result.translation
    if translation is None or translation.statement is None or rule.detection is None:
        return Proof(result)
    if events is None:
        streams, time = generated(rule.detection, translation, catalogue)
    else:
        streams = [Stream(tuple(events), rule.indicators)]
        time = max((event.time for event in streams[0].events if event.time is not None), default=0.0)
    columns = catalogue.extended(translation.profile.columns)
    engine = engine or backend(to).engine()
    run = _Run(result, translation, rule.detection, engine, columns, now or time)
    try:
        parts = [run.part(stream) for stream in streams]
    except ConfigurationError:
        raise
    except ConverterError as error:  # this output is unproved, the others go on
        return Proof(result, untried=(f"not run by {engine.name}: {error.message}",))
    untried = run.untried(parts) if events is None else ()
    documents = tuple(event for stream in streams for event in stream.events)
    return Proof(result, (run.evidence(parts),), untried, documents)


@dataclass(frozen=True, slots=True)
class _Part:
    """One stream of a run: its world, what text and effective rule find, and where the rule differs from the source."""

    world: World
    judge: Judge
    found: Observations
    meant: Observations
    wrong: tuple[Difference, ...]

    @property
    def unequal(self) -> list[tuple[str, ...]]:
        """What only one of text and effective rule finds; everything, if they do not even find the same kind."""
        if self.found.kind != self.meant.kind:
            return sorted(self.found.items | self.meant.items)
        return sorted(self.found.items ^ self.meant.items)


@dataclass(frozen=True, slots=True)
class _Run:
    """Everything that the streams of a run share, and what a counter-example needs to be asked again with less."""

    result: Result
    translation: Translation
    source: Detection
    engine: Engine
    columns: Catalogue
    now: float

    @property
    def effective(self) -> Detection:
        if self.translation.effective is None:
            raise ValueError("a refused rule has no effective rule")
        return self.translation.effective

    def part(self, stream: Stream) -> _Part:
        world = make_world(self.translation, self.source, stream.events)
        judge = Judge(self.columns, self.now, stream.indicators)
        found = self._text(world.targets)
        meant = judge.observe(self.effective, world.merged, found.kind)
        differences = judge.differences(self.translation, self.source, world, found.kind)
        return _Part(world, judge, found, meant, tuple(item for item in differences if not item.explained))

    def evidence(self, parts: list[_Part]) -> Evidence:
        exact = self.result.verdict is Verdict.EXACT
        unequal, wrong = any(part.unequal for part in parts), any(part.wrong for part in parts)
        return Evidence(
            self.engine.name,
            self.engine.independent,
            events=sum(len(part.world.targets) for part in parts),
            not_built=sum(len(part.world.not_built) for part in parts),
            set_aside=sum(len(part.world.set_aside) for part in parts),
            observations=sum(len(part.found.items) for part in parts),
            agree=not unequal and not (exact and wrong),
            within_direction=None if exact else not wrong,
            counterexamples=tuple(self._counterexamples(parts)),
        )

    def untried(self, parts: list[_Part]) -> tuple[str, ...]:
        """What no event showed: sources of the output on which nothing was ever selected, and a rule over several
        events that found nothing at all."""
        selected = {name for part in parts for name in part.judge.selected_sources(self.translation, part.world)}
        if self.translation.profile.identity and not selected:
            return ("no event that satisfies the rule could be made",)
        missing = [use.name for use in self.translation.sources if use.name not in selected]
        if missing and not self.translation.profile.identity:
            return tuple(f"no event of source `{name}` satisfies the output" for name in missing)
        return () if any(part.meant.items for part in parts) else ("no run of events satisfies the output",)

    def _counterexamples(self, parts: list[_Part]) -> Iterator[Counterexample]:
        for part in parts:
            for item in part.unequal[:SHOWN]:
                yield self._of_text(item, part)
            for difference in part.wrong[:SHOWN]:
                yield self._of_rule(difference, part)
            if part.unequal or part.wrong:
                return  # the streams of a rule nearly always share their cause

    def _of_text(self, item: tuple[str, ...], part: _Part) -> Counterexample:
        """An observation only one of text and effective rule made; a single event is reduced to what matters, of a
        match the events."""
        claim = "the written text selects what the effective rule selects"
        target = next((event for event in part.world.targets if event.id == item[0]), None)
        if part.found.kind != "events" or target is None:
            says = {"text": item in part.found.items, "effective rule": item in part.meant.items}
            return Counterexample(claim, {"match": item}, says, self._smallest(part))

        def differ(fields: Mapping[str, Values]) -> bool:
            text, rule = self._ask(target, fields, part)
            return text != rule

        fields = minimise(target.fields, differ) if differ(target.fields) else target.fields
        text, rule = self._ask(target, fields, part)
        return Counterexample(claim, fields, {"text": text, "effective rule": rule})

    def _smallest(self, part: _Part) -> tuple[Mapping[str, Values], ...]:
        """The fewest target events on which text and effective rule still differ, in order of time."""
        targets = {event.id: event for event in part.world.targets}
        merged = {event.id: event for event in part.world.merged}

        def differ(chosen: Mapping[str, TargetEvent]) -> bool:
            found = self._text(list(chosen.values()))
            return found != part.judge.observe(self.effective, [merged[name] for name in chosen], found.kind)

        kept = minimise(targets, differ, tries=200)
        return tuple(event.fields for event in sorted(kept.values(), key=lambda event: event.time))

    def _of_rule(self, item: Difference, part: _Part) -> Counterexample:
        """A difference between effective rule and source that no loss announces."""
        claim = "the effective rule differs from the source only as the losses announce"
        source = next((pair.source for pair in part.world.built if pair.source.id == item.item[0]), None)
        single = part.found.kind == "events" and source is not None
        fields = source.fields if single and source is not None else {"match": item.item}
        return Counterexample(claim, fields, {"source": item.missed, "effective rule": not item.missed})

    def _ask(self, target: TargetEvent, fields: Mapping[str, Values], part: _Part) -> tuple[bool, bool]:
        document = target.document if fields == target.fields else dict(fields)
        event = TargetEvent(target.id, fields, target.source, target.time, document, target.tiebreak)
        source = source_of(self.translation.profile, target.source)
        merged = merge(event, source) if source is not None else Event(event.id, fields, document, event.time)
        return bool(self._text([event]).items), bool(part.judge.observe(self.effective, [merged]).items)

    def _text(self, events: list[TargetEvent]) -> Observations:
        return self.engine.run(self.result.artifacts, events, now=self.now)
