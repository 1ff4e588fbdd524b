"""A rule as plain data: everything that is known of it, its meaning node by node (docs/inspect.md)."""

from dataclasses import fields, is_dataclass

from converter.describe.node import NODES, data_of
from converter.errors import RuleError, UnsupportedError
from converter.report import shown_path
from converter.rule import Rule

SCHEMA = "ruleport-rule/1"

_APART = {"origin", "data", "exception_objects", "indicators", "losses", "assumptions", "error"}
"""Attributes of a rule that are not simply rendered: neither the container's own keys nor the documents that a rule is
compared with are repeated."""


def document(rule: Rule) -> dict[str, object]:
    """The rule, with a key for each of its attributes; `null` and empty lists are written out.

    Nothing in it depends on anything but the rule and the path it was read from.
    """
    shown = {item.name: _plain(getattr(rule, item.name)) for item in fields(rule) if item.name not in _APART}
    return {
        "schema": SCHEMA,
        "source": shown_path(rule.origin.path),
        "index": rule.origin.index,
        "format": rule.origin.format,
        "platforms": list(rule.platforms()),
        **shown,
        "losses": [_loss(rule, position) for position in range(len(rule.losses))],
        "assumptions": [{"code": item.code, "message": item.message, "field": item.field} for item in rule.assumptions],
        "error": None if rule.error is None else _error(rule.error),
    }


def _plain(value: object) -> object:
    """Nodes of the meaning as nodes, parts of the metadata as objects with their attributes as keys."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and type(value) not in NODES:
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    return data_of(value)


def _loss(rule: Rule, position: int) -> dict[str, object]:
    loss = rule.losses[position]
    place = rule.origin.place(loss.span)
    return {
        "code": loss.code,
        "direction": None if loss.direction is None else loss.direction.value,
        "message": loss.message,
        "field": loss.field,
        "line": place.line,
        "column": place.column,
    }


def _error(error: RuleError) -> dict[str, object]:
    return {
        "code": error.code,
        "refused": isinstance(error, UnsupportedError),
        "message": error.message,
        "line": error.place.line,
        "column": error.place.column,
    }
