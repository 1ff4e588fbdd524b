"""`rex` and `regex` (spec splunk 1.2)."""

from collections.abc import Sequence
from re import Pattern

from backends.splunk.engine import pcre
from backends.splunk.engine.arguments import Name, Text, every, fields, first, options, read, whole
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.row import Row, Run
from backends.splunk.engine.source import Fragment


def _pattern(arguments: Fragment, texts: Sequence[Text]) -> Pattern[str]:
    if len(texts) != 1:
        raise arguments.error("spl-syntax", "one quoted regular expression is needed")
    try:
        return pcre.compiled(texts[0].text)
    except UndefinedError as error:
        raise arguments.error("spl-regex", str(error), texts[0].at) from None


def _rex(arguments: Fragment, context: Context) -> Step:
    """Named groups become fields; a row that does not match stays as it is."""
    items = read(arguments, "extraction")
    chosen = options(arguments, items, {"field": "_raw", "max_match": "1"})
    pattern, field = _pattern(arguments, every(items, Text)), chosen["field"]
    most = whole(arguments, "max_match", chosen["max_match"])
    if not pattern.groupindex:
        raise arguments.error("spl-syntax", "the pattern of `rex` has no named group", expected="(?<name>…)")

    def extracted(row: Row) -> Row:
        found = [match for text in row.fields.get(field, ()) for match in pattern.finditer(text)]
        matches = found[: most or None]
        changes = {
            name: tuple(match[name] for match in matches if match[name] is not None) for name in pattern.groupindex
        }
        return row.having({name: values for name, values in changes.items() if values})

    return lambda rows, run: [extracted(row) for row in rows]


def _regex(arguments: Fragment, context: Context) -> Step:
    """Rows whose field has a value that the pattern finds something in; with `!=` the others."""
    items = read(arguments, "filter")
    pattern = _pattern(arguments, every(items, Text))
    fields(arguments, items)
    name = first(items, Name)
    field, negative = name.text if name else "_raw", "!=" in items

    def holds(row: Row) -> bool:
        values = row.fields.get(field)
        if values is None and negative:
            raise arguments.error("spl-undefined", f"what `regex` does with rows without `{field}` is not documented")
        return any(pattern.search(text) for text in values or ()) != negative

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        return [row for row in rows if holds(row)]

    return step


COMMANDS = {
    "rex": CommandType(_rex, streaming=True),
    "regex": CommandType(_regex, streaming=True),
}
