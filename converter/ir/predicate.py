"""Predicates over one event: true or false, never a third value; `Not` is the complement (architecture section 4)."""

from dataclasses import dataclass
from dataclasses import field as attribute

from converter.ir.expression import Expression
from converter.ir.matcher import Matcher
from converter.ir.pattern import Pattern
from converter.ir.span import Span


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its full dotted name; `optional` is EQL's `?` (spec eql 7.4)."""

    name: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FieldPattern:
    """Some field whose name matches (`file.hash.*`); the single `*` stands for every field (free text)."""

    pattern: Pattern


FieldRef = Field | FieldPattern


@dataclass(frozen=True, slots=True)
class All:
    """Every item holds; without items it is true."""

    items: tuple["Predicate", ...]
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Any:
    """Some item holds; without items it is false."""

    items: tuple["Predicate", ...]
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The complement: true wherever the item is false, missing fields included."""

    item: "Predicate"
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Always:
    """True for every event."""

    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Never:
    """False for every event."""

    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Test:
    """Some value of the field satisfies some matcher; a field without values satisfies none."""

    field: FieldRef
    matchers: tuple[Matcher, ...]
    span: Span | None = attribute(default=None, compare=False, repr=False)

    __test__ = False  # pytest would collect a class of this name


@dataclass(frozen=True, slots=True)
class Compute:
    """True if the expression is true for some combination of its field occurrences' values, a missing field counting
    as null (spec eql 6.3, "script leaf")."""

    expression: Expression
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Nested:
    """Some object under `path` satisfies the item; field names in the item are full names (`path.child`)."""

    path: str
    item: "Predicate"
    span: Span | None = attribute(default=None, compare=False, repr=False)


Predicate = All | Any | Not | Always | Never | Test | Compute | Nested
Leaf = Test | Compute | Nested | Always | Never
