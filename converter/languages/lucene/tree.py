"""The syntax tree of a query string: what Lucene's parser makes of it, escapes resolved, wildcards apart from text."""

from dataclasses import dataclass
from dataclasses import field as attribute

from converter.ir.pattern import Pattern
from converter.ir.span import Span


@dataclass(frozen=True, slots=True)
class Words:
    """Words without quotes, several joined by one blank; on analysed text any of them is looked for."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A phrase."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A pattern over the whole value; the lone `*` asks for existence."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression in Lucene's dialect, the escapes before slashes still in it."""

    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """`[low TO high]` or `>low`; None is no bound."""

    low: str | None
    high: str | None
    open_low: bool = False
    open_high: bool = False


Value = Words | Quoted | Wildcard | Expression | Interval


@dataclass(frozen=True, slots=True)
class Match:
    """Some value of the field; `field` None is every field, a `*` in a name stands for any characters."""

    field: str | None
    value: Value
    span: Span = attribute(compare=False)


@dataclass(frozen=True, slots=True)
class Exists:
    """`_exists_:field`."""

    field: str
    span: Span = attribute(compare=False)


@dataclass(frozen=True, slots=True)
class Everything:
    """`*:*`, or a lone star without a field."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The empty query string, which finds nothing."""


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: "Node"


Node = Match | Exists | Everything | Nothing | And | Or | Not
