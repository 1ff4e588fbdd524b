"""The streams of a verification run: the rule's own events, and those made for the sources that the output reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from converter.backend import Translation
from converter.events.event import Event
from converter.events.generate import Generated, generate
from converter.ir import Detection, Events, IndicatorMatch, Sample
from converter.ir import Sequence as EventSequence
from converter.schema.catalogue import Catalogue
from converter.schema.profile import Source
from converter.verify.tailored import completed, completed_for, confined, confined_stages
from converter.verify.world import asked_in, parts_of, sources_of_parts, used_sources


@dataclass(frozen=True, slots=True)
class Stream:
    """Events that one run sees together, with the indicators they are compared with (None without any)."""

    events: tuple[Event, ...]
    indicators: tuple[Event, ...] | None = None


def generated(detection: Detection, translation: Translation, catalogue: Catalogue) -> tuple[list[Stream], float]:
    """Streams of the rule as it stands, and of the rule confined to the sources the output reads: a rule for several
    systems is tried on the paths and names of each. What a source states besides is added in further events. The
    second result is their present, in milliseconds."""
    whole = generate(detection, catalogue)
    sources = used_sources(translation)
    if isinstance(detection, Events):  # all can be seen together: a further one never undoes what another one shows
        return [_together(detection, whole, translation, catalogue)], whole.now
    if isinstance(detection, IndicatorMatch):
        # The output holds the indicators of all streams.
        return [replace(stream, indicators=translation.rule.indicators) for stream in _streams(whole, "")], whole.now
    parts = [whole, *(generate(part, catalogue) for part in _confined(detection, translation, sources))]
    streams = [stream for number, part in enumerate(parts) for stream in _streams(part, f"/{number}" if number else "")]
    return streams + [more for stream in streams for more in _completed(stream, detection, translation)], whole.now


def _together(detection: Detection, whole: Generated, translation: Translation, catalogue: Catalogue) -> Stream:
    sources = used_sources(translation)
    events = [item.event for item in whole.events]
    for source in sources:
        part = generate(confined(detection, source), catalogue)
        events += [replace(item.event, id=f"{item.event.id}/{source.name}") for item in part.events]
    events += completed(events, sources, detection)
    return Stream(tuple(events))


def _streams(part: Generated, suffix: str) -> list[Stream]:
    return [
        Stream(
            tuple(replace(item.event, id=f"{item.event.id}{suffix}") for item in stream.events),
            stream.indicators or None,
        )
        for stream in part.streams
    ]


def _confined(detection: Detection, translation: Translation, sources: Sequence[Source]) -> list[Detection]:
    """The detection with each stage confined to one of the sources that the output reads for it; every source of a
    stage has its turn."""
    chosen = sources_of_parts(translation)
    if not isinstance(detection, EventSequence | Sample) or len(chosen) != len(parts_of(detection)):
        return [confined(detection, source) for source in sources]
    if not all(chosen):
        return []
    turns = max(map(len, chosen))
    return [confined_stages(detection, [some[turn % len(some)] for some in chosen]) for turn in range(turns)]


def _completed(stream: Stream, detection: Detection, translation: Translation) -> Iterator[Stream]:
    """For each source that completes some event of the stream, the stream with those events completed."""
    for source in used_sources(translation):
        names = asked_in(detection, translation, source)
        events = tuple(completed_for(event, source, names) or event for event in stream.events)
        if events != stream.events:
            yield replace(stream, events=events)
