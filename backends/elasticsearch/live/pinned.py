"""Dates relative to the time of a run: the server's clock is not that of the run, so they are counted from its present.

`now-9m` becomes `2026-01-01T00:00:00.000Z||-9m`, which leaves the arithmetic to the server.
"""

from typing import Any

from converter.evaluate.dates import MILLISECOND, text_of
from converter.schema.catalogue import Catalogue, FieldType

_NOW = "now"


def pinned(body: Any, now: float, catalogue: Catalogue) -> Any:
    """The body with the bounds of ranges over date fields counted from `now` (milliseconds)."""
    if isinstance(body, list):
        return [pinned(item, now, catalogue) for item in body]
    if not isinstance(body, dict):
        return body
    found = {}
    for key, value in body.items():
        match key, value:
            case "script", _:  # what its parameters hold is data
                found[key] = value
            case "range", dict():
                found[key] = {name: _bounds(name, bounds, now, catalogue) for name, bounds in value.items()}
            case _:
                found[key] = pinned(value, now, catalogue)
    return found


def _bounds(name: str, bounds: Any, now: float, catalogue: Catalogue) -> Any:
    if catalogue[name].type is not FieldType.DATE or not isinstance(bounds, dict):
        return bounds
    return {key: _counted(bound, now) for key, bound in bounds.items()}


def _counted(bound: Any, now: float) -> Any:
    if not (isinstance(bound, str) and bound.startswith(_NOW)):
        return bound
    start, steps = text_of(int(now) * MILLISECOND), bound.removeprefix(_NOW)  # dates have milliseconds there
    return f"{start}||{steps}" if steps else start
