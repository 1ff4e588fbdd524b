"""The syntax tree of a KQL query: what was written, value lists included, before field types count (spec kql 2.1).

`and`/`or` are flat n-ary nodes; parentheses leave no node of their own. A literal carries its parts, never a text with
escapes in it, so that a wildcard and an escaped star stay apart.
"""

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal as Choice

from converter.ir.pattern import ANY_RUN, AnyRun, Text, literal_text
from converter.ir.span import Span

Constant = Choice["true", "false", "null"]
Operator = Choice["<", "<=", ">", ">="]

_CONSTANTS: dict[str | None, Constant] = {"true": "true", "false": "false", "null": "null"}


@dataclass(frozen=True, slots=True)
class Literal:
    """A field name or a value. Texts are neither empty nor adjacent; runs may be (`**` is not `*`, spec kql 3).

    A quoted literal is one text or nothing; an unquoted one is trimmed.
    """

    parts: tuple[Text | AnyRun, ...]
    quoted: bool = False
    span: Span | None = attribute(default=None, compare=False, repr=False)

    @property
    def text(self) -> str | None:
        """The text of a literal without wildcards, else None."""
        parts = self.parts
        if len(parts) == 1 and isinstance(parts[0], Text):  # nearly always, and asked for many times
            return parts[0].value
        return literal_text(parts)

    @property
    def is_wildcard(self) -> bool:
        return ANY_RUN in self.parts

    @property
    def is_everything(self) -> bool:
        """The lone `*`: existence as a value, all fields as a name."""
        return self.parts == (ANY_RUN,)

    @property
    def constant(self) -> Constant | None:
        """The reserved word that the whole unquoted literal is, in lower case only (spec kql 1.2)."""
        return None if self.quoted else _CONSTANTS.get(self.text)


@dataclass(frozen=True, slots=True)
class ValueAnd:
    items: tuple["Values", ...]
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ValueOr:
    items: tuple["Values", ...]
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ValueNot:
    item: "Values"
    span: Span | None = attribute(default=None, compare=False, repr=False)


Values = Literal | ValueAnd | ValueOr | ValueNot


@dataclass(frozen=True, slots=True)
class Match:
    """`field: values`, the field distributed over the list; without a field (None) a value searched in all fields."""

    field: Literal | None
    values: Values
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Range:
    """`field > value`; a wildcard in the value stays a plain star."""

    field: Literal
    operator: Operator
    value: Literal
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Nested:
    """`path: { … }`: field names inside are relative to the path."""

    path: Literal
    item: "Expression"
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Expression", ...]
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Expression", ...]
    span: Span | None = attribute(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    item: "Expression"
    span: Span | None = attribute(default=None, compare=False, repr=False)


Expression = Match | Range | Nested | And | Or | Not

EVERYTHING = Match(Literal((ANY_RUN,)), Literal((ANY_RUN,)))
"""What an empty query means: `*: *`."""
