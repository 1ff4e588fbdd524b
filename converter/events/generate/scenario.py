"""Scenarios before they have their place in a stream: events with offsets, and what they are about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from converter.events.generate.claim import Document
from converter.events.writing import line_of
from converter.ir.span import Span


@dataclass(frozen=True, slots=True)
class Planned:
    """An event to be: `at` milliseconds from its scenario's start. Events of one time are ordered by `order`; those
    without one have no tiebreaker and come last."""

    fields: Document
    at: float
    order: float | None = 0.0
    coherent: bool = True
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario to be. `anchored`: the events' `at` are moments and not offsets, so that it cannot be moved."""

    purpose: str
    events: tuple[Planned, ...]
    mutation: bool = True
    indicators: tuple[Document, ...] = ()
    anchored: bool = False

    def same_as(self, other: "Draft") -> bool:
        """Both say the same, whatever they are called."""
        return _content(self) == _content(other)


def _content(draft: Draft) -> object:
    placed = sorted(draft.events, key=lambda item: (item.at, item.order is None, item.order or 0))
    first = min((item.at for item in draft.events), default=0.0)
    ranks = [item.order is None for item in placed]
    lines = [(item.at - first, line_of(item.fields)) for item in placed]
    return lines, ranks, [line_of(document) for document in draft.indicators]


def in_line(documents: Iterable[Document], times: Iterable[float]) -> tuple[Planned, ...]:
    """The documents at their times, ties in this order."""
    pairs = zip(documents, times, strict=True)
    return tuple(Planned(document, at, float(order)) for order, (document, at) in enumerate(pairs))


def mutation(
    purpose: str, base: Sequence[Planned], changed: Sequence[Planned], *, anchored: bool = False
) -> Iterator[Draft]:
    """The changed events as a scenario, if they differ from their base at all."""
    draft = Draft(purpose, tuple(changed), anchored=anchored)
    if not draft.same_as(Draft(purpose, tuple(base))):
        yield draft
