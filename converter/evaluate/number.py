"""Numbers as EQL's scripts treat them: 64-bit integers and doubles (spec eql 5.3), and their texts."""

import math
import re

from converter.evaluate.failure import EvaluationError

_LIMIT = 2**64
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Number = int | float


def checked(value: Number) -> Number:
    """The value, if it is a double or fits 64 bits. Raises EvaluationError otherwise."""
    if isinstance(value, int) and not -_LIMIT < value < _LIMIT:
        raise EvaluationError("number-overflow", "an integer of the calculation does not fit 64 bits")
    return value


def divide(left: Number, right: Number) -> Number:
    """Integers divide toward zero; as soon as one side is a double, so is the result. Raises EvaluationError for an
    integer divided by zero."""
    if isinstance(left, int) and isinstance(right, int):
        if right == 0:
            raise _by_zero()
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    if right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def modulo(left: Number, right: Number) -> Number:
    """The remainder with the sign of the dividend. Raises EvaluationError for an integer divided by zero."""
    if isinstance(left, int) and isinstance(right, int):
        if right == 0:
            raise _by_zero()
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    return math.nan if right == 0 or math.isinf(left) else math.fmod(left, right)


def read_decimal(text: str) -> Number | None:
    """The number a text spells, blanks around it ignored; None if it is none. Large integers become doubles."""
    text = text.strip(" \t\n\r\f\v")
    if _INTEGER.fullmatch(text):
        value = int(text)
        return value if -(2**63) <= value < 2**63 else float(value)
    return float(text) if _DECIMAL.fullmatch(text) else None


def read_integer(text: str, base: int) -> int | None:
    """The integer a text spells in a base from 2 to 36, a sign allowed; None if it is none."""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if not digits or len(digits) > 64 or set(digits.lower()) - set(_DIGITS[:base]):
        return None
    value = int(digits, base)
    return -value if text[0] == "-" else value


def text_of(value: Number) -> str:
    """The decimal text of a number, doubles as Java writes them (`1.0E10`)."""
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    mantissa, exponent = _scientific(value)
    return f"{mantissa}E{exponent}"


def _scientific(value: float) -> tuple[str, int]:
    """The shortest mantissa with one digit before the point, and the exponent."""
    digits, _, exponent = f"{value:.16e}".partition("e")
    for places in range(17):
        short, _, power = f"{value:.{places}e}".partition("e")
        if float(f"{short}e{power}") == value:
            digits, exponent = short, power
            break
    return (digits if "." in digits else f"{digits}.0"), int(exponent)


def _by_zero() -> EvaluationError:
    return EvaluationError(
        "division-by-zero",
        "an integer is divided by zero",
        advice="test that the divisor is not zero in another condition, or make one side a decimal",
    )
