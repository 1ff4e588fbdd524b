"""Value expressions of script leaves: three-valued inside (null propagates), judged once per combination of values.

`FieldValue` is an occurrence: the same field written twice is two occurrences, each with a value of its own
(spec eql 6.3). Null rules are those of spec eql 6.4 and, per function, 9.
"""

from dataclasses import dataclass

from converter.ir.literal import Literal
from converter.ir.matcher import Matcher


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The current value of one occurrence of a field, or null."""

    name: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; None is null."""

    value: Literal | None


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its canonical name (table below), arguments in order; `ignore_case` is EQL's `~` form."""

    function: str
    arguments: tuple["Expression", ...]
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """`operator` is one of `==`, `<`, `<=`, `>`, `>=`; `!=` is a negated `==`."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Matches:
    """Some matcher accepts the value (`in`, `:`, `like`, `regex` on a computed value); null if the value is null."""

    value: "Expression"
    matchers: tuple[Matcher, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """True or false, never null."""

    item: "Expression"


@dataclass(frozen=True, slots=True)
class Both:
    """Three-valued `and`."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Three-valued `or`."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """Three-valued `not`: null stays null."""

    item: "Expression"


Expression = FieldValue | Constant | Call | Compare | Matches | IsNull | Both | Either | Negation

FUNCTIONS: frozenset[str] = frozenset(
    {
        # Elastic's EQL functions, spelled as its documentation does (spec eql 9)
        "add", "subtract", "multiply", "divide", "modulo", "between", "cidrMatch", "concat", "endsWith", "indexOf",
        "length", "number", "startsWith", "string", "stringContains", "substring",
        # what derivations add (docs/architecture.md, "Schema profiles"): parts of a path, arguments of a command line
        "basename", "dirname", "extension", "upper", "lower", "negate",
    }
)  # fmt: skip
"""Every function a `Call` may name. `negate` is unary minus; `basename`, `dirname`, `extension` take (path, sep)."""
