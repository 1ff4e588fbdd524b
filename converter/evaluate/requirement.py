"""What an event has to have before a predicate can be true of it: conditions that a lookup decides.

A requirement is a set of keys of which the event must have at least one. A key is a field with a text (some value of
the field is that text, ASCII case aside) or a field alone (it has some value). Requirements are necessary and need not
be sufficient; where nothing can be said there is none, and every event has to be looked at.

They are also careful about failures: for an event that misses a requirement the predicate is false *and* evaluating it
raises nothing, so that whoever skips the event misses no error either.
"""

from collections.abc import Sequence

from converter.evaluate.glob import fold
from converter.evaluate.texts import literal_as_text
from converter.ir.matcher import Equal, Matcher, Regex
from converter.ir.predicate import All, Any, Compute, FieldPattern, Nested, Never, Predicate, Test
from converter.ir.walk import leaves
from converter.schema.catalogue import Catalogue, FieldInfo

Key = tuple[str, str | None]
Requirement = frozenset[Key]

IMPOSSIBLE: Requirement = frozenset()
"""What no event has: the predicate is never true."""


def requirements(predicate: Predicate, catalogue: Catalogue) -> tuple[Requirement, ...]:
    """What every event that satisfies the predicate has, without repetitions; none of them implies another's field."""
    match predicate:
        case All(items):
            return tuple(dict.fromkeys(need for item in _certain(items) for need in requirements(item, catalogue)))
        case Any(items):
            return _of_choice([requirements(item, catalogue) for item in items], catalogue)
        case Never():
            return (IMPOSSIBLE,)
        case Test(field, matchers) if not isinstance(field, FieldPattern):
            return (_of_test(catalogue[field.name], matchers),)
        case _:
            return ()


def _certain(items: Sequence[Predicate]) -> Sequence[Predicate]:
    """The items up to the first that may fail: what stands behind it is reached only after it was evaluated."""
    for position, item in enumerate(items):
        if _may_fail(item):
            return items[: position + 1]
    return items


def _may_fail(predicate: Predicate) -> bool:
    """Whether evaluating the predicate may raise: calculations do, and regular expressions that grow too large."""
    for leaf in leaves(predicate):
        match leaf:
            case Compute():
                return True
            case Test(_, matchers) if any(isinstance(matcher, Regex) for matcher in matchers):
                return True
            case Nested(_, item) if _may_fail(item):
                return True
            case _:
                pass
    return False


def _of_test(info: FieldInfo, matchers: Sequence[Matcher]) -> Requirement:
    """The texts that a string field may be equal to, else that it has any value at all.

    A lower-casing multi-field folds more than ASCII, and other types have several spellings of one value.
    """
    name = info.parent or info.name
    if info.type.is_string and not info.folded and all(isinstance(matcher, Equal) for matcher in matchers):
        return frozenset((name, fold(literal_as_text(m.value))) for m in matchers if isinstance(m, Equal))
    return frozenset({(name, None)})


def _of_choice(options: Sequence[Sequence[Requirement]], catalogue: Catalogue) -> tuple[Requirement, ...]:
    """Requirements of an `or`: one of each option, joined. The best of each, and those about the same fields."""
    options = [needs for needs in options if IMPOSSIBLE not in needs]
    if not options:
        return (IMPOSSIBLE,)
    if not all(options):
        return ()
    joined = [_join([min(needs, key=lambda need: _rank(need, catalogue)) for needs in options])]
    by_fields = [{_fields(need): need for need in needs} for needs in options]
    shared = [fields for fields in by_fields[0] if all(fields in others for others in by_fields)]
    joined += [_join([others[fields] for others in by_fields]) for fields in shared]
    return tuple(dict.fromkeys(joined))


def _join(needs: Sequence[Requirement]) -> Requirement:
    return frozenset().union(*needs)


def _fields(need: Requirement) -> frozenset[str]:
    return frozenset(field for field, _ in need)


def _rank(need: Requirement, catalogue: Catalogue) -> tuple[bool, bool, int]:
    """Sorts first what fewest events have: particular texts of fields that hold more than a few words."""
    return (
        any(text is None for _, text in need),
        any(catalogue[field].normalised for field, _ in need),
        len(need),
    )
