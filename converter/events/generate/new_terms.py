"""Histories for new terms: the same combination of values seen at every place of the two windows that matters."""

from collections.abc import Callable, Iterator

from converter.events.clock import iso
from converter.events.document import TIME_FIELD
from converter.events.generate.claim import Document
from converter.events.generate.value import moment
from converter.events.generate.variation import Variation, with_value, without
from converter.ir.detection import NewTerms

_MINUTE = 60_000.0

Satisfied = Callable[[Document], bool | None]


def histories(detection: NewTerms, fields: Document, satisfied: Satisfied) -> Iterator[Variation]:
    """Events around a document that satisfies the predicate, each history with terms of its own.

    `start` and `history` of the detection are resolved against the fixed present of generated events.
    """
    start, history = moment(detection.start), moment(detection.history)
    names = [field.name for field in detection.fields]
    plans: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("first seen inside the window", (start + _MINUTE,)),
        ("first seen one millisecond after its start", (start + 1,)),
        ("first seen exactly at its start", (start,)),
        ("first seen one millisecond before its start", (start - 1,)),
        ("seen before its start and inside", (start - _MINUTE, start + _MINUTE)),
        ("seen at its start and inside", (start, start + _MINUTE)),
        ("seen twice inside", (start + _MINUTE, start + 2 * _MINUTE)),
        ("seen at the start of history and inside", (history, start + _MINUTE)),
        ("seen before history and inside", (history - 1, start + _MINUTE)),
        ("seen at the present", (moment("now"),)),
    )
    for number, (purpose, times) in enumerate(plans):
        document = _own_terms(fields, names, number, satisfied)
        for time in times:
            yield Variation(f"new terms: {purpose}", _at(document, time))
    yield from _shapes(fields, names, len(plans), start, satisfied)


def _shapes(fields: Document, names: list[str], number: int, start: float, satisfied: Satisfied) -> Iterator[Variation]:
    """Lists of terms, terms that are missing, and a term first seen in an event the predicate does not select."""
    for name in names:
        old = _own_terms(fields, names, number, satisfied)
        new = _own_terms(fields, names, number + 1, satisfied)
        yield Variation("new terms: an old one", _at(old, start - _MINUTE))
        both = {**old, name: [old.get(name), new.get(name)]}
        yield Variation(f"new terms: an old and a new one in {name}", _at(both, start + _MINUTE), coherent=False)
        missing = without(_own_terms(fields, names, number + 2, satisfied), name)
        yield Variation(f"new terms: {name} missing", _at(missing, start + _MINUTE))
        null = {**without(_own_terms(fields, names, number + 3, satisfied), name), name: None}
        yield Variation(f"new terms: {name} null", _at(null, start + _MINUTE))
        number += 4
    late = _own_terms(fields, names, number, satisfied)
    for other in fields:
        changed = without(late, other)
        if other not in names and all(name in changed for name in names) and satisfied(changed) is False:
            yield Variation("new terms: seen before in an event of another kind", _at(changed, start - _MINUTE))
            yield Variation("new terms: then in one of this kind", _at(late, start + _MINUTE))
            return


def _own_terms(fields: Document, names: list[str], number: int, satisfied: Satisfied) -> Document:
    """The document with terms that no other history has, as far as the predicate leaves them free."""
    for name in names:
        present = fields.get(name, "sample")
        if not isinstance(present, str):
            continue
        for value in (f"term-{number}", f"t{number}-{present}", f"{present}-t{number}"):
            changed = with_value(fields, name, value)
            if satisfied(changed):
                fields = changed
                break
    return fields


def _at(fields: Document, time: float) -> Document:
    return {**fields, TIME_FIELD: iso(time)}
