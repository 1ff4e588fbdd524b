"""Predicates as detections a person would have written (spec sigma 5.5)."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from backends.sigma.detection import And, Condition, Item, Not, Or, Selection, Use
from backends.sigma.item import InexpressibleError, Rendered, render
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
    losses: dict[str, Loss] = field(default_factory=dict)
    assumptions: dict[str, Assumption] = field(default_factory=dict)

    def condition(self, predicate: ir.Predicate) -> Condition:
        """Sigma is two-valued as the IR is: and, or, not translate one to one (spec sigma 5.1)."""
        match predicate:
            case ir.All(items):
                return self._all(items)
            case ir.Any(items):
                return self._any(items)
            case ir.Not(ir.Test(ir.Field(name), (ir.Present(),))):
                return Use(Selection(((Item(name, ("exists",), (False,)),),)))
            case ir.Not(item):
                return Not(self.condition(item))
            case ir.Test():
                return Use(Selection(self._maps(predicate)))
            case ir.Compute(_, span):
                raise InexpressibleError("sigma-expression", "Sigma has no functions over field values", "", span)
            case ir.Nested(path, _, span):
                raise InexpressibleError("sigma-nested", "Sigma cannot bind conditions to one object", path, span)
            case ir.Always() | ir.Never():
                raise InexpressibleError(
                    "sigma-constant", "Sigma has no condition that always or never holds", "", predicate.span
                )
            case _:
                assert_never(predicate)

    def _all(self, items: tuple[ir.Predicate, ...]) -> Condition:
        """Positive tests on different keys share one map; whatever does not fit stands beside it."""
        shared: dict[str, Item] = {}
        rest: list[Condition] = []
        for item in items:
            maps = self._maps(item) if isinstance(item, ir.Test) else None
            if maps is not None and len(maps) == 1 and not any(entry.key in shared for entry in maps[0]):
                shared |= {entry.key: entry for entry in maps[0]}
            elif maps is not None:
                rest.append(Use(Selection(maps)))
            else:
                rest.append(self.condition(item))
        first: list[Condition] = [Use(Selection((tuple(shared.values()),)))] if shared else []
        flat = _flat([*first, *rest], And)
        return flat[0] if len(flat) == 1 else And(tuple(flat))

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
        flat = _flat([*first, *rest], Or)
        return flat[0] if len(flat) == 1 else Or(tuple(flat))

    def _maps(self, test: ir.Test) -> tuple[tuple[Item, ...], ...]:
        if not isinstance(test.field, ir.Field):
            raise InexpressibleError("sigma-field-pattern", "Sigma has no patterns of field names", "", test.span)
        name = test.field.name
        rendered = render(replace(self.columns[name], name=name), test, fold=self.fold)
        self._record(name, test, rendered)
        return rendered.maps

    def _record(self, name: str, test: ir.Test, rendered: Rendered) -> None:
        if rendered.normalised:
            message = f"`{name}` holds lower-case words only, so that Sigma's blindness to case changes nothing"
            self.assumptions.setdefault(name, Assumption("sigma-normalised", message, name, _lower_case))
        if rendered.folded:
            message = f"the output ignores the case of `{name}`, the rule does not"
            self.losses.setdefault(name, Loss("sigma-case", message, Direction.DIFFERENT, name, test.span))


def _lower_case(values: Values) -> bool:
    return all(value == value.lower() for value in values if isinstance(value, str))


def _flat(items: list[Condition], kind: type[And] | type[Or]) -> list[Condition]:
    flat: list[Condition] = []
    for item in items:
        if isinstance(item, kind):
            flat.extend(item.items)
        else:
            flat.append(item)
    return flat
