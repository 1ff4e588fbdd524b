"""Histories for new terms: the same combination of values seen at every place of the two windows that matters."""

from collections.abc import Callable, Collection, Iterator

from converter.events.clock import iso
from converter.events.document import TIME_FIELD
from converter.events.event import Scalar
from converter.events.generate.claim import Document
from converter.events.generate.value import moment
from converter.events.generate.variation import Variation, with_value, without
from converter.ir.detection import NewTerms
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

_MINUTE = 60_000.0

Satisfied = Callable[[Document], bool | None]


def histories(detection: NewTerms, fields: Document, satisfied: Satisfied, catalogue: Catalogue) -> Iterator[Variation]:
    """Events around a document that satisfies the predicate, each history with terms of its own.

    `start` and `history` of the detection are resolved against the fixed present of generated events.
    """
    start, history = moment(detection.start), moment(detection.history)
    names = [field.name for field in detection.fields]
    terms = [catalogue[name] for name in names]
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
        document = _own_terms(fields, terms, number, satisfied)
        for time in times:
            yield Variation(f"new terms: {purpose}", _at(document, time))
    yield from _shapes(fields, terms, len(plans), start, satisfied)


def apart(
    detection: NewTerms,
    fields: Document,
    kept: Collection[str],
    number: int,
    satisfied: Satisfied,
    catalogue: Catalogue,
) -> Document:
    """The document with a term that no other one has, so that what is said of it shows in what is reported.

    What the predicate says of it and the `kept` fields stay as they are; where that cannot be, all does.
    """
    answer = satisfied(fields)
    for name in (field.name for field in detection.fields):
        present = fields.get(name)
        if isinstance(present, str) and name not in kept:
            changed = with_value(fields, name, f"t{number}-{present}")
            if satisfied(changed) is answer and all(changed.get(other) == fields.get(other) for other in kept):
                return changed
    return fields


def _shapes(
    fields: Document, terms: list[FieldInfo], number: int, start: float, satisfied: Satisfied
) -> Iterator[Variation]:
    """Lists of terms, terms that are missing, and a term first seen in an event the predicate does not select."""
    names = [info.name for info in terms]
    for name in names:
        old = _own_terms(fields, terms, number, satisfied)
        new = _own_terms(fields, terms, number + 1, satisfied)
        yield Variation("new terms: an old one", _at(old, start - _MINUTE))
        both = {**old, name: [old.get(name), new.get(name)]}
        yield Variation(f"new terms: an old and a new one in {name}", _at(both, start + _MINUTE), coherent=False)
        missing = without(_own_terms(fields, terms, number + 2, satisfied), name)
        yield Variation(f"new terms: {name} missing", _at(missing, start + _MINUTE))
        null = {**without(_own_terms(fields, terms, number + 3, satisfied), name), name: None}
        yield Variation(f"new terms: {name} null", _at(null, start + _MINUTE))
        number += 4
    late = _own_terms(fields, terms, number, satisfied)
    for other in fields:
        changed = without(late, other)
        if other not in names and all(name in changed for name in names) and satisfied(changed) is False:
            yield Variation("new terms: seen before in an event of another kind", _at(changed, start - _MINUTE))
            yield Variation("new terms: then in one of this kind", _at(late, start + _MINUTE))
            return


def _own_terms(fields: Document, terms: list[FieldInfo], number: int, satisfied: Satisfied) -> Document:
    """The document with terms that no other history has, as far as the predicate leaves them free."""
    for info in terms:
        for value in _values(info.type, fields.get(info.name), number):
            changed = with_value(fields, info.name, value)
            if satisfied(changed):
                fields = changed
                break
    return fields


def _values(kind: FieldType, present: object, number: int) -> tuple[Scalar, ...]:
    """Values of the type that are peculiar to one history, those close to the present value last."""
    if kind.is_number:
        near = (present + 1000 + number,) if isinstance(present, int) else ()
        return (64_500 + number, *near)
    match kind:
        case FieldType.IP:
            return (f"198.51.100.{number}", f"10.0.0.{number}", f"2001:db8::{number:x}")
        case FieldType.BOOLEAN | FieldType.DATE | FieldType.VERSION:
            return ()
        case _:
            text = present if isinstance(present, str) else "sample"
            return (f"term-{number}", f"t{number}-{text}", f"{text}-t{number}")


def _at(fields: Document, time: float) -> Document:
    return {**fields, TIME_FIELD: iso(time)}
