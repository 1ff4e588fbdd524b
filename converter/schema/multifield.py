"""Multi-fields (`process.name.caseless`, `file.path.text`): tests of the field whose values they index."""

from dataclasses import replace

from converter.ir.expression import Call, Expression, FieldValue
from converter.ir.matcher import Equal, Like, Matcher, Regex
from converter.ir.predicate import Compute, Field, Predicate, Test
from converter.ir.walk import rewrite, with_values
from converter.schema.catalogue import Catalogue


def without_multifields(predicate: Predicate, catalogue: Catalogue) -> Predicate:
    """The predicate over the fields that hold the values: a lower-cased multi-field becomes a test that ignores case,
    an analysed one keeps its phrases."""

    def change(node: Predicate) -> Predicate:
        match node:
            case Test(Field(name, optional), matchers):
                info = catalogue[name]
                if info.parent is None:
                    return node
                kept = tuple(_folded(matcher) for matcher in matchers) if info.folded else matchers
                return replace(node, field=Field(info.parent, optional), matchers=kept)
            case Compute(expression):
                return replace(node, expression=with_values(expression, lambda item: _value(item, catalogue)))
            case _:
                return node

    return rewrite(predicate, change)


def _folded(matcher: Matcher) -> Matcher:
    return replace(matcher, ignore_case=True) if isinstance(matcher, Equal | Like | Regex) else matcher


def _value(item: FieldValue, catalogue: Catalogue) -> Expression:
    info = catalogue[item.name]
    if info.parent is None:
        return item
    parent = replace(item, name=info.parent)
    return Call("lower", (parent,)) if info.folded else parent
