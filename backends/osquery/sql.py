"""The part of SQLite's language that is written: immutable nodes, no text. `write` turns them into text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table with that alias."""

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Number:
    value: int | float


@dataclass(frozen=True, slots=True)
class Truth:
    """`TRUE` or `FALSE`: the integers 1 and 0."""

    value: bool


@dataclass(frozen=True, slots=True)
class Null:
    """`NULL`."""


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    arguments: tuple["Sql", ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """An infix operator of the writer's precedence table; all of them group to the left."""

    operator: str
    left: "Sql"
    right: "Sql"


@dataclass(frozen=True, slots=True)
class Like:
    """`LIKE` with a pattern that is escaped by `\\` where `escaped` is set."""

    value: "Sql"
    pattern: str
    escaped: bool


@dataclass(frozen=True, slots=True)
class In:
    """The value is one of at least one literal."""

    value: "Sql"
    items: tuple["Text | Number", ...]


@dataclass(frozen=True, slots=True)
class Between:
    value: "Sql"
    low: "Sql"
    high: "Sql"


@dataclass(frozen=True, slots=True)
class Collated:
    value: "Sql"
    collation: str


@dataclass(frozen=True, slots=True)
class Cast:
    value: "Sql"
    type: str


@dataclass(frozen=True, slots=True)
class Minus:
    value: "Sql"


@dataclass(frozen=True, slots=True)
class Is:
    """`value IS what`: `NULL`, `NOT NULL`, `NOT TRUE`. Never NULL itself."""

    value: "Sql"
    what: str


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Sql", ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Sql", ...]


@dataclass(frozen=True, slots=True)
class Case:
    """`CASE WHEN … THEN … [ELSE …] END`."""

    branches: tuple[tuple["Sql", "Sql"], ...]
    otherwise: "Sql | None" = None


Sql = (
    Column
    | Text
    | Number
    | Truth
    | Null
    | Function
    | Binary
    | Like
    | In
    | Between
    | Collated
    | Cast
    | Minus
    | Is
    | And
    | Or
    | Case
)


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the result: an expression and its name there."""

    value: Sql
    name: str


@dataclass(frozen=True, slots=True)
class LeftJoin:
    table: str
    alias: str
    on: Sql


@dataclass(frozen=True, slots=True)
class Select:
    outputs: tuple[Output, ...]
    table: str
    alias: str
    joins: tuple[LeftJoin, ...]
    where: Sql
    order: tuple[Sql, ...]
    distinct: bool = False


CHAIN = 200
"""So many operands one AND or OR chain may have: SQLite nests a chain as deep as it is long, up to 1,000 (spec 5)."""


def all_of(items: tuple[Sql, ...]) -> Sql:
    """The conjunction, as a balanced tree if it is long; of one item the item, of none `TRUE`."""
    return _chain(And, items) if items else Truth(True)


def any_of(items: tuple[Sql, ...]) -> Sql:
    """The disjunction, as a balanced tree if it is long; of one item the item, of none `FALSE`."""
    return _chain(Or, items) if items else Truth(False)


def _chain(kind: type[And] | type[Or], items: tuple[Sql, ...]) -> Sql:
    items = tuple(inner for item in items for inner in (item.items if isinstance(item, kind) else (item,)))
    while len(items) > CHAIN:
        groups = (items[start : start + CHAIN] for start in range(0, len(items), CHAIN))
        items = tuple(kind(group) if len(group) > 1 else group[0] for group in groups)
    return kind(items) if len(items) > 1 else items[0]


def depth(node: Sql) -> int:
    """How deep SQLite's own tree of the expression is."""
    below = max((depth(item) for item in operands(node)), default=0)
    return below + max(1, len(node.items) - 1) if isinstance(node, And | Or) else below + 1


def nesting(node: Sql) -> int:
    """How deep the text is nested, in units of the parser's stack: a chain is one level, a call is two."""
    own = 2 if isinstance(node, Function | Case | Cast) else 1
    return own + max((nesting(item) for item in operands(node)), default=0)


def operands(node: Sql) -> tuple[Sql, ...]:
    """The direct operands, left to right."""
    match node:
        case Function(_, items) | And(items) | Or(items):
            return items
        case Binary(_, left, right):
            return (left, right)
        case Like(value) | In(value) | Collated(value) | Cast(value) | Minus(value) | Is(value):
            return (value,)
        case Between(value, low, high):
            return (value, low, high)
        case Case(branches, otherwise):
            inner = tuple(item for branch in branches for item in branch)
            return inner if otherwise is None else (*inner, otherwise)
        case Column() | Text() | Number() | Truth() | Null():
            return ()


def columns(node: Sql) -> set[Column]:
    """Every column an expression reads."""
    if isinstance(node, Column):
        return {node}
    return set().union(*(columns(item) for item in operands(node)))
