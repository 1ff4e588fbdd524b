"""One leaf of a rule in a source's terms: its inverse image, and what had to be said about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Constant, Expression, FieldValue
from converter.ir.matcher import Matcher
from converter.ir.pattern import Pattern
from converter.ir.predicate import All, Always, Any, Compute, FieldPattern, Leaf, Nested, Never, Not, Predicate, Test
from converter.ir.walk import field_names, occurrences, with_values
from converter.losses import Assumption, Direction, Loss
from converter.schema.accept import accepts
from converter.schema.constant import literal
from converter.schema.derivation.interface import Derivation, Image
from converter.schema.names import matches_name, shown_pattern
from converter.schema.profile import Source
from converter.schema.simplify import always_if, any_of, union


@dataclass(frozen=True, slots=True)
class LeafImage:
    """`target` is the leaf over target fields, None if the source cannot tell. `losses` have the direction that holds
    at the leaf itself, before any `Not` above it; a lost leaf's single loss has none yet."""

    target: Predicate | None
    losses: tuple[Loss, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


def leaf_image(leaf: Leaf, source: Source) -> LeafImage:
    """The inverse image of a leaf in a source."""
    match leaf:
        case Always() | Never():
            return LeafImage(leaf)
        case Test(field, matchers):
            if isinstance(field, FieldPattern):
                return _pattern_image(field.pattern, matchers, leaf, source)
            return _field_image(field.name, matchers, leaf, source)
        case Compute(expression):
            return _computed(expression, leaf, source)
        case Nested(path):
            return _lost("nested-unmapped", f"the target keeps no objects under `{path}`", path, leaf)


def _field_image(name: str, matchers: tuple[Matcher, ...], leaf: Test, source: Source) -> LeafImage:
    derivation = source.derivation(name)
    if derivation is None:
        return _lost("field-unmapped", f"{source.name} has no field for `{name}`", name, leaf)
    images = [derivation.inverse(matcher) for matcher in matchers]
    known = [image for image in images if image is not None]
    if not known:
        return _lost("test-unmapped", f"{source.name} has `{name}` in a form that cannot be tested so", name, leaf)
    target = union((image.predicate for image in known), leaf.span)
    losses = [*_inexactness(name, derivation, images, target, leaf)]
    unsaid = sum(image is None for image in images)
    if unsaid:
        message = f"{unsaid} of the {len(images)} values of `{name}` cannot be looked for and were left out"
        losses.append(Loss("value-unmapped", message, Direction.NARROWER, name, leaf.span))
    assumptions = (*_single_valued(target), *_left_out(source, derivation, matchers), *_guessed(name, source))
    return LeafImage(target, tuple(losses), assumptions)


def _left_out(source: Source, derivation: Derivation, matchers: Sequence[Matcher]) -> Iterator[Assumption]:
    """The sensor's sign for an unknown value is no value to the rule: where a test would take it for one, it is assumed
    that the target leaves it out, as Elastic's pipelines do."""
    blank = source.blank
    if blank is None or not any(accepts(matcher, blank) for matcher in matchers):
        return
    for column in derivation.columns:
        message = f"`{column}` is absent where its value is unknown, and not written as `{blank}`"
        yield Assumption("blank-left-out", message, column, lambda values: blank not in values)


def _guessed(name: str, source: Source) -> Iterator[Assumption]:
    """Where a column is known by a rule over names only, it is assumed not to lie in or to be a list."""
    derivation = source.derivation(name)
    if derivation is not None and source.guessed(name):
        for column in derivation.columns:
            message = f"`{column}` is no list and in no list, which events keep under a name with braces (`a{{}}.b`)"
            yield Assumption("name-without-lists", message, column, _at_most_one)


def _inexactness(
    name: str, derivation: Derivation, images: Sequence[Image | None], target: Predicate, leaf: Test
) -> Iterator[Loss]:
    if derivation.domain is not None and not isinstance(target, Always | Never):
        domain = derivation.domain
        message = f"`{name}` is derived from {', '.join(derivation.columns)}, which is exact only if {domain.text}"
        yield Loss(domain.code, message, Direction.DIFFERENT, name, leaf.span, domain.text)
    inexact = [image for image in images if image is not None and image.direction is not None]
    if inexact:
        direction = _common({image.direction for image in inexact if image.direction is not None})
        yield Loss(inexact[0].code or "test-inexact", inexact[0].message, direction, name, leaf.span)


def _single_valued(image: Predicate) -> Iterator[Assumption]:
    """Several tests of one column that have to hold of one value: on a list each could hold of another one."""
    match image:
        case All(items):
            read = Counter(name for item in items for name in dict.fromkeys(field_names(item)))
            for name in (name for name, count in read.items() if count > 1):
                yield Assumption("field-single-valued", f"`{name}` holds at most one value", name, _at_most_one)
        case Any(items):
            for item in items:
                yield from _single_valued(item)
        case Not(item):
            yield from _single_valued(item)
        case _:
            return


def _at_most_one(values: Values) -> bool:
    return len(values) <= 1


def _common(directions: set[Direction]) -> Direction:
    return directions.pop() if len(directions) == 1 else Direction.DIFFERENT


def _pattern_image(names: Pattern, matchers: tuple[Matcher, ...], leaf: Test, source: Source) -> LeafImage:
    """Some field of such a name: one of those that the source has, its facts included."""
    shown = f"`{shown_pattern(names)}`"
    named = ((name, source.derivation(name)) for name in source.fields if matches_name(names, name))
    mapped = {name: derivation for name, derivation in named if derivation is not None}
    known: dict[str, list[Image]] = {}
    for name, derivation in mapped.items():
        images = (derivation.inverse(matcher) for matcher in matchers)
        known[name] = [image for image in images if image is not None]
    stated = [values for name, values in source.facts.items() if matches_name(names, name)]
    if not stated and not any(known.values()):
        return _lost("field-unmapped", f"{source.name} has no field named like {shown}", None, leaf)
    holds = any(accepts(matcher, value) for values in stated for value in values for matcher in matchers)
    found = union((image.predicate for some in known.values() for image in some), leaf.span)
    message = f"{shown} stands only for the fields that {source.name} has ({len(mapped) + len(stated)})"
    losses = [Loss("field-pattern-expanded", message, Direction.NARROWER, None, leaf.span)]
    for name, exact in known.items():
        losses += _inexactness(name, mapped[name], exact, found, leaf) if exact else ()
    return LeafImage(any_of((always_if(holds), found), leaf.span), tuple(losses), tuple(_single_valued(found)))


def _computed(expression: Expression, leaf: Compute, source: Source) -> LeafImage:
    losses: list[Loss] = []
    for occurrence in occurrences(expression):
        if occurrence.name in source.facts:
            if len(source.facts[occurrence.name]) > 1:
                message = f"`{occurrence.name}` has several values in every event of {source.name}"
                return _lost("expression-unmapped", message, occurrence.name, leaf)
            continue
        derivation = source.derivation(occurrence.name)
        if derivation is None or derivation.value() is None:
            message = f"{source.name} cannot compute `{occurrence.name}`"
            return _lost("expression-unmapped", message, occurrence.name, leaf)
        if derivation.domain is not None:
            domain = derivation.domain
            message = f"`{occurrence.name}` is exact only if {domain.text}"
            losses.append(Loss(domain.code, message, Direction.DIFFERENT, occurrence.name, leaf.span, domain.text))
    target = Compute(with_values(expression, lambda item: _value(item, source)), leaf.span)
    return LeafImage(target, tuple(dict.fromkeys(losses)))


def _value(occurrence: FieldValue, source: Source) -> Expression:
    if occurrence.name in source.facts:
        values = source.facts[occurrence.name]
        return Constant(literal(values[0]) if values else None)
    derivation = source.derivation(occurrence.name)
    value = None if derivation is None else derivation.value()
    return occurrence if value is None else value


def _lost(code: str, message: str, name: str | None, leaf: Leaf) -> LeafImage:
    return LeafImage(None, (Loss(code, message, None, name, leaf.span),))
