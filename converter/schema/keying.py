"""The fields that a detection reads besides its predicates (keys, terms, what is counted or compared) in a profile."""

from collections.abc import Iterable

from converter.ir.detection import Detection, IndicatorMatch, NewTerms, Sample, Sequence, Stage, Threshold
from converter.ir.expression import Expression
from converter.ir.predicate import Field
from converter.losses import Direction, Loss
from converter.schema.derivation.keyonly import KeyOnly
from converter.schema.ported import Branch
from converter.schema.profile import Source


def key_fields(detection: Detection | Stage) -> tuple[Field, ...]:
    """A stage's keys; a threshold's group fields, then the field whose values it counts; new terms; the event fields
    of an indicator mapping, entry by entry."""
    match detection:
        case Stage(_, keys):
            return keys
        case NewTerms(_, fields):
            return fields
        case Threshold(_, keys, _, distinct):
            return keys if distinct is None else (*keys, distinct[0])
        case IndicatorMatch(mapping=mapping):
            return tuple(entry.field for group in mapping for entry in group)
        case _:
            return ()


def read_besides(detection: Detection) -> tuple[Field, ...]:
    """All fields that the detection reads besides its predicates, each once."""
    if isinstance(detection, Sequence | Sample):
        closing = detection.until if isinstance(detection, Sequence) else None
        stages = detection.stages if closing is None else (*detection.stages, closing)
        return tuple(dict.fromkeys(field for stage in stages for field in stage.keys))
    return tuple(dict.fromkeys(key_fields(detection)))


def keys_of(source: Source, fields: Iterable[Field]) -> tuple[Expression, ...]:
    """What stands for the fields in the source; for those it has."""
    return tuple(key for field in fields if (key := key_of(source, field)) is not None)


def key_of(source: Source, field: Field) -> Expression | None:
    """What stands for the field as a key: its value, or something that is equal where the field is equal."""
    derivation = source.derivation(field.name)
    if isinstance(derivation, KeyOnly):
        return derivation.key()
    return None if derivation is None else derivation.value()


def missing_key(branches: Iterable[Branch], fields: tuple[Field, ...]) -> tuple[Branch, Field] | None:
    """The first key that one of the branches does not have."""
    absent = ((branch, field) for branch in branches for field in fields if key_of(branch.source, field) is None)
    return next(absent, None)


def key_losses(source: Source, fields: Iterable[Field]) -> Iterable[Loss]:
    """Keys that are exact only within a domain."""
    for field in fields:
        derivation = source.derivation(field.name)
        if derivation is not None and derivation.domain is not None:
            domain = derivation.domain
            message = f"`{field.name}` is exact only if {domain.text}"
            yield Loss(domain.code, message, Direction.DIFFERENT, field.name, domain=domain.text)


def incomparable(uses: Iterable[tuple[Source, Field]], *, foreign: bool = False) -> str | None:
    """Why one key of a join cannot be compared across its uses, None if it can.

    A stand-in is equal where its ECS field is equal, for every source of a profile that has it. It is never equal to
    the field's own value (with which `foreign` values are compared), nor to the stand-in of another field.
    """
    kinds = {field.name if isinstance(source.derivation(field.name), KeyOnly) else None for source, field in uses}
    if len(kinds) <= 1 and not (foreign and kinds != {None}):
        return None
    names = ", ".join(f"`{name}`" for name in sorted(name for name in kinds if name is not None))
    return f"the target has only a stand-in for {names}, which cannot be compared with other values"
