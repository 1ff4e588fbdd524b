"""From a ported rule to a pipeline: which commands, over which fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backends.splunk import escape, search, where
from backends.splunk import predicate as layered
from backends.splunk.findings import Finding
from backends.splunk.pipeline import Base, Command, Evaluate, Filter, FirstAndLast, Pipeline, SeenOnlySince, Table
from converter import ir
from converter.ir.walk import field_names, occurrences
from converter.losses import Assumption, Loss
from converter.passes import normalise
from converter.schedule import LookBack, look_back
from converter.schema.catalogue import Catalogue, FieldType
from converter.schema.port import Branch


@dataclass(frozen=True, slots=True)
class Statement:
    """A pipeline, the time range it asks for itself (`-5d`, or None), and what it rests on."""

    pipeline: Pipeline
    earliest: str | None
    assumptions: tuple[Assumption, ...]


def statement(
    branches: tuple[Branch, ...], detection: ir.Detection, columns: Catalogue, *, ecs: bool
) -> Statement | Loss:
    """The pipeline that makes the detection's observations over the branches, or why there is none.

    `ecs`: the events are ECS documents, whose lists are visible under plain names through field aliases.
    """
    unusable = _unusable_name(detection) if ecs else None
    if unusable is not None:
        return unusable
    predicate = normalise(_union([normalise(ir.All((*_selection(branch), branch.predicate))) for branch in branches]))
    conjuncts = layered.layers(predicate, columns)
    if isinstance(conjuncts, Loss):
        return conjuncts
    findings = [finding for layer in conjuncts for finding in layer.findings]
    findings += [
        Finding("field-single-valued", name)
        for layer in conjuncts
        if not layer.pre_exact
        for name in where.fields(layer.exact)
        if not columns[name].array
    ]
    used = list(dict.fromkeys(field_names(predicate)))
    findings += [
        Finding("splunk-address-spelling", name)
        for name in _key_columns(branches)
        if columns[name].type is FieldType.IP
    ]
    if ecs:
        findings += [Finding("splunk-array-alias", name) for name in used if columns[name].array]
    if ecs:
        findings.append(Finding("splunk-extraction", None))
    if isinstance(detection, ir.NewTerms) and _rounds_to_days(detection):
        findings.append(Finding("splunk-time-zone", TIME))
    assumptions = tuple(finding.assumption() for finding in dict.fromkeys(findings))
    tail = _tail(branches, detection, used)
    if isinstance(tail, Loss):
        return tail
    commands, earliest = tail
    return Statement(Pipeline((*_head(conjuncts, earliest), *commands)), earliest, assumptions)


def _unusable_name(detection: ir.Detection) -> Loss | None:
    """The first field of an ECS document that a search cannot ask for under its own name (spec splunk 1.3)."""
    predicates, keys = _parts(detection)
    for name in (*(name for predicate in predicates for name in field_names(predicate)), *keys):
        if not escape.is_reachable(name):
            message = f"`{name}` means something else to Splunk, or is no name that a search can hold"
            return Loss("splunk-field-name", message, field=name)
    return None


def _parts(detection: ir.Detection) -> tuple[tuple[ir.Predicate, ...], tuple[str, ...]]:
    match detection:
        case ir.Events(predicate):
            return (predicate,), ()
        case ir.NewTerms(predicate, fields, _, _):
            return (predicate,), tuple(field.name for field in fields)
        case _:
            return (), ()


TIME = "_time"


def _rounds_to_days(detection: ir.NewTerms) -> bool:
    return any((back := look_back(text)) and back.rounded == "d" for text in (detection.history, detection.start))


def _key_columns(branches: tuple[Branch, ...]) -> Iterator[str]:
    """The columns that results are grouped by: Splunk tells their values apart by spelling."""
    for branch in branches:
        for key in branch.keys:
            yield from (occurrence.name for occurrence in occurrences(key))


def _selection(branch: Branch) -> tuple[ir.Test, ...]:
    """What makes an event one of the branch's source; Splunk's own metadata ignores case by nature."""
    return tuple(
        ir.Test(ir.Field(name), tuple(ir.Equal(ir.TextLiteral(str(value)), ignore_case=True) for value in values))
        for name, values in branch.source.select.items()
    )


def _union(branches: list[ir.Predicate]) -> ir.Predicate:
    """Some branch holds. What all of them demand is said once, and the rest where the first of them differs."""
    demands: list[_Demands] = []
    for branch in branches:
        items = branch.items if isinstance(branch, ir.All) else (branch,)
        found = [(place, joint) for place, other in enumerate(demands) if (joint := _joint(other, items)) is not None]
        if found:
            demands[found[0][0]] = found[0][1]
        else:
            demands.append(items)
    shared = [item for item in demands[0] if all(item in other for other in demands[1:])]
    rests = [ir.All(tuple(item for item in items if item not in shared)) for items in demands]
    before = next((place for place, item in enumerate(demands[0]) if item not in shared), len(shared))
    return ir.All((*shared[:before], ir.Any(tuple(rests)), *shared[before:]))


_Demands = tuple[ir.Predicate, ...]


def _joint(first: _Demands, second: _Demands) -> _Demands | None:
    """Two branches that differ in one test on one field, such as the event id, as one branch."""
    ours = [item for item in first if item not in second]
    theirs = [item for item in second if item not in first]
    match ours, theirs:
        case [ir.Test(field, matchers) as own], [ir.Test(other, more)] if field == other:
            return tuple(ir.Test(field, (*matchers, *more)) if item is own else item for item in first)
        case _:
            return None


def _head(conjuncts: list[layered.Layers], earliest: str | None) -> list[Command]:
    bound = search.both([layer.pre for layer in conjuncts])
    commands: list[Command] = [Base(search.conjuncts(bound), earliest)]
    present = frozenset(search.present(bound))
    exact = where.both([where.without_guards(layer.exact, present) for layer in conjuncts if not layer.pre_exact])
    if exact != where.TRUE:
        commands.append(Filter(exact.items if isinstance(exact, where.And) else (exact,)))
    return commands


def _tail(
    branches: tuple[Branch, ...], detection: ir.Detection, used: list[str]
) -> tuple[list[Command], str | None] | Loss:
    match detection:
        case ir.Events(_, take=()):
            return [Table(tuple(dict.fromkeys(["_time", "host", *used])))], None
        case ir.NewTerms(_, fields, history, start):
            return _first_seen(branches, [field.name for field in fields], history, start)
        case _:
            return Loss("splunk-detection", "this version writes searches for single events and new terms only")


def _first_seen(
    branches: tuple[Branch, ...], fields: list[str], history: str, start: str
) -> tuple[list[Command], str | None] | Loss:
    """Combinations first seen after the run's start, over the whole history (spec splunk 5.2, form a)."""
    since, back = look_back(start), look_back(history)
    if since is None or back is None:
        return Loss("splunk-history", f"the history from `{history}` to `{start}` is not a span before now")
    if len({branch.keys for branch in branches}) > 1:
        return Loss("splunk-keys-differ", "the sources have the new-terms fields in different columns")
    names: list[str] = []
    assignments: list[tuple[str, where.Where]] = []
    for field, key in zip(fields, branches[0].keys, strict=True):
        match key:
            case ir.FieldValue(name):
                names.append(name)
            case _:
                value = _expression(key)
                if value is None:
                    return Loss("splunk-keys-differ", f"`{field}` cannot be computed in SPL", field=field)
                names.append(_COMPUTED.sub("_", field))
                assignments.append((names[-1], value))
    commands: list[Command] = [Evaluate(tuple(assignments))] if assignments else []
    return [*commands, FirstAndLast(tuple(names)), SeenOnlySince(_relative(since))], _relative(back)


_COMPUTED = re.compile(r"\W")
"""What the name of a computed column cannot hold: on the left of `eval` only plain names stand (spec splunk 1.3)."""


def _relative(back: LookBack) -> str:
    """`now-30d/d` in Splunk's spelling, `-30d@d`."""
    return f"-{back.count}{back.unit}" + (f"@{back.rounded}" if back.rounded else "")


def _expression(value: ir.Expression) -> where.Where | None:
    """The value expressions that derivations make keys of."""
    match value:
        case ir.FieldValue(name):
            return where.FieldName(name)
        case ir.Call("basename", (ir.FieldValue(name), ir.Constant(ir.TextLiteral(separator)))):
            # A path that ends in a separator has no last element, and so no value to group by.
            parts = where.Call("split", (where.FieldName(name), where.String(separator)))
            return where.Call("nullif", (where.Call("mvindex", (parts, where.Number(-1))), where.String("")))
        case ir.Call("lower", (item,)) if (inner := _expression(item)) is not None:
            return where.Call("lower", (inner,))
        case _:
            return None
