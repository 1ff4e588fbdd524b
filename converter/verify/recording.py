"""How a source of the target records a source event: the row it writes, and where that says something else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from converter.events.event import Values
from converter.schema.derivation.conditional import Conditional
from converter.schema.derivation.interface import CannotBuild
from converter.schema.derivation.keyonly import KeyOnly
from converter.schema.derivation.limited import Limited
from converter.schema.kinds import Spelling, spellings, told_by
from converter.schema.profile import Source
from converter.schema.project import build, project
from converter.schema.scope import DATASET_FIELDS

Fields = Mapping[str, Values]

KIND_FIELDS = frozenset({"event.category", "event.type", "event.action", "event.code", "event.provider"})
"""What tells the kinds of event apart (docs/architecture.md, "Kinds of event")."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the source. `outside`: ECS fields whose derivation demands a circumstance (`the process is named after
    its executable`) that does not hold for this event, so that the row shows another value."""

    columns: Fields
    outside: frozenset[str] = frozenset()


def record(fields: Fields, source: Source, asked: Iterable[str]) -> Row | None:
    """The row that the source writes for an event, None if it records no such event.

    A row stands for an event only if it shows the same values in every field that the rule reads (`asked`), those
    outside the circumstances of their derivation excepted.
    """
    read = frozenset(asked)
    if _is_elsewhere(fields, source):
        return None
    stated = _in_words_of(source, fields, read)
    for silent in _silences(stated, source):
        row = build({name: values for name, values in stated.items() if name not in silent}, source)
        if not isinstance(row, CannotBuild):
            seen = project(row, source)
            invented = any(name in seen and name not in fields for name in read)
            return None if invented else Row(row, frozenset(name for name in silent if name in read))
    return None


def _is_elsewhere(fields: Fields, source: Source) -> bool:
    """The event is of another data set than those that alone tell what the source records."""
    telling = told_by(source.kind)
    return bool(telling) and any(not telling.issuperset(fields.get(name, ())) for name in DATASET_FIELDS)


def _silences(fields: Fields, source: Source) -> Iterable[frozenset[str]]:
    """What the event is not asked to say: nothing; else one value that rests on a circumstance; else all of those.

    What kind of event it is it always says.
    """
    loose = [name for name in fields if isinstance(source.derivation(name), Limited) and name not in KIND_FIELDS]
    yield frozenset()
    yield from (frozenset((name,)) for name in loose)
    yield frozenset(loose)


def _in_words_of(source: Source, fields: Fields, read: frozenset[str]) -> Fields:
    """The event without what only its own sensor says, as far as the rule does not read it: its spelling of a kind
    that the source records in other words, keys, of which several share one column of the target, and what only
    some events of the source have. The log of a service knows no host or user besides those of its own fields."""
    if source.platform is None:
        return {name: values for name, values in fields.items() if name in read}
    own = KIND_FIELDS if any(_spells(spelling, source, fields) for spelling in spellings()) else frozenset()
    return {
        name: values
        for name, values in fields.items()
        if name in read or not (name in own or isinstance(source.derivation(name), KeyOnly | Conditional))
    }


def _spells(spelling: Spelling, source: Source, fields: Fields) -> bool:
    if spelling.kind != source.kind or source.platform not in spelling.platforms:
        return False
    return all(set(fields.get(name, values)) == set(values) for name, values in spelling.values.items() if values)
