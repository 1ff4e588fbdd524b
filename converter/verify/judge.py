"""Comparing answers: the text with the effective rule, the effective rule with the source."""

from collections.abc import Iterable
from dataclasses import dataclass

from converter.backend import Observations, Translation
from converter.evaluate import Match, evaluate
from converter.events.event import Event
from converter.ir import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Threshold
from converter.losses import Direction, Loss
from converter.passes.detection import event_predicates
from converter.schema.catalogue import Catalogue
from converter.verify.world import Pair, World, source_of

_KINDS: dict[type[Detection], str] = {
    Events: "events",
    IndicatorMatch: "events",
    NewTerms: "terms",
    Threshold: "groups",
    Sequence: "sequences",
    Sample: "sequences",
}
"""What each detection lets one observe (`converter.backend.Observations`)."""

_ALSO = frozenset({(Sequence, "ends"), (NewTerms, "groups"), (Sample, "groups")})
"""What targets may show of them instead: the last event, or values by which results are told apart."""

_OF_IDS = frozenset({"events", "sequences", "ends"})
"""Kinds whose items are ids of events."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something one side observes and the other does not; `missed`: the source selects it, the effective rule not."""

    item: tuple[str, ...]
    missed: bool
    explained: bool


@dataclass(frozen=True, slots=True)
class Judge:
    """Answers by the reference evaluator at one moment, with the indicators of the run if it has any."""

    catalogue: Catalogue
    now: float
    indicators: tuple[Event, ...] | None = None

    def observe(self, detection: Detection, events: Iterable[Event], kind: str | None = None) -> Observations:
        """The detection's observations in the form engines report: in that of `kind` where they can take it."""
        if kind is None or (type(detection), kind) not in _ALSO:
            kind = _KINDS[type(detection)]
        found = evaluate(detection, list(events), self.catalogue, now=self.now, indicators=self.indicators)
        return Observations(kind, frozenset(item for match in found for item in _items(match, kind)))

    def differences(
        self, translation: Translation, source: Detection, world: World, kind: str | None = None
    ) -> list[Difference]:
        """Where the effective rule and the source differ on the events that could be built."""
        effective = translation.effective
        if effective is None:
            raise ValueError("a refused rule has nothing to compare")
        originals = _originals(world.built)
        wanted = self.observe(source, originals, kind)
        found = self.observe(effective, [pair.merged for pair in world.built], kind)
        if wanted.kind == "terms" and found.kind == "events":
            return self._first_events(translation, source, world, found)
        if wanted.kind != found.kind:
            raise ValueError(f"a rule that finds {wanted.kind} is not comparable with one that finds {found.kind}")
        if wanted.kind == "events":
            return _events(translation, world, {item[0] for item in wanted.items}, {item[0] for item in found.items})
        return self._together(translation, source, world, kind)

    def _together(
        self, translation: Translation, source: Detection, world: World, kind: str | None
    ) -> list[Difference]:
        """What several events make up. Outside a domain nothing is promised, and one event decides about others, so
        that the comparison keeps to the events inside."""
        domains = [loss for loss in translation.losses if loss.domain is not None]
        inside = [pair for pair in world.built if not any(_outside(loss, translation, pair) for loss in domains)]
        if translation.effective is None:
            raise ValueError("a refused rule has nothing to compare")
        wanted = self.observe(source, _originals(inside), kind)
        found = _of_sources(self.observe(translation.effective, [pair.merged for pair in inside], kind), inside)
        announced = {loss.direction for loss in translation.losses if loss.domain is None}
        both = Direction.DIFFERENT in announced
        narrower, wider = both or Direction.NARROWER in announced, both or Direction.WIDER in announced
        missed = [Difference(item, True, narrower) for item in sorted(wanted.items - found.items)]
        more = [Difference(item, False, wider) for item in sorted(found.items - wanted.items)]
        return missed + more

    def _first_events(
        self, translation: Translation, source: Detection, world: World, found: Observations
    ) -> list[Difference]:
        """First-seen was dropped: every first event of the source must still be selected, unless a loss misses it."""
        selected = {pair.source.id for pair in world.built if (pair.merged.id,) in found.items}
        matches = evaluate(source, _originals(world.built), self.catalogue, now=self.now)
        first = {match.ids[0] for match in matches if match.ids[0] is not None}
        result = []
        for event_id in sorted(first - selected):
            pairs = [pair for pair in world.built if pair.source.id == event_id]
            explained = any(_explains(loss, True, translation, pairs) for loss in translation.losses)
            result.append(Difference((event_id,), True, explained))
        return result

    def selected_sources(self, translation: Translation, world: World) -> set[str | None]:
        """The sources with an event that some predicate of the effective rule selects."""
        if translation.effective is None:
            return set()
        merged = [pair.merged for pair in world.built]
        found = {
            item[0]
            for predicate in event_predicates(translation.effective)
            for item in self.observe(Events(predicate), merged).items
        }
        return {pair.target.source for pair in world.built if pair.merged.id in found}


def _items(match: Match, kind: str) -> Iterable[tuple[str, ...]]:
    match kind:
        case "terms" | "groups":
            return [tuple(map(text, match.keys or ()))]
        case "sequences":
            return [tuple(id_ or "" for id_ in match.ids)]
        case "ends":
            return [(last,) for last in [id_ for id_ in match.ids if id_ is not None][-1:]]
        case _:
            return [(id_,) for id_ in match.ids if id_ is not None]


def text(value: object) -> str:
    """A term as all engines spell it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _originals(pairs: Iterable[Pair]) -> list[Event]:
    """The source events of the pairs, each once."""
    return list({id(pair.source): pair.source for pair in pairs}.values())


def _of_sources(found: Observations, pairs: Iterable[Pair]) -> Observations:
    """The observations in terms of source events, of which several target events may be made."""
    if found.kind not in _OF_IDS:
        return found
    source_id = {pair.merged.id: pair.source.id for pair in pairs}
    return Observations(found.kind, frozenset(tuple(source_id.get(id_, id_) for id_ in item) for item in found.items))


def _events(translation: Translation, world: World, wanted: set[str], found: set[str]) -> list[Difference]:
    """Event by event. An event that several sources record is selected if any of its target events is."""
    result = []
    by_event: dict[str, list[Pair]] = {}
    for pair in world.built:
        by_event.setdefault(pair.source.id, []).append(pair)
    for event_id, pairs in by_event.items():
        selected = any(pair.merged.id in found for pair in pairs)
        if selected != (event_id in wanted):
            missed = not selected
            explained = any(_explains(loss, missed, translation, pairs) for loss in translation.losses)
            result.append(Difference((event_id,), missed, explained))
    return result


def _explains(loss: Loss, missed: bool, translation: Translation, pairs: list[Pair]) -> bool:
    """Whether a loss announces this difference: by its direction, or, if it declares a domain, outside of it."""
    match loss.direction:
        case Direction.WIDER:
            return not missed
        case Direction.NARROWER:
            return missed
        case Direction.DIFFERENT:
            return loss.domain is None or any(_outside(loss, translation, pair) for pair in pairs)
        case None:
            return False


def _outside(loss: Loss, translation: Translation, pair: Pair) -> bool:
    if loss.field in pair.outside:
        return True
    source = source_of(translation.profile, pair.target.source)
    derivation = source.derivation(loss.field) if source is not None and loss.field is not None else None
    if derivation is None or derivation.domain is None or loss.field is None:
        return False
    return not derivation.domain.contains(pair.source.fields.get(loss.field, ()))
