"""The syntax tree of EQL: what was written, with parentheses resolved and escapes decoded.

Nodes are frozen, compare by structure and carry a `span` that takes no part in equality. `and` and `or` are flat: one
node per chain, however long. Nothing else is normalised, so that a tree can be printed back.
"""

from dataclasses import dataclass
from dataclasses import field as attribute

from converter.ir.span import Span


@dataclass(frozen=True, slots=True)
class Null:
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Boolean:
    value: bool
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number:
    """Never negative: a sign is an operator (spec eql 1.3)."""

    value: int | float
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class String:
    """The text with escapes decoded; `raw` says that it was written with three quotes."""

    value: str
    raw: bool = attribute(compare=False, repr=False)
    span: Span = attribute(compare=False, repr=False)


Constant = Null | Boolean | Number | String


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field by its full dotted name, quotes removed; `optional` is the question mark."""

    name: str
    optional: bool
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its canonical spelling (spec eql 9); `ignore_case` is the tilde."""

    function: str
    arguments: tuple["Expression", ...]
    ignore_case: bool
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """Unary `-` or `+`."""

    sign: str
    item: "Expression"
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`operator` is one of `+ - * / %`."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`operator` is one of `== != < <= > >=`."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Contained:
    """`value in (items)`, `in~` if `ignore_case`, `not in` if `negated`."""

    value: "Expression"
    items: tuple["Expression", ...]
    ignore_case: bool
    negated: bool
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Match:
    """`operator` is one of `: like like~ regex regex~`; several patterns are alternatives."""

    value: "Expression"
    operator: str
    patterns: tuple[Constant, ...]
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    item: "Expression"
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    """Two items or more; an item that is an `And` stood in parentheses."""

    items: tuple["Expression", ...]
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Two items or more; an item that is an `Or` stood in parentheses."""

    items: tuple["Expression", ...]
    span: Span = attribute(compare=False, repr=False)


Expression = Constant | FieldName | Call | Signed | Arithmetic | Compare | Contained | Match | Not | And | Or


@dataclass(frozen=True, slots=True)
class Filter:
    """`category where condition`; `category` None is `any`."""

    category: str | None
    condition: Expression
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A `maxspan`: a count of `ms`, `s`, `m`, `h` or `d`."""

    count: int
    unit: str
    span: Span = attribute(compare=False, repr=False)

    @property
    def milliseconds(self) -> int:
        return self.count * UNITS[self.unit]


UNITS: dict[str, int] = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
"""Units of time spans in milliseconds."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One element of a sequence or sample; `keys` are its own, without the query's."""

    filter: Filter
    keys: tuple[FieldName, ...]
    runs: int
    missing: bool
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    keys: tuple[FieldName, ...]
    maxspan: TimeSpan | None
    stages: tuple[Stage, ...]
    until: Stage | None
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sample:
    keys: tuple[FieldName, ...]
    stages: tuple[Stage, ...]
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pipe:
    """`name` is `head` or `tail`; `count` is a constant expression."""

    name: str
    count: Expression
    span: Span = attribute(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole query, with the text it was read from."""

    query: Filter | Sequence | Sample
    pipes: tuple[Pipe, ...]
    source: str = attribute(default="", compare=False, repr=False)
