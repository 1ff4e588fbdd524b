"""Small conditions that sequences are made of: rows, order and distances in time (spec splunk 4.3)."""

from backends.splunk import where

THOUSAND = 1000


def name(text: str) -> where.Where:
    return where.FieldName(text)


def row_if(condition: where.Where, field: str) -> where.Where:
    """The field where the condition holds, else null; `if` takes null for false."""
    if condition == where.TRUE:
        return name(field)
    return where.Call("if", (condition, name(field), where.Call("null", ())))


def after(previous: where.Where, other: str, *, same: bool = False) -> where.Where:
    """Whether a row came after another one, if that is there at all."""
    operator = ">=" if same else ">"
    return where.either([where.Call("isnull", (name(other),)), where.Binary(operator, previous, name(other))])


def constant(milliseconds: int | None) -> where.Number | None:
    """A span in seconds, with a fraction only where it has one."""
    if milliseconds is None:
        return None
    whole, rest = divmod(milliseconds, THOUSAND)
    return where.Number(whole if not rest else milliseconds / THOUSAND)


def within(maxspan: int | None, end: str, begin: str) -> list[where.Where]:
    """Whether two times are no further apart than the span, if there is one."""
    limit = constant(maxspan)
    return [] if limit is None else [where.Binary("<=", _distance(end, begin), limit)]


def beyond(maxspan: int | None, end: str, begin: str) -> list[where.Where]:
    """Whether two times are further apart than the span; without a span none are."""
    limit = constant(maxspan)
    return [] if limit is None else [where.Binary(">", _distance(end, begin), limit)]


def _distance(end: str, begin: str) -> where.Where:
    """`_time` is a floating-point number: a difference is rounded to milliseconds before it is compared (4.3)."""
    return where.Call("round", (where.Binary("-", name(end), name(begin)), where.Number(3)))
