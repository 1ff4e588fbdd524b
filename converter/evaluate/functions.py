"""EQL's functions, and those that derivations add, by canonical name (spec eql 9).

Values are texts, numbers, booleans and None for null. Every function here is called with at least the arguments it
needs: the parser has checked the count.
"""

from collections.abc import Callable, Sequence

from converter.evaluate import number, units
from converter.evaluate.address import in_block
from converter.evaluate.failure import EvaluationError
from converter.events.event import Scalar

Value = Scalar | None


def apply(name: str, arguments: Sequence[Value], ignore_case: bool = False) -> Value:
    """The function's value, None for null.

    A null argument makes the result null, with the exceptions of spec eql 9. Raises EvaluationError for a text that is
    no number, an integer divided by zero, or an argument of a type the function does not take.
    """
    nullable_from = _NULLABLE_FROM.get(name, len(arguments))
    if any(argument is None for argument in arguments[:nullable_from]):
        return None
    function = _FUNCTIONS[name]
    if not ignore_case:
        return function(*arguments)
    if name == "between":
        return function(*arguments, ignore_case=True)
    return function(*(argument.lower() if isinstance(argument, str) else argument for argument in arguments))


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise _wrong_type("a text", value)
    return value


def _number(value: Value) -> number.Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_type("a number", value)
    return value


def _integer(value: Value) -> int:
    found = _number(value)
    if not isinstance(found, int):
        raise _wrong_type("an integer", value)
    return found


def _wrong_type(expected: str, value: Value) -> EvaluationError:
    return EvaluationError("function-argument-type", f"a function was given {value!r:.60}", expected=expected)


def _add(left: Value, right: Value) -> Value:
    return number.checked(_number(left) + _number(right))


def _subtract(left: Value, right: Value) -> Value:
    return number.checked(_number(left) - _number(right))


def _multiply(left: Value, right: Value) -> Value:
    return number.checked(_number(left) * _number(right))


def _divide(left: Value, right: Value) -> Value:
    return number.divide(_number(left), _number(right))


def _modulo(left: Value, right: Value) -> Value:
    return number.modulo(_number(left), _number(right))


def _between(source: Value, left: Value, right: Value, greedy: Value = False, *, ignore_case: bool = False) -> Value:
    """The text after the first `left` up to the next, or greedily the last, `right`; its case is the source's."""
    text, before, after = _text(source), _text(left), _text(right)
    if not (text and before and after):
        return text
    searched = text
    if ignore_case:
        searched, before, after = text.lower(), before.lower(), after.lower()
    found = searched.find(before)
    if found < 0:
        return ""
    start = found + len(before)
    end = searched.rfind(after) if greedy else searched.find(after, start)
    return text[start:end] if end >= start else ""


def _cidr_match(address: Value, *blocks: Value) -> Value:
    return any(in_block(_text(address), _text(block)) for block in blocks)


def _concat(*arguments: Value) -> Value:
    return "".join(_string(argument) for argument in arguments)


def _ends_with(source: Value, suffix: Value) -> Value:
    return _text(source).endswith(_text(suffix))


def _index_of(source: Value, sub: Value, start: Value = None) -> Value:
    first = 0 if start is None else max(_integer(start), 0)
    return units.index_of(_text(source), _text(sub), first)


def _length(source: Value) -> Value:
    return units.length(_text(source))


def _to_number(source: Value, base: Value = None) -> Value:
    text = _text(source)
    radix = 10 if base is None else _integer(base)
    if text.startswith("0x") and (base is None or radix == 16):
        found: number.Number | None = number.read_integer(text[2:], 16)
    elif radix == 10:
        found = number.read_decimal(text)
    elif 2 <= radix <= 36:
        found = number.read_integer(text, radix)
    else:
        raise _wrong_type("a base from 2 to 36", base)
    if found is None:
        raise EvaluationError("not-a-number", f"{text!r:.60} is no number in base {radix}")
    return found


def _starts_with(source: Value, prefix: Value) -> Value:
    return _text(source).startswith(_text(prefix))


def _string(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number.text_of(value)
        case _:
            return _text(value)


def _string_contains(source: Value, sub: Value) -> Value:
    return bool(source) and bool(sub) and _text(sub) in _text(source)


def _substring(source: Value, start: Value, end: Value = None) -> Value:
    first = 0 if start is None else _integer(start)
    last = None if end is None else _integer(end)
    return units.cut(_text(source), first, last)


def _basename(path: Value, separator: Value) -> Value:
    return _text(path).rpartition(_text(separator))[2] or None


def _dirname(path: Value, separator: Value) -> Value:
    directory, found, _ = _text(path).rpartition(_text(separator))
    return directory or ("/" if found == "/" else None)


def _extension(path: Value, separator: Value) -> Value:
    name = _text(path).rpartition(_text(separator))[2]
    _, found, extension = name.rpartition(".")
    return (extension or None) if found else None


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value is not None), None)


def _upper(source: Value) -> Value:
    return _text(source).upper()


def _lower(source: Value) -> Value:
    return _text(source).lower()


def _negate(value: Value) -> Value:
    return -_number(value)


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "modulo": _modulo,
    "between": _between,
    "cidrMatch": _cidr_match,
    "concat": _concat,
    "endsWith": _ends_with,
    "indexOf": _index_of,
    "length": _length,
    "number": _to_number,
    "startsWith": _starts_with,
    "string": _string,
    "stringContains": _string_contains,
    "substring": _substring,
    "basename": _basename,
    "dirname": _dirname,
    "extension": _extension,
    "coalesce": _coalesce,
    "upper": _upper,
    "lower": _lower,
    "negate": _negate,
}

_NULLABLE_FROM = {"coalesce": 0, "indexOf": 2, "number": 1, "substring": 1}
"""The first argument that may be null without making the result null."""
