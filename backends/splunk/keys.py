"""What joins and groups rows: keys as columns of their own (spec splunk 4.3, eql 10.2).

Splunk tells values apart by their spelling. A key that may be a list takes part once per distinct value; a key that may
be missing has a flag beside it, so that no value of the field can be mistaken for none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backends.splunk import where
from backends.splunk.command import Command, Evaluate, Expand, Filter
from backends.splunk.expression import value
from backends.splunk.findings import Finding, InexpressibleError, RefusalError
from backends.splunk.selection import Findings, Schema, check_names
from converter import ir
from converter.ir.walk import occurrences
from converter.schema.catalogue import FieldType

MISSING = "(none)"


@dataclass(frozen=True, slots=True)
class Column:
    """The value of one key as an expression. `source` is the plain field it is, None if it is computed."""

    value: where.Where
    source: str | None
    optional: bool
    several: bool


def column(key: ir.Expression, schema: Schema, findings: Findings, *, optional: bool = False) -> Column:
    """The key over the fields of the search. Raises RefusalError if SPL cannot compute it."""
    if isinstance(key, ir.FieldValue):
        return _field(key.name, optional, schema, findings)
    names = [occurrence.name for occurrence in occurrences(key)]
    _assume(names, schema, findings)
    findings.add(*(Finding("field-single-valued", name) for name in names))
    try:
        return Column(value(key, schema.columns), None, optional, several=False)
    except InexpressibleError as error:
        raise RefusalError(error.loss()) from error


def _field(key: str, optional: bool, schema: Schema, findings: Findings) -> Column:
    info = schema.columns[key]
    name = info.parent or info.name
    if schema.ecs:
        check_names([name])
    _assume([name], schema, findings)
    several = schema.several(name)
    if several and schema.ecs:
        findings.add(Finding("splunk-array-alias", name))
    if not several:
        findings.add(Finding("field-single-valued", name))
    if info.folded:
        return Column(where.Call("lower", (where.FieldName(name),)), None, optional, several=False)
    return Column(where.FieldName(name), name, optional, several)


def _assume(names: Iterable[str], schema: Schema, findings: Findings) -> None:
    for name in names:
        code = _SPELLED.get(schema.columns[name].type)
        if code is not None:
            findings.add(Finding(code, name))


_SPELLED = {
    FieldType.IP: "splunk-address-field",
    FieldType.LONG: "splunk-numeric-field",
    FieldType.DOUBLE: "splunk-numeric-field",
    FieldType.DATE: "splunk-date-spelling",
}
"""Types whose values Elasticsearch tells apart by what they mean, and what that asks of their spelling."""


@dataclass(frozen=True, slots=True)
class Join:
    """The columns that every stage of a sequence or sample has, under the same names. `optional`: by position, whether
    some stage takes events that lack the key."""

    optional: tuple[bool, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What rows belong together by."""
        flags = tuple(_flag(number) for number, optional in enumerate(self.optional, 1) if optional)
        return (*(_key(number) for number in range(1, len(self.optional) + 1)), *flags)

    def assignments(self, columns: Sequence[Column]) -> Iterator[tuple[str, where.Where]]:
        """The columns of one stage; lists are still lists."""
        for number, item in enumerate(columns, 1):
            found = where.Call("mvdedup", (item.value,)) if item.several else item.value
            if item.optional:
                found = where.Call("coalesce", (found, where.String(MISSING)))
            yield _key(number), found
            if self.optional[number - 1]:
                missing = where.Call("isnull", (item.value,))
                yield _flag(number), where.Call("if", (missing, where.Number(1), where.Number(0)))

    def expanded(self, columns: Sequence[Column]) -> Iterator[Command]:
        """A row for every combination of the values of the keys that are lists."""
        yield from (Expand(_key(number)) for number, item in enumerate(columns, 1) if item.several)

    def present(self) -> Iterator[Command]:
        """Rows that lack a key which their stage needs take no part."""
        if self.optional:
            names = (where.FieldName(_key(number)) for number in range(1, len(self.optional) + 1))
            yield Filter(tuple(where.Call("isnotnull", (name,)) for name in names))


def join_of(stages: Iterable[Sequence[ir.Field]]) -> Join:
    """The join of stages with these keys."""
    return Join(tuple(any(field.optional for field in fields) for fields in zip(*stages, strict=True)))


def _key(number: int) -> str:
    return f"eql_k{number}"


def _flag(number: int) -> str:
    return f"eql_n{number}"


def group_columns(names: Sequence[str], columns: Sequence[Column]) -> tuple[list[Command], tuple[str, ...]]:
    """Columns to group by, named for the fields they stand for; a plain field stands for itself."""
    assignments: list[tuple[str, where.Where]] = []
    chosen: list[str] = []
    for name, item in zip(names, columns, strict=True):
        if item.source is not None and not item.several:
            chosen.append(item.source)
            continue
        found = where.Call("mvdedup", (item.value,)) if item.several else item.value
        chosen.append(name)
        assignments.append((name, found))
    return ([Evaluate(tuple(assignments))] if assignments else []), tuple(chosen)
