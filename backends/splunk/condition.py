"""Conditions over computed values: EQL's three-valued scripts as `where` (spec eql 6.3, 6.4; splunk 1.6).

A condition is written twice, once for true and once for false; both are false where EQL says null, so that no NOT is
ever applied to something that can be null.
"""

from dataclasses import dataclass
from typing import assert_never

from backends.splunk import escape, search, where
from backends.splunk.expression import COUNTING, is_number, quoted, unwritten, value
from backends.splunk.findings import Finding, looks_numeric
from backends.splunk.leaf import Leaf, value_conditions
from converter import ir
from converter.ir.walk import occurrences, operands
from converter.schema.catalogue import Catalogue, FieldType


@dataclass(frozen=True, slots=True)
class _Judged:
    """Where a condition is true, and where it is false."""

    true: where.Where
    false: where.Where

    def turned(self) -> "_Judged":
        return _Judged(self.false, self.true)


def computed(expression: ir.Expression, columns: Catalogue) -> Leaf:
    """The condition as a leaf. Raises InexpressibleError for what SPL does not say exactly."""
    names = [columns[item.name].parent or item.name for item in occurrences(expression)]
    condition = _judged(expression, columns).true
    needed = not any(_takes_null(part) for part in _parts(expression))
    lists = [name for name in names if columns[name].array]
    if lists:
        # A script sees one value of each occurrence at a time; `mvfilter` does the same for a single field.
        if len(set(names)) > 1 or len(names) > 1 or not needed:
            raise unwritten("a function of lists")
        condition = where.Call("isnotnull", (where.Call("mvfilter", (condition,)),))
    complement = where.Binary("==", where.Call("if", (condition, where.Number(1), where.Number(0))), where.Number(0))
    pre = search.both([search.Has(name) for name in dict.fromkeys(names)]) if needed else search.Everything()
    return Leaf(pre, False, condition, complement, tuple(_findings(expression, names, columns)))


def _parts(expression: ir.Expression) -> list[ir.Expression]:
    return [expression, *(part for item in operands(expression) for part in _parts(item))]


def _takes_null(part: ir.Expression) -> bool:
    """Whether the part can have a value although one of its fields is missing: such are also positions that are
    computed, which mean none where they are null (spec eql 9)."""
    match part:
        case ir.Call("substring", (_, *positions)):
            return not all(isinstance(item, ir.Constant) for item in positions)
        case _:
            return isinstance(part, ir.IsNull | ir.Either | ir.Negation)


def _findings(expression: ir.Expression, names: list[str], columns: Catalogue) -> list[Finding]:
    found = [Finding("splunk-numeric-field", name) for name in names if columns[name].type.is_number]
    calls = [part for part in _parts(expression) if isinstance(part, ir.Call)]
    if any(call.function in COUNTING or call.ignore_case for call in calls):
        found += [Finding("splunk-plain-characters", name) for name in names]
    return list(dict.fromkeys(found))


def _judged(expression: ir.Expression, columns: Catalogue) -> _Judged:
    match expression:
        case ir.Compare(operator, left, right):
            return _comparison(operator, left, right, columns)
        case ir.Both(items):
            judged = [_judged(item, columns) for item in items]
            return _Judged(where.both([one.true for one in judged]), where.either([one.false for one in judged]))
        case ir.Either(items):
            judged = [_judged(item, columns) for item in items]
            return _Judged(where.either([one.true for one in judged]), where.both([one.false for one in judged]))
        case ir.Negation(item):
            return _judged(item, columns).turned()
        case ir.IsNull(item):
            inner = (value(item, columns),)
            return _Judged(where.Call("isnull", inner), where.Call("isnotnull", inner))
        case ir.Matches(item, matchers):
            return _matches(item, matchers, columns)
        case ir.Call(function, arguments, ignore_case):
            return _test(function, arguments, ignore_case, columns)
        case ir.Constant(ir.BooleanLiteral(flag)):
            return _Judged(where.TRUE, where.FALSE) if flag else _Judged(where.FALSE, where.TRUE)
        case ir.Constant(None):
            return _Judged(where.FALSE, where.FALSE)
        case ir.Constant() | ir.FieldValue():
            raise unwritten("a value as a condition")
        case _:
            assert_never(expression)


_OPPOSITE = {"==": "!=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _comparison(operator: str, left: ir.Expression, right: ir.Expression, columns: Catalogue) -> _Judged:
    """Numbers as numbers and texts as texts, whatever they look like: SPL compares by look (spec splunk 1)."""
    numbers = [is_number(item, columns) for item in (left, right)]
    boolean = _truth(right)
    if boolean is not None:
        first, second = value(left, columns), boolean
    elif all(numbers):
        first, second = value(left, columns), value(right, columns)
    elif any(numbers) or any(_odd(item, columns) for item in (left, right)):
        raise unwritten("a comparison of different types")
    else:
        first, second = _texts(left, right, columns)
    return _Judged(where.Binary(operator, first, second), where.Binary(_OPPOSITE[operator], first, second))


def _truth(item: ir.Expression) -> where.Where | None:
    match item:
        case ir.Constant(ir.BooleanLiteral(flag)):
            return where.String("true" if flag else "false")
        case _:
            return None


def _odd(item: ir.Expression, columns: Catalogue) -> bool:
    """Whether values of the item are ordered or equal by something else than their characters."""
    match item:
        case ir.FieldValue(name):
            kind = columns[name].type
            return columns[name].folded or not (kind.is_string or kind is FieldType.BOOLEAN)
        case _:
            return False


def _texts(left: ir.Expression, right: ir.Expression, columns: Catalogue) -> tuple[where.Where, where.Where]:
    first, second = value(left, columns), value(right, columns)
    if any(isinstance(item, where.String) and not looks_numeric(item.text) for item in (first, second)):
        return first, second
    # A letter in front keeps texts that look like numbers from being compared as numbers.
    return where.Binary(".", where.String("x"), first), where.Binary(".", where.String("x"), second)


def _matches(item: ir.Expression, matchers: tuple[ir.Matcher, ...], columns: Catalogue) -> _Judged:
    if is_number(item, columns) or _odd(item, columns):
        raise unwritten("a pattern over numbers")
    subject = value(item, columns)
    holds, fails = value_conditions(subject, matchers)
    present = where.Call("isnotnull", (subject,))
    return _Judged(where.both([present, holds]), where.both([present, fails]))


def _test(function: str, arguments: tuple[ir.Expression, ...], ignore_case: bool, columns: Catalogue) -> _Judged:
    if function == "cidrMatch":
        return _in_blocks(arguments, columns)
    shape = _SHAPES.get(function)
    if shape is None or any(is_number(item, columns) or _odd(item, columns) for item in arguments):
        raise unwritten(function)
    subject = value(arguments[0], columns)
    match arguments[1]:
        case ir.Constant(ir.TextLiteral(text)) if escape.is_plain(text) and (not ignore_case or text.isascii()):
            if function == "stringContains" and not text:
                raise unwritten(function)
            pattern = f"(?{'i' if ignore_case else ''}s){shape.format(quoted(text))}"
            found: where.Where = where.Call("match", (subject, where.String(pattern)))
        case item:
            found = _other(function, subject, value(item, columns), ignore_case)
    present = [where.Call("isnotnull", (value(item, columns),)) for item in arguments[:2] if _is_field(item)]
    return _Judged(found, where.both([*present, where.Not(found)]))


_SHAPES = {"startsWith": "^{}", "endsWith": "{}\\z", "stringContains": "{}"}


def _is_field(item: ir.Expression) -> bool:
    return not isinstance(item, ir.Constant)


def _other(function: str, subject: where.Where, other: where.Where, ignore_case: bool) -> where.Where:
    """Whether a text begins with, ends with or holds another value. A text holds what it can be split at."""
    if ignore_case:
        subject, other = where.Call("lower", (subject,)), where.Call("lower", (other,))
    if function == "stringContains":
        parts = where.Call("mvcount", (where.Call("split", (subject, other)),))
        some = where.Binary(">", where.Call("len", (other,)), where.Number(0))
        return where.both([some, where.Binary(">", parts, where.Number(1))])
    size, whole = where.Call("len", (other,)), where.Call("len", (subject,))
    if function == "startsWith":
        piece: where.Where = where.Call("substr", (subject, where.Number(1), size))
    else:
        start = where.Binary("+", where.Binary("-", whole, size), where.Number(1))
        piece = where.Call("substr", (subject, start))
    marked = where.Binary(".", where.String("x"), other)
    same = where.Binary("==", where.Binary(".", where.String("x"), piece), marked)
    return where.both(
        [where.Binary("<=", size, whole), where.either([where.Binary("==", size, where.Number(0)), same])]
    )


def _in_blocks(arguments: tuple[ir.Expression, ...], columns: Catalogue) -> _Judged:
    subject = value(arguments[0], columns)
    blocks: list[where.Where] = []
    for item in arguments[1:]:
        match item:
            case ir.Constant(ir.TextLiteral(block)):
                blocks.append(where.Call("cidrmatch", (where.String(block), subject)))
            case _:
                raise unwritten("cidrMatch")
    found = where.either(blocks)
    present = where.Call("isnotnull", (subject,))
    return _Judged(found, where.both([present, where.Not(found)]))
