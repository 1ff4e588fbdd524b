"""Script leaves: functions, arithmetic and nested conditions as value expressions (spec eql 6.3, 6.4)."""

from collections.abc import Sequence

from converter.events.event import Scalar
from converter.ir.expression import (
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Expression,
    FieldValue,
    IsNull,
    Matches,
    Negation,
)
from converter.ir.matcher import Equal, Matcher
from converter.languages.eql import kinds, literals, matching, tree
from converter.languages.eql.comparison import Comparison, constant_items, oriented
from converter.languages.eql.folding import OPERATOR_FUNCTIONS, fold
from converter.languages.eql.kinds import Kind
from converter.languages.eql.reading import Reading
from converter.languages.eql.refusal import refusal


def computed(node: tree.Expression, reading: Reading) -> Expression:
    """The value expression of a syntax tree; parts without fields are folded. Raises RuleError for wrong types."""
    folded = fold(node, reading)
    if folded is not None:
        return constant(folded.value)
    match node:
        case tree.FieldName(name, optional):
            kinds.check_field(node, reading)
            return FieldValue(name, optional)
        case tree.Call(function, arguments, ignore_case):
            kinds.check_arguments(node, reading)
            return Call(function, tuple(computed(item, reading) for item in arguments), ignore_case)
        case tree.Signed(sign, item):
            kinds.require(item, Kind.NUMBER, reading, f"what follows `{sign}`")
            value = computed(item, reading)
            return Call("negate", (value,)) if sign == "-" else value
        case tree.Arithmetic(operator, left, right):
            for side in (left, right):
                kinds.require(side, Kind.NUMBER, reading, f"one side of `{operator}`")
            return Call(OPERATOR_FUNCTIONS[operator], (computed(left, reading), computed(right, reading)))
        case tree.Compare():
            return compared(oriented(node, reading), reading)
        case tree.Contained(value, _, _, negated):
            inside = Matches(computed(value, reading), contained_matchers(node, reading))
            return Negation(inside) if negated else inside
        case tree.Match(value):
            return Matches(computed(value, reading), match_matchers(node, reading))
        case tree.Not(item):
            return Negation(_condition(item, reading))
        case tree.And(items):
            return Both(tuple(_condition(item, reading) for item in items))
        case tree.Or(items):
            return Either(tuple(_condition(item, reading) for item in items))
        case _:
            raise TypeError(f"a constant that does not fold: {type(node).__name__}")


def compared(node: Comparison, reading: Reading) -> Expression:
    """A comparison inside a script; null under `==` asks for null, under an order it makes null."""
    left = computed(node.left, reading)
    if node.value is None:
        if node.operator not in {"==", "!="}:
            return Constant(None)
        return IsNull(left) if node.operator == "==" else Negation(IsNull(left))
    if isinstance(node.left, tree.FieldName):
        matcher = field_matcher(node.left, node.operator, node.value, node.right, reading)
        test: Expression = Matches(left, (matcher,))
    else:
        check_comparable(node, reading)
        operator = "==" if node.operator == "!=" else node.operator
        test = Compare(operator, left, Constant(literals.plain(node.value)))
    return Negation(test) if node.operator == "!=" else test


def check_comparable(node: Comparison, reading: Reading) -> None:
    """Raises RuleError if a computed value is compared with a constant of another kind."""
    found = kinds.kind_of(node.left, reading)
    wanted = kind_of_value(node.value)
    ordered = node.operator not in {"==", "!="}
    if found not in {wanted, Kind.UNKNOWN} or (ordered and wanted is Kind.BOOLEAN):
        raise refusal("eql-type-mismatch", f"{found} is compared with {wanted}", node.right.span, expected=found)


def kind_of_value(value: Scalar | None) -> Kind:
    match value:
        case None:
            return Kind.UNKNOWN
        case bool():
            return Kind.BOOLEAN
        case int() | float():
            return Kind.NUMBER
        case _:
            return Kind.TEXT


def constant(value: Scalar | None) -> Constant:
    return Constant(None if value is None else literals.plain(value))


def field_matcher(name: tree.FieldName, operator: str, value: Scalar, at: tree.Expression, reading: Reading) -> Matcher:
    """The matcher of a comparison with a field; that of `!=` is the one it negates."""
    info = kinds.check_field(name, reading)
    if operator in {"==", "!="}:
        return literals.equality(info, value, at)
    return literals.order(info, operator, value, at)


def contained_matchers(node: tree.Contained, reading: Reading) -> tuple[Matcher, ...]:
    """The matchers of a list, nulls left out: nothing equals null."""
    values = [(value, item) for value, item in constant_items(node, reading) if value is not None]
    if isinstance(node.value, tree.FieldName):
        info = kinds.check_field(node.value, reading)
        return tuple(literals.equality(info, value, item, ignore_case=node.ignore_case) for value, item in values)
    return _computed_items(node, values, reading)


def _computed_items(
    node: tree.Contained, values: Sequence[tuple[Scalar, tree.Expression]], reading: Reading
) -> tuple[Matcher, ...]:
    found = kinds.kind_of(node.value, reading)
    for value, item in values:
        if found not in {kind_of_value(value), Kind.UNKNOWN}:
            raise refusal("eql-type-mismatch", f"{found} is looked up in a list", item.span, expected=found)
    return tuple(Equal(literals.plain(value), node.ignore_case and isinstance(value, str)) for value, _ in values)


def match_matchers(node: tree.Match, reading: Reading) -> tuple[Matcher, ...]:
    """The matchers of a pattern operator. Raises RuleError if its left side is no text."""
    found = kinds.kind_of(node.value, reading)
    if found not in {Kind.TEXT, Kind.UNKNOWN}:
        raise refusal(
            "eql-type-mismatch",
            f"`{node.operator}` compares texts, this is {found}",
            node.value.span,
            advice="use cidrMatch or ==" if found is Kind.ADDRESS else "use == or in",
        )
    if isinstance(node.value, tree.FieldName):
        info = kinds.check_field(node.value, reading)
        return matching.field_matchers(node, reading, folded=info.folded)
    return matching.computed_matchers(node, reading)


def _condition(node: tree.Expression, reading: Reading) -> Expression:
    kinds.require(node, Kind.BOOLEAN, reading, "an operand of and, or, not")
    return computed(node, reading)
