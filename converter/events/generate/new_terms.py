"""Scenarios of new terms: the same combination of values seen at every place of the two windows that matters (spec
elastic-rules 2.5)."""

from collections.abc import Iterator

from converter.events.document import TIME_FIELD
from converter.events.generate.cast import Cast
from converter.events.generate.claim import Document
from converter.events.generate.scenario import Draft, Planned
from converter.events.generate.value import moment
from converter.events.generate.variation import with_value, without
from converter.ir.detection import NewTerms

_MINUTE = 60_000.0


def histories(detection: NewTerms, cast: Cast) -> Iterator[Draft]:
    """Events that satisfy the predicate, each history with terms of its own; the cast has one role.

    `start` and `history` of the detection are resolved against the fixed present of generated events.
    """
    start, history = moment(detection.start), moment(detection.history)
    plans: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("first seen inside the window", (start + _MINUTE,)),
        ("first seen one millisecond after its start", (start + 1,)),
        ("first seen exactly at its start", (start,)),
        ("first seen one millisecond before its start", (start - 1,)),
        ("seen before its start and inside", (start - _MINUTE, start + _MINUTE)),
        ("seen at its start and inside", (start, start + _MINUTE)),
        ("seen twice inside", (start + _MINUTE, start + 2 * _MINUTE)),
        ("seen at the start of history and inside", (history, start + _MINUTE)),
        ("seen just inside history and inside", (history + 1, start + _MINUTE)),
        ("seen before history and inside", (history - 1, start + _MINUTE)),
        ("seen at the present", (moment("now"),)),
    )
    for number, (purpose, times) in enumerate(plans):
        document = _own(cast)
        yield _draft(purpose, *((document, time) for time in times), mutation=number > 0)
    yield from _shapes(cast, start - _MINUTE, start + _MINUTE)


def _own(cast: Cast) -> Document:
    """An event with terms that no other history has, free to be put at any time."""
    (fields,) = cast.fresh()
    return {name: value for name, value in fields.items() if name != TIME_FIELD}


def _draft(purpose: str, *events: tuple[Document, float], mutation: bool = True, coherent: bool = True) -> Draft:
    planned = tuple(Planned(fields, time, float(at), coherent) for at, (fields, time) in enumerate(events))
    return Draft(f"new terms: {purpose}", planned, mutation, anchored=True)


def _shapes(cast: Cast, before: float, inside: float) -> Iterator[Draft]:
    """Lists of terms, terms that are missing, terms that were seen in another form or in another kind of event."""
    names = [key.name for key in cast.roles[0].keys]
    for name in names:
        yield from _lists(cast, name, before, inside)
        yield from _gaps(cast, name, before, inside)
        old = _own(cast)
        value = old.get(name)
        if isinstance(value, str) and value.swapcase() != value:
            other_case = with_value(old, name, value.swapcase())
            yield _draft(f"{name} seen before in other case", (old, before), (other_case, inside))
    yield from _combined(cast, names, before, inside)
    yield from _in_another_kind(cast, names, before, inside)


def _lists(cast: Cast, name: str, before: float, inside: float) -> Iterator[Draft]:
    old, new = _own(cast), _own(cast)
    both = {**old, name: [old.get(name), new.get(name)]}
    yield _draft(f"an old and a new one in {name}", (old, before), (both, inside), coherent=False)
    old, new = _own(cast), _own(cast)
    both = {**old, name: [old.get(name), new.get(name)]}
    yield _draft(f"two old ones in {name}", (both, before), (old, inside), coherent=False)
    one, other = _own(cast), _own(cast)
    both = {**one, name: [one.get(name), other.get(name)]}
    yield _draft(f"two new ones in {name}", (both, inside), coherent=False)


def _gaps(cast: Cast, name: str, before: float, inside: float) -> Iterator[Draft]:
    yield _draft(f"{name} missing", (without(_own(cast), name), inside))
    yield _draft(f"{name} null", ({**without(_own(cast), name), name: None}, inside))
    yield _draft(f"{name} an empty list", ({**without(_own(cast), name), name: []}, inside))
    whole = _own(cast)
    yield _draft(f"{name} missing before", (without(whole, name), before), (whole, inside))


def _combined(cast: Cast, names: list[str], before: float, inside: float) -> Iterator[Draft]:
    """Values that were all seen before, but not together."""
    for name in names[1:]:
        one, other = _own(cast), _own(cast)
        if name in other:
            mixed = with_value(one, name, other[name])
            yield _draft(
                f"{name} seen before, but not with the others", (one, before), (other, before), (mixed, inside)
            )


def _in_another_kind(cast: Cast, names: list[str], before: float, inside: float) -> Iterator[Draft]:
    """A term first seen in an event that the predicate does not select."""
    late = _own(cast)
    for other in late:
        changed = without(late, other)
        if other not in names and all(name in changed for name in names) and cast.roles[0].answer(changed) is False:
            yield _draft("seen before in an event of another kind", (changed, before), (late, inside))
            return
