"""Saying no, at the place of the key that asks for what is not understood."""

from converter.errors import Place, RuleError, UnsupportedError
from converter.rule import RawRule


def place_of(raw: RawRule, key: str) -> Place:
    """Where a key's value stands, else where the rule begins."""
    return raw.places.get(key) or (raw.origin.query if key == "query" else raw.origin.begin)


def unsupported(raw: RawRule, key: str, code: str, what: str) -> UnsupportedError:
    """The rule is understood and asks for something that is not converted."""
    return UnsupportedError(code, what, place=place_of(raw, key))


def malformed(raw: RawRule, key: str, expected: str, name: str | None = None) -> RuleError:
    """A key that decides what the rule finds has the wrong form; `name` is the key inside the key, if it is one."""
    return RuleError("rule-key-invalid", f"`{name or key}` cannot be used", place=place_of(raw, key), expected=expected)


def short(value: object) -> str:
    """A value as messages show it."""
    shown = str(value)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
