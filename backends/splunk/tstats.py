"""Events of accelerated data models (spec splunk 6.2): `tstats` finds and groups them, `where` decides what it cannot.

The conditions of `tstats` are those of the search language, but for comparisons whose meaning there is not documented.
Every field that `where` reads stands in BY, so that the events of one row agree on all of them. A value that a model
does not know is the text `unknown`, whether the model or `fillnull_value` has put it there: conditions are written so
that they hold for it as they do for a missing value.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from backends.splunk import predicate as layered
from backends.splunk import search, where
from backends.splunk.command import Append, Command, Commands, Evaluate, Filter, ModelRows, Rename
from backends.splunk.datamodel import SELECTOR, UNKNOWN, Dataset, datasets
from backends.splunk.findings import Finding, is_network, refusal
from backends.splunk.predicate import Layers
from backends.splunk.selection import Findings, Schema, TimeRange, assume_single, union
from converter import ir
from converter.ir.walk import field_names, leaves, occurrences, rewrite
from converter.losses import Direction, Loss
from converter.passes import normalise
from converter.schema.accept import accepts
from converter.schema.port import Branch
from converter.schema.profile import Profile

KINDS = (ir.Events, ir.NewTerms, ir.Threshold)
"""Detections that need neither the order of events within a second nor the events themselves."""

CONTEXT = ("dest", "user")
"""Fields that a result has wherever the dataset has them: whom it is about."""


def reads_models(profile: Profile) -> bool:
    """Whether the profile's events are those of data models."""
    return any(SELECTOR in source.select for source in profile.sources)


def events(branches: Sequence[Branch], schema: Schema, findings: Findings) -> Commands:
    """A row for each combination of the values that the rule asks about. Raises RefusalError."""
    found: list[Commands] = []
    for dataset, some in _by_dataset(branches):
        tested = [name for name in field_names(_predicate(some)) if name in dataset.fields]
        shown = [name for name in (*CONTEXT, *tested) if name in dataset.fields - dataset.lists]
        found.append(select(some, schema, findings, shown=shown))
    return joined(found, findings)


def select(
    branches: Sequence[Branch],
    schema: Schema,
    findings: Findings,
    *,
    shown: Sequence[str] = (),
    present: Sequence[str] = (),
    counted: Sequence[str] = (),
    range_: TimeRange | None = None,
) -> Commands:
    """The rows of one dataset's branches, with `count`, `firstTime` and `lastTime` of their events.

    Rows tell `shown` fields apart, whatever these hold; fields that must be `present`; and `counted` ones, which may be
    missing. Raises RefusalError for what SPL cannot say.
    """
    ((dataset, _),) = _by_dataset(branches)
    demanded = (ir.Test(ir.Field(name), (ir.Present(),)) for name in present)
    stated = normalise(ir.All((_predicate(branches), *demanded)))
    predicate = _apart_from_unknown(stated, schema)
    layers = [_in_model(layer) for layer in layered.layers(predicate, schema.columns)]
    bound = search.both([layer.pre for layer in layers])
    rest = where.both([layer.exact for layer in layers if not layer.pre_exact])
    restored = [
        name for name in dict.fromkeys((*_computed(predicate), *counted)) if name in {*where.fields(rest), *counted}
    ]
    by = tuple(dict.fromkeys((*shown, *present, *counted, *where.fields(rest))))
    _check_lists(by, dataset)
    findings.add(*_assume(stated, counted, dataset, schema))
    findings.add(*(finding for layer in layers for finding in layer.findings))
    assume_single(where.fields(rest), schema, findings)
    filled = frozenset(by) - frozenset(restored)
    commands: list[Command] = [
        ModelRows(dataset.name, _conditions(bound, dataset), by, range_, schema.summaries_only),
        Rename(f"{dataset.prefix}.*", "*"),
    ]
    if restored:
        commands.append(Evaluate(tuple((name, _or_null(name)) for name in restored)))
    rest = where.FALSE if bound == search.Nothing() else where.without_guards(rest, filled)
    if rest != where.TRUE:
        commands.append(Filter(rest.items if isinstance(rest, where.And) else (rest,)))
    return tuple(commands)


def joined(searches: Sequence[Commands], findings: Findings) -> Commands:
    """The rows of several searches: those of the first, then those of the others, up to the limits of a subsearch."""
    first, *others = searches
    if others:
        findings.add(Finding("splunk-subsearch", None))
    return (*first, *(Append(other) for other in others))


def left_out(branches: Iterable[Branch], detection: ir.Detection) -> Iterator[Loss]:
    """What the datasets do not hold although it is of the kinds of event that the rule looks for."""
    for branch in branches:
        dataset = datasets()[str(branch.source.select[SELECTOR][0])]
        if dataset.left_out is not None and dataset.left_out.concerns(branch.source.select):
            direction = Direction.NARROWER if isinstance(detection, ir.Events) else Direction.DIFFERENT
            yield Loss("splunk-model-left-out", f"{dataset.name} leaves out {dataset.left_out.what}", direction)


def _by_dataset(branches: Iterable[Branch]) -> list[tuple[Dataset, list[Branch]]]:
    found: dict[str, list[Branch]] = defaultdict(list)
    for branch in branches:
        found[str(branch.source.select[SELECTOR][0])].append(branch)
    return [(datasets()[name], some) for name, some in found.items()]


def by_keys(branches: Iterable[Branch]) -> list[list[Branch]]:
    """The branches that one search reads: those of one dataset that have the keys in the same columns."""
    found: dict[object, list[Branch]] = defaultdict(list)
    for branch in branches:
        found[branch.source.select[SELECTOR], branch.keys].append(branch)
    return list(found.values())


def _predicate(branches: Sequence[Branch]) -> ir.Predicate:
    """What the branches select among the events of their dataset, which is told by where they are read from."""

    def change(node: ir.Predicate) -> ir.Predicate:
        return ir.Always() if isinstance(node, ir.Test) and node.field == ir.Field(SELECTOR) else node

    return rewrite(union(branches), change)


# ---- values that the model does not know ----------------------------------------------------------------------------


def _apart_from_unknown(predicate: ir.Predicate, schema: Schema) -> ir.Predicate:
    """The predicate with `unknown` excluded wherever a test would take it for a value."""

    def change(node: ir.Predicate) -> ir.Predicate:
        match node:
            case ir.Test(field) if _takes(node, (UNKNOWN,), schema):
                unknown = ir.Test(field, (ir.Equal(ir.TextLiteral(UNKNOWN), ignore_case=True),))
                return ir.All((node, ir.Not(unknown)))
            case _:
                return node

    return rewrite(predicate, change)


def _takes(test: ir.Test, texts: Sequence[str], schema: Schema) -> bool:
    """Whether the test holds for some of the texts, if the field can hold any."""
    is_text = isinstance(test.field, ir.Field) and schema.columns[test.field.name].type.is_string
    matchers = [matcher for matcher in test.matchers if is_text or isinstance(matcher, ir.Present)]
    return any(accepts(matcher, text) for matcher in matchers for text in texts)


def _mistaken(predicate: ir.Predicate, schema: Schema) -> Iterator[str]:
    """The fields of which the predicate says something else if `unknown`, or an empty text, is a value."""
    yield from _computed(predicate)
    for leaf in leaves(predicate):
        if isinstance(leaf, ir.Test) and isinstance(leaf.field, ir.Field) and _takes(leaf, (UNKNOWN, ""), schema):
            yield leaf.field.name


def _computed(predicate: ir.Predicate) -> Iterator[str]:
    """The fields that are computed with: a script sees that they are missing."""
    for leaf in leaves(predicate):
        if isinstance(leaf, ir.Compute):
            yield from (item.name for item in occurrences(leaf.expression))


def _or_null(name: str) -> where.Where:
    return where.Call("nullif", (where.FieldName(name), where.String(UNKNOWN)))


def _assume(predicate: ir.Predicate, counted: Iterable[str], dataset: Dataset, schema: Schema) -> Iterator[Finding]:
    for name in dict.fromkeys((*_mistaken(predicate, schema), *counted)):
        yield Finding("splunk-unknown", name)
    for name in dict.fromkeys((*field_names(predicate), *counted)):
        if name in dataset.since:
            yield Finding("splunk-model-version", name)


def _check_lists(by: Iterable[str], dataset: Dataset) -> None:
    """BY has a row for each value of a list, in which the other values cannot be seen."""
    lists = [name for name in by if name in dataset.lists]
    if lists:
        message = f"`{lists[0]}` may hold several values, which `tstats` does not keep together"
        raise refusal("splunk-model-list", message, lists[0])


# ---- what the conditions of `tstats` can say ------------------------------------------------------------------------


def _in_model(layer: Layers) -> Layers:
    """The layer with a bound that `tstats` understands."""
    if all(_is_known(node) for node in search.comparisons(layer.pre)):
        return layer
    return replace(layer, pre=_wider(layer.pre, upwards=True), pre_exact=False)


def _is_known(node: search.Compare) -> bool:
    return node.operator == "=" and not is_network(node.value)


def _wider(node: search.Search, *, upwards: bool) -> search.Search:
    """The condition without comparisons that are not known, so that it holds at least where it did; below a NOT, at
    most there."""
    match node:
        case search.Compare(field) if not _is_known(node):
            return search.Has(field) if upwards else search.Nothing()
        case search.Not(item):
            return search.negated(_wider(item, upwards=not upwards))
        case search.And(items):
            return search.both([_wider(item, upwards=upwards) for item in items])
        case search.Or(items):
            return search.either([_wider(item, upwards=upwards) for item in items])
        case _:
            return node


def _conditions(bound: search.Search, dataset: Dataset) -> tuple[search.Search, ...]:
    """The conjuncts of the bound, none if nothing can pass it: there is no condition that says so."""
    if bound == search.Nothing():
        return ()
    return search.conjuncts(search.renamed(bound, lambda name: f"{dataset.prefix}.{name}"))
