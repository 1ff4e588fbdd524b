"""`spath`: fields of JSON texts ("spath", Search Reference; spec splunk 1.9, 6.1)."""

import json
import re
from collections.abc import Iterator

from backends.splunk.engine.arguments import Name, every, options, read
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.extraction import Rendering, extract, text
from backends.splunk.engine.row import Row
from backends.splunk.engine.source import Fragment

_STEP = re.compile(r"([^.{}]+)(?:\{(\d*)\})?")


def _spath(arguments: Fragment, context: Context) -> Step:
    """All fields of the text, or the values at one path; `{}` is every element of a list, `{0}` the first."""
    items = read(arguments, "path")
    chosen = options(arguments, items, {"input": "_raw", "output": "", "path": ""})
    positional = [name.text for name in every(items, Name)]
    path = chosen["path"] or "".join(positional)
    if len(positional) > 1 or (chosen["output"] and not path):
        raise arguments.error("spl-syntax", "`spath` takes one path")
    steps = _STEP.findall(path)

    def found(row: Row) -> Row:
        values = row.fields.get(chosen["input"], ())
        document = _document(values[0]) if len(values) == 1 else None
        if document is None:
            return row
        if not path:
            return row.having(dict(extract(document, Rendering.BRACES)))
        here = tuple(text(item) for item in _at(document, steps) if isinstance(item, str | bool | int | float))
        return row.having({chosen["output"] or path: here}) if here else row

    return lambda rows, run: [found(row) for row in rows]


def _document(raw: str) -> dict[str, object] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _at(value: object, steps: list[tuple[str, str]]) -> Iterator[object]:
    if not steps:
        yield value
        return
    (name, place), *rest = steps
    inner = value.get(name) if isinstance(value, dict) else None
    if isinstance(inner, list):
        chosen = inner if not place else inner[int(place) : int(place) + 1]
        for item in chosen:
            yield from _at(item, rest)
    elif inner is not None:
        yield from _at(inner, rest)


COMMANDS = {"spath": CommandType(_spath, streaming=True)}
