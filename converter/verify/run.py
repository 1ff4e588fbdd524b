"""One verification run: events in, evidence out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from converter.backend import Artifact, Engine, Observations, TargetEvent, Translation, Verdict, backend
from converter.conversion import convert
from converter.events.event import Event, Values
from converter.events.generate import generate
from converter.events.minimise import minimise
from converter.ir import Detection
from converter.result import Result
from converter.rule import Rule
from converter.schema.catalogue import Catalogue, default_catalogue
from converter.verify import judge
from converter.verify.proof import Counterexample, Evidence, Proof
from converter.verify.tailored import completed, confined
from converter.verify.world import World, make_world, merge, source_of, used_sources

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
    embedded one. Raises ConfigurationError as `convert` does; a rule that could not be read or was refused gives a
    proof without evidence.
    """
    result = convert(rule, to, profile, format, options=options)
    translation = result.translation
    if translation is None or translation.statement is None or rule.detection is None:
        return Proof(result)
    catalogue = default_catalogue()
    if events is None:
        documents, time = _generated(rule.detection, translation, catalogue)
    else:
        documents = list(events)
        time = max((event.time for event in documents if event.time is not None), default=0.0)
    judge_engine = engine or backend(to).engine()
    world = make_world(translation, rule.detection, documents)
    evidence = _evidence(result, translation, rule.detection, world, judge_engine, catalogue, now or time)
    untried = judge.tried(translation, world, catalogue, now or time) if events is None else []
    return Proof(result, (evidence,), tuple(untried), tuple(documents))


def _generated(detection: Detection, translation: Translation, catalogue: Catalogue) -> tuple[list[Event], float]:
    """Events of the rule as it stands, and of the rule confined to each source the output reads: a rule for several
    systems is tried on the paths and names of each. What a source states besides is added in further events."""
    whole = generate(detection, catalogue)
    documents = [item.event for item in whole.events]
    sources = used_sources(translation)
    for source in sources:
        part = generate(confined(detection, source), catalogue)
        documents += [replace(item.event, id=f"{item.event.id}/{source.name}") for item in part.events]
    documents += completed(documents, sources, detection)
    return documents, whole.now


def _evidence(
    result: Result,
    translation: Translation,
    source: Detection,
    world: World,
    engine: Engine,
    catalogue: Catalogue,
    now: float,
) -> Evidence:
    effective = translation.effective
    if effective is None:
        raise ValueError("a refused rule has no effective rule")
    columns = catalogue.extended(translation.profile.columns)
    found = engine.run(result.artifacts, world.targets, now=now)
    meant = judge.observe(effective, world.merged, columns, now)
    unequal = sorted(found.items ^ meant.items) if found.kind == meant.kind else sorted(found.items | meant.items)
    differences = judge.differences(translation, source, world, columns, now)
    wrong = [item for item in differences if not item.explained]
    run = _Run(result.artifacts, translation, engine, columns, now)
    shown = [run.of_text(item, found, world) for item in unequal[:SHOWN]]
    shown += [run.of_rule(item, world) for item in wrong[:SHOWN]]
    exact = result.verdict is Verdict.EXACT
    return Evidence(
        engine.name,
        engine.independent,
        events=len(world.targets),
        not_built=len(world.not_built),
        set_aside=len(world.set_aside),
        observations=len(found.items),
        agree=not unequal and not (exact and wrong),
        within_direction=None if exact else not wrong,
        counterexamples=tuple(shown),
    )


class _Run:
    """Everything a counter-example needs to be asked again with fewer fields."""

    def __init__(
        self, artifacts: Sequence[Artifact], translation: Translation, engine: Engine, columns: Catalogue, now: float
    ) -> None:
        self._artifacts = artifacts
        self._translation = translation
        self._engine = engine
        self._columns = columns
        self._now = now

    def of_text(self, item: tuple[str, ...], found: Observations, world: World) -> Counterexample:
        """An observation only one of text and effective rule made; a single event is reduced to what matters."""
        claim = "the written text selects what the effective rule selects"
        target = next((event for event in world.targets if event.id == item[0]), None)
        if found.kind != "events" or target is None:
            return Counterexample(
                claim, {"terms": item}, {"text": item in found.items, "rule": item not in found.items}
            )

        def differ(fields: Mapping[str, Values]) -> bool:
            text, rule = self._ask(target, fields)
            return text != rule

        fields = minimise(target.fields, differ) if differ(target.fields) else target.fields
        text, rule = self._ask(target, fields)
        return Counterexample(claim, fields, {"text": text, "effective rule": rule})

    def of_rule(self, item: judge.Difference, world: World) -> Counterexample:
        """A difference between effective rule and source that no loss announces."""
        claim = "the effective rule differs from the source only as the losses announce"
        source = next((pair.source for pair in world.built if pair.source.id == item.item[0]), None)
        fields = source.fields if source is not None else {"terms": item.item}
        return Counterexample(claim, fields, {"source": item.missed, "effective rule": not item.missed})

    def _ask(self, target: TargetEvent, fields: Mapping[str, Values]) -> tuple[bool, bool]:
        document = target.document if fields == target.fields else dict(fields)
        event = TargetEvent(target.id, fields, target.source, target.time, document)
        text = bool(self._engine.run(self._artifacts, [event], now=self._now).items)
        source = source_of(self._translation.profile, target.source)
        merged = merge(event, source) if source is not None else Event(event.id, fields, document, event.time)
        effective = self._translation.effective
        if effective is None:
            raise ValueError("a refused rule has no effective rule")
        return text, bool(judge.observe(effective, [merged], self._columns, self._now).items)
