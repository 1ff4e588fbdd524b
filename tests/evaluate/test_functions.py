"""Functions by the rules of the specification (spec eql 9): nulls, positions, integers, errors."""

import pytest

from converter.evaluate import EvaluationError
from converter.evaluate.functions import Value, apply

ASTRAL = "\U0001f600"


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("add", (1, 2), 3),
        ("add", (1, 2.5), 3.5),
        ("subtract", (1, None), None),
        ("multiply", (3, -2), -6),
        ("divide", (83, 2), 41),
        ("divide", (-7, 2), -3),
        ("divide", (7, 2.0), 3.5),
        ("divide", (1, 0.0), float("inf")),
        ("modulo", (-7, 3), -1),
        ("modulo", (7, -3), 1),
        ("negate", (5,), -5),
        ("between", ("one [two] three]", "[", "]"), "two"),
        ("between", ("one [two] three]", "[", "]", True), "two] three"),
        ("between", ("one", "[", "]"), ""),
        ("between", ("one]", "]", "o", True), ""),
        ("between", ("", "a", "b"), ""),
        ("between", ("abc", "", "c"), "abc"),
        ("between", (None, "a", "b"), None),
        ("cidrMatch", ("10.9.8.7", "10.6.48.157/8"), True),
        ("cidrMatch", ("fe80::1", "10.0.0.0/8", "fe80::/10"), True),
        ("cidrMatch", ("not an address", "0.0.0.0/0"), False),
        ("concat", ("a", 1, True, 2.5), "a1true2.5"),
        ("concat", ("a", None), None),
        ("endsWith", ("abc", "bc"), True),
        ("endsWith", ("abc", "BC"), False),
        ("indexOf", ("banana", "an"), 1),
        ("indexOf", ("banana", "an", 2), 3),
        ("indexOf", ("banana", "an", -5), 1),
        ("indexOf", ("banana", "an", None), 1),
        ("indexOf", ("banana", "x"), None),
        ("indexOf", ("banana", "", 3), 3),
        ("indexOf", (ASTRAL + "x", "x"), 2),
        ("length", ("",), 0),
        ("length", ("a" + ASTRAL,), 3),
        ("length", (None,), None),
        ("number", ("-12",), -12),
        ("number", (" 1.5 ",), 1.5),
        ("number", ("0x1f",), 31),
        ("number", ("0x1f", 16), 31),
        ("number", ("1f", 16), 31),
        ("number", ("101", 2), 5),
        ("number", ("12", None), 12),
        ("number", ("99999999999999999999",), 1e20),
        ("startsWith", ("abc", ""), True),
        ("string", (5,), "5"),
        ("string", (True,), "true"),
        ("string", (1.0,), "1.0"),
        ("string", (1e10,), "1.0E10"),
        ("string", (1.25e-5,), "1.25E-5"),
        ("stringContains", ("abc", "b"), True),
        ("stringContains", ("abc", ""), False),
        ("substring", ("hello", 1), "ello"),
        ("substring", ("hello", -3), "llo"),
        ("substring", ("hello", -30, 2), "he"),
        ("substring", ("hello", 3, 2), ""),
        ("substring", ("hello", None, None), "hello"),
        ("substring", (ASTRAL + "x", 2), "x"),
        ("basename", (r"C:\a\b.exe", "\\"), "b.exe"),
        ("basename", ("b.exe", "\\"), "b.exe"),
        ("dirname", ("/a/b", "/"), "/a"),
        ("dirname", ("b", "/"), None),
        ("extension", ("/a.d/b.tar.gz", "/"), "gz"),
        ("extension", ("/a.d/b", "/"), None),
        ("upper", ("aé",), "AÉ"),
        ("lower", ("AÉ",), "aé"),
    ],
)
def test_value(name: str, arguments: tuple[Value, ...], result: Value) -> None:
    found = apply(name, arguments)
    assert (found, type(found)) == (result, type(result))


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("startsWith", ("ABC", "ab"), True),
        ("endsWith", ("abÉ", "é"), True),
        ("stringContains", ("xABCx", "abc"), True),
        ("indexOf", ("xA", "a"), 1),
        ("between", ("One Two THREE", "one ", " three"), "Two"),
    ],
)
def test_ignoring_case(name: str, arguments: tuple[Value, ...], result: Value) -> None:
    assert apply(name, arguments, ignore_case=True) == result
    assert apply(name, arguments) != result


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("number", ("abc",), "not-a-number"),
        ("number", ("",), "not-a-number"),
        ("number", ("1_000",), "not-a-number"),
        ("number", ("2", 2), "not-a-number"),
        ("divide", (1, 0), "division-by-zero"),
        ("modulo", (1, 0), "division-by-zero"),
        ("multiply", (2**40, 2**40), "number-overflow"),
        ("length", (5,), "function-argument-type"),
        ("add", ("1", 2), "function-argument-type"),
        ("number", ("1", 99), "function-argument-type"),
    ],
)
def test_what_fails_a_search(name: str, arguments: tuple[Value, ...], code: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        apply(name, arguments)
    assert caught.value.code == code
