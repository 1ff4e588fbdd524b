"""Thresholds: groups with at least so many events and distinct values (spec elasticsearch-target 4.3)."""

import re
from dataclasses import dataclass

from converter.ir import Field, Threshold
from converter.languages.dsl.aggregation import Buckets, Selector, check_kinds, field_of, named, selectors, unknown
from converter.languages.dsl.reader import read
from converter.languages.dsl.shape import Json, Object
from converter.languages.dsl.timespan import TIME_FIELD, without_span
from converter.schema.catalogue import Catalogue

CEILING = 10_000
"""Events of a search without groups are counted so far (spec elastic-rules 2.4)."""

_VARIABLE = r"params\.(\w+)"
_CONDITION = re.compile(rf"\s*(?:{_VARIABLE}|Math\.min\(\s*{_VARIABLE}\s*,\s*(\S+?)\s*\))\s*>=\s*(\S+)\s*")


@dataclass(frozen=True, slots=True)
class _Condition:
    """A number that is at least `least`; `ceiling` is how far it is counted, None without an end."""

    path: str
    least: int
    ceiling: int | None = None


def threshold(query: Object, found: Buckets, catalogue: Catalogue) -> Threshold:
    """Groups that are kept for the number of their events or of a field's values. RuleError for anything else."""
    check_kinds(found, "bucket_selector", "cardinality", "min", "max")
    for kind in ("min", "max"):
        if any(field_of(body, kind) != TIME_FIELD for body in named(found, kind).values()):
            raise unknown(kind, f"only the first and last `{TIME_FIELD}` of a group are understood")
    distinct = {name: field_of(body, "cardinality") for name, body in named(found, "cardinality").items()}
    conditions = [condition for selector in selectors(found) for condition in _conditions(selector)]
    counts = [condition for condition in conditions if condition.path == "_count"]
    varied = [condition for condition in conditions if condition.path in distinct]
    if not conditions or len(counts) > 1 or len(varied) > 1 or len(counts) + len(varied) < len(conditions):
        raise unknown("bucket_selector", "a least number of events, of a field's values, or both were expected")
    rest, start = without_span(query)
    return Threshold(
        read(rest, catalogue),
        tuple(map(Field, found.fields)),
        _least_events(counts, grouped=bool(found.fields)),
        next(((Field(distinct[one.path]), one.least) for one in varied), None),
        start=start,
    )


def _least_events(counts: list[_Condition], *, grouped: bool) -> int:
    """Without groups a number beyond the ceiling has to be out of reach, as it is for the rule."""
    if not counts:
        return 1
    ceiling = None if grouped else CEILING
    if counts[0].ceiling != ceiling and not (counts[0].ceiling is None and counts[0].least <= CEILING):
        raise unknown(
            "bucket_selector", f"events are counted up to {CEILING} without groups, and all of them in groups"
        )
    return counts[0].least


def _conditions(selector: Selector) -> list[_Condition]:
    found = []
    for part in selector.source.split("&&"):
        stated = _CONDITION.fullmatch(part)
        if stated is None:
            raise unknown("bucket_selector", "conditions of the form `params.n >= 5` were expected")
        plain, counted, ceiling, least = stated.groups()
        path = selector.paths.get(plain or counted)
        if not isinstance(path, str):
            raise unknown("bucket_selector", f"`{plain or counted}` is not in `buckets_path`")
        limit = None if ceiling is None else _number(ceiling, selector)
        found.append(_Condition(path, _number(least, selector), limit))
    if len({condition.path for condition in found}) != len(selector.paths):
        raise unknown("bucket_selector", "each of `buckets_path` was expected in one condition")
    return found


def _number(text: str, selector: Selector) -> int:
    """A number as it stands in a script, or the parameter that stands for it."""
    name = re.fullmatch(_VARIABLE, text)
    value: Json = selector.parameters.get(name[1]) if name is not None else _literal(text)
    if type(value) is not int:
        raise unknown("bucket_selector", f"`{text:.80}` is no whole number")
    return value


def _literal(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else None
