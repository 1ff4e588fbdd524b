"""Comparing answers: the text with the effective rule, the effective rule with the source."""

from collections.abc import Iterable
from dataclasses import dataclass

from converter.backend import Observations, Translation
from converter.evaluate import evaluate
from converter.events.event import Event
from converter.ir import Detection, Events, NewTerms
from converter.losses import Direction, Loss
from converter.schema.catalogue import Catalogue
from converter.verify.world import Pair, World, source_of


@dataclass(frozen=True, slots=True)
class Difference:
    """Something one side observes and the other does not; `missed`: the source selects it, the effective rule not."""

    item: tuple[str, ...]
    missed: bool
    explained: bool


def observe(detection: Detection, events: Iterable[Event], catalogue: Catalogue, now: float) -> Observations:
    """The detection's observations by the reference evaluator, in the form engines report."""
    matches = evaluate(detection, list(events), catalogue, now=now)
    if isinstance(detection, NewTerms):
        return Observations("terms", frozenset(tuple(map(text, match.keys or ())) for match in matches))
    return Observations("events", frozenset((id_,) for match in matches for id_ in match.ids if id_ is not None))


def text(value: object) -> str:
    """A term as all engines spell it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def differences(
    translation: Translation, source: Detection, world: World, catalogue: Catalogue, now: float
) -> list[Difference]:
    """Where the effective rule and the source differ on the events that could be built."""
    effective = translation.effective
    if effective is None:
        raise ValueError("a refused rule has nothing to compare")
    originals = list({id(pair.source): pair.source for pair in world.built}.values())
    wanted = observe(source, originals, catalogue, now)
    found = observe(effective, [pair.merged for pair in world.built], catalogue, now)
    if wanted.kind == "terms" and found.kind == "events":
        return _first_events(translation, source, originals, world, found, catalogue, now)
    if wanted.kind == "terms":
        return _terms(translation, source, world, catalogue, now)
    return _events(translation, world, {item[0] for item in wanted.items}, {item[0] for item in found.items})


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


def _terms(
    translation: Translation, source: Detection, world: World, catalogue: Catalogue, now: float
) -> list[Difference]:
    """Terms one side reports. Outside a domain nothing is promised, and one event changes the history of others, so
    that the comparison keeps to the events inside."""
    effective = translation.effective
    domains = [loss for loss in translation.losses if loss.domain is not None]
    inside = [pair for pair in world.built if not any(_outside(loss, translation, pair) for loss in domains)]
    if effective is None:
        raise ValueError("a refused rule has nothing to compare")
    wanted = observe(source, {id(pair.source): pair.source for pair in inside}.values(), catalogue, now)
    found = observe(effective, [pair.merged for pair in inside], catalogue, now)
    announced = {loss.direction for loss in translation.losses if loss.domain is None}
    both = Direction.DIFFERENT in announced
    missed = [
        Difference(item, True, both or Direction.NARROWER in announced) for item in sorted(wanted.items - found.items)
    ]
    more = [
        Difference(item, False, both or Direction.WIDER in announced) for item in sorted(found.items - wanted.items)
    ]
    return missed + more


def _first_events(
    translation: Translation,
    source: Detection,
    originals: list[Event],
    world: World,
    found: Observations,
    catalogue: Catalogue,
    now: float,
) -> list[Difference]:
    """First-seen was dropped: every first event of the source must still be selected, unless a loss misses it."""
    selected = {pair.source.id for pair in world.built if (pair.merged.id,) in found.items}
    first = {match.ids[0] for match in evaluate(source, originals, catalogue, now=now) if match.ids[0] is not None}
    result = []
    for event_id in sorted(first - selected):
        pairs = [pair for pair in world.built if pair.source.id == event_id]
        explained = any(_explains(loss, True, translation, pairs) for loss in translation.losses)
        result.append(Difference((event_id,), True, explained))
    return result


def tried(translation: Translation, world: World, catalogue: Catalogue, now: float) -> list[str]:
    """Sources of the output on which no event was ever selected: no evidence for them."""
    effective = translation.effective
    if effective is None:
        return []
    predicate = effective.predicate if isinstance(effective, Events | NewTerms) else None
    if predicate is None:
        return []
    found = observe(Events(predicate), [pair.merged for pair in world.built], catalogue, now)
    selected = {pair.target.source for pair in world.built if (pair.merged.id,) in found.items}
    if translation.profile.identity:
        return [] if selected else ["no event that satisfies the rule could be made"]
    return [
        f"no event of source `{use.name}` satisfies the output"
        for use in translation.sources
        if use.name not in selected
    ]
