"""Events out of a rule: for every branch one that satisfies it, and its near misses (docs/architecture.md,
"Verification"). Rules over several events get scenarios: runs that satisfy them, and runs that differ in one point."""

from collections.abc import Iterable, Sequence
from itertools import chain, count
from random import Random

from converter.events.document import event_of
from converter.events.generate.assembly import assembled
from converter.events.generate.batch import Batch, Made
from converter.events.generate.cast import Cast, Role
from converter.events.generate.generated import Generated, GeneratedEvent, Stream, Uncovered
from converter.events.generate.indicator import groups_of, indicator_drafts, indicator_variations
from converter.events.generate.layout import STEP, is_coherent, stated
from converter.events.generate.new_terms import histories
from converter.events.generate.run import plan_of
from converter.events.generate.sample import sample_drafts, sample_plan
from converter.events.generate.scenario import Draft
from converter.events.generate.sequence import sequence_drafts, usual_places
from converter.events.generate.threshold import Groups, threshold_drafts, threshold_variations
from converter.events.generate.value import NOW
from converter.events.generate.variation import Limits
from converter.events.generate.varied import Variations
from converter.ir.detection import (
    Detection,
    Events,
    IndicatorMatch,
    NewTerms,
    Sample,
    Stage,
    Threshold,
)
from converter.ir.detection import Sequence as EventSequence
from converter.ir.predicate import Predicate
from converter.schema.catalogue import Catalogue

DEFAULT_LIMITS = Limits()

NO_RUN = "no run of events that satisfies the whole detection was found"
TOO_LARGE = "the threshold is higher than the number of events that are made"


def generate(
    detection: Detection, catalogue: Catalogue, *, seed: int = 0, limits: Limits = DEFAULT_LIMITS
) -> Generated:
    """Events for a detection, the same for the same arguments everywhere.

    Detections over single events get one stream of events for their predicate. All others get scenarios, in as few
    streams as keep them apart.
    """
    maker = _Maker(catalogue, limits, Random(seed))  # noqa: S311 - a sample that has to be the same everywhere
    match detection:
        case Events():
            return maker.events(detection)
        case NewTerms():
            return maker.new_terms(detection)
        case EventSequence():
            return maker.sequence(detection)
        case Sample():
            return maker.sample(detection)
        case Threshold():
            return maker.threshold(detection)
        case IndicatorMatch():
            return maker.indicator_match(detection)


class _Maker:
    """Makes everything for one detection, out of the batches of its predicates."""

    def __init__(self, catalogue: Catalogue, limits: Limits, random: Random) -> None:
        self._catalogue = catalogue
        self._limits = limits
        self._random = random
        self._batches: list[Batch] = []
        self._variations = Variations(catalogue, random, limits.varied)

    def events(self, detection: Events) -> Generated:
        """The events of the predicate, the last one just before the present."""
        made = self._batch(detection.predicate).made[: self._limits.events]
        first = NOW - STEP * (len(made) + 1)
        items = (_single(item, position, first + STEP * position) for position, item in enumerate(made))
        return Generated((Stream(tuple(items)),), self._uncovered(), self._branches())

    def new_terms(self, detection: NewTerms) -> Generated:
        """Histories of terms, and the events of the predicate, each with terms of its own if that can be."""
        cast = self._cast([("event", Stage(detection.predicate, detection.fields))], [0])
        told = histories(detection, cast) if cast.reason is None else ()
        around = self._variations.singles(cast, self._limits.events)
        return self._of(detection, chain(told, around), [cast.reason])

    def sequence(self, detection: EventSequence) -> Generated:
        plan = plan_of(detection)
        stages = _numbered("stage", detection.stages)
        if detection.until is not None:
            stages.append(("until", detection.until))
        cast = self._cast(stages, sorted(set(plan.roles)))
        around = self._variations.drafts(plan, usual_places(detection, plan), cast)
        return self._of(detection, chain(sequence_drafts(detection, cast), around), [cast.reason])

    def sample(self, detection: Sample) -> Generated:
        cast = self._cast(_numbered("filter", detection.stages), range(len(detection.stages)))
        around = self._variations.drafts(sample_plan(cast), {}, cast)
        return self._of(detection, chain(sample_drafts(cast), around), [cast.reason])

    def threshold(self, detection: Threshold) -> Generated:
        cast = self._cast([("event", Stage(detection.predicate, detection.keys))], [0])
        least = detection.distinct[1] if detection.distinct is not None else 0
        if max(detection.at_least, least) > self._limits.events:
            return self._of(detection, self._variations.singles(cast, self._limits.events), [TOO_LARGE])
        groups = Groups(detection, cast, self._catalogue)
        drafts = threshold_drafts(detection, cast, groups)
        around = threshold_variations(cast, self._catalogue, groups, self._variations)
        return self._of(detection, chain(drafts, around), [cast.reason, groups.reason])

    def indicator_match(self, detection: IndicatorMatch) -> Generated:
        event, indicator = self._batch(detection.predicate), self._batch(detection.indicators)
        groups = groups_of(detection, event, indicator, self._catalogue)
        drafts = chain(indicator_drafts(groups), indicator_variations(groups, self._variations))
        return self._of(detection, drafts, [group.cast.reason for group in groups])

    def _of(self, detection: Detection, drafts: Iterable[Draft], reasons: Sequence[str | None]) -> Generated:
        """The scenarios with what is to be said about them: the first one is meant to satisfy the detection."""
        streams, scenarios = assembled(detection, drafts, self._catalogue, self._limits)
        stated_reasons = [reason for reason in reasons if reason is not None]
        if not stated_reasons and not (scenarios and scenarios[0].matches):
            stated_reasons = [NO_RUN]
        return Generated(streams, self._uncovered(stated_reasons), self._branches(), scenarios)

    def _cast(self, stages: Sequence[tuple[str, Stage]], main: Sequence[int]) -> Cast:
        roles = [
            Role(name, stage.predicate, stage.keys, self._batch(stage.predicate), self._catalogue)
            for name, stage in stages
        ]
        return Cast(roles, main, count())

    def _batch(self, predicate: Predicate) -> Batch:
        self._batches.append(Batch(predicate, self._catalogue, self._limits, self._random))
        return self._batches[-1]

    def _uncovered(self, reasons: Iterable[str] = ()) -> tuple[Uncovered, ...]:
        found = [item for batch in self._batches for item in batch.uncovered]
        return (*found, *(Uncovered(reason, None) for reason in dict.fromkeys(reasons)))

    def _branches(self) -> int:
        return sum(batch.branches for batch in self._batches)


def _numbered(name: str, stages: Sequence[Stage]) -> list[tuple[str, Stage]]:
    return [(f"{name} {number}", stage) for number, stage in enumerate(stages, 1)]


def _single(item: Made, position: int, time: float) -> GeneratedEvent:
    document = stated(item.fields, f"g{position:04d}", time, position)
    coherent = item.variation.coherent and is_coherent(document)
    return GeneratedEvent(event_of(document, position), item.variation.purpose, item.holds, coherent, item.span)
