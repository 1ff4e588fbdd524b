"""Predicates as detections a person would have written (spec sigma 5.5)."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from backends.sigma.detection import And, Condition, Item, Not, Or, Selection, Use
from backends.sigma.item import InexpressibleError, Rendered, render
from backends.sigma.length import in_basic_plane, length_test
from converter import ir
from converter.events.event import Values
from converter.losses import Assumption, Direction, Loss
from converter.schema.catalogue import Catalogue


@dataclass
class Builder:
    """Builds the condition of one rule and gathers what has to be said about it.

    `fold`: write no `cased` modifier. Raises InexpressibleError for a leaf that Sigma cannot say.
    """

    columns: Catalogue
    fold: bool
    losses: list[Loss] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)

    def condition(self, predicate: ir.Predicate) -> Condition:
        """Sigma is two-valued as the IR is: and, or, not translate one to one (spec sigma 5.1)."""
        match predicate:
            case ir.All(items):
                return self._all(items)
            case ir.Any(items):
                return self._any(items)
            case ir.Not(ir.Test(ir.Field(name), (ir.Present(),))):
                return Use(Selection(((Item(name, ("exists",), (False,)),),)))
            case ir.Not(ir.Any(items)):
                return _joined([self.condition(ir.Not(item)) for item in items], And)
            case ir.Not(ir.Not(item)):
                return self.condition(item)
            case ir.Not(item):
                return Not(self.condition(item))
            case ir.Test():
                return Use(Selection(self._maps(predicate)))
            case ir.Compute():
                return self._computed(predicate)
            case ir.Nested(path, _, span):
                raise InexpressibleError("sigma-nested", "Sigma cannot bind conditions to one object", path, span)
            case ir.Always() | ir.Never():
                raise InexpressibleError(
                    "sigma-constant", "Sigma has no condition that always or never holds", span=predicate.span
                )
            case _:
                assert_never(predicate)

    def _all(self, items: tuple[ir.Predicate, ...]) -> Condition:
        """Positive tests share one map; whatever does not fit, or would stand under the same key, stands beside it."""
        shared: tuple[Item, ...] = ()
        rest: list[Condition] = []
        for item in items:
            condition = self.condition(item)
            merged = None
            if isinstance(condition, Use) and len(condition.selection.maps) == 1:
                merged = _conjoined(shared, condition.selection.maps[0])
            if merged is None:
                rest.append(condition)
            else:
                shared = merged
        first: list[Condition] = [Use(Selection((shared,)))] if shared else []
        return _joined([*first, *rest], And)

    def _any(self, items: tuple[ir.Predicate, ...]) -> Condition:
        """Small conjunctions of tests become a list of maps; anything else an OR of identifiers."""
        conditions = [self.condition(item) for item in items]
        maps: list[tuple[Item, ...]] = []
        rest: list[Condition] = []
        for condition in conditions:
            if isinstance(condition, Use):
                maps += condition.selection.maps
            else:
                rest.append(condition)
        first: list[Condition] = [Use(Selection(tuple(maps)))] if maps else []
        return _joined([*first, *rest], Or)

    def _computed(self, leaf: ir.Compute) -> Condition:
        test = length_test(leaf)
        if test is None or not isinstance(test.field, ir.Field):
            raise InexpressibleError("sigma-expression", "Sigma has no functions over field values", span=leaf.span)
        name = test.field.name
        message = f"no value of `{name}` holds characters beyond U+FFFF, which the rule counts twice and Sigma once"
        self.assumptions.append(Assumption("sigma-characters", message, name, in_basic_plane))
        return Use(Selection(self._maps(test)))

    def _maps(self, test: ir.Test) -> tuple[tuple[Item, ...], ...]:
        if not isinstance(test.field, ir.Field):
            raise InexpressibleError("sigma-field-pattern", "Sigma has no patterns of field names", span=test.span)
        name = test.field.name
        rendered = render(replace(self.columns[name], name=name), test, fold=self.fold)
        self._record(name, test, rendered)
        return rendered.maps

    def _record(self, name: str, test: ir.Test, rendered: Rendered) -> None:
        if rendered.normalised:
            message = f"`{name}` holds lower-case words only, so that Sigma's blindness to case changes nothing"
            self.assumptions.append(Assumption("sigma-normalised", message, name, _lower_case))
        if rendered.single:
            message = f"`{name}` has at most one value, so that both bounds are asked of the same"
            self.assumptions.append(Assumption("field-single-valued", message, name, _single))
        if rendered.folded:
            message = f"the output ignores the case of `{name}`, the rule does not"
            self.losses.append(Loss("sigma-case", message, Direction.DIFFERENT, name, test.span))


def _lower_case(values: Values) -> bool:
    return all(value == value.lower() for value in values if isinstance(value, str))


def _single(values: Values) -> bool:
    return len(values) < 2


def _conjoined(shared: tuple[Item, ...], items: tuple[Item, ...]) -> tuple[Item, ...] | None:
    """The map with more items in it, values under one key ANDed by `all`; None where a map cannot say it."""
    entries = {item.test: item for item in shared}
    for item in items:
        same = entries.get(item.test)
        both = item if same is None or same == item else same.joined(item)
        if both is None:
            return None
        entries[item.test] = both
    return tuple(entries.values())


def _joined(items: list[Condition], kind: type[And] | type[Or]) -> Condition:
    """The items under one node, those of nested nodes of the same kind among them."""
    flat: list[Condition] = []
    for item in items:
        flat += item.items if isinstance(item, kind) else (item,)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
