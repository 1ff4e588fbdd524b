"""`where` and `eval` (spec splunk 1, 1.6)."""

from collections.abc import Sequence

from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.expression.compiler import Compiler
from backends.splunk.engine.expression.tree import read, read_assignments
from backends.splunk.engine.expression.value import Scope, texts
from backends.splunk.engine.row import Row, Run
from backends.splunk.engine.source import Fragment


def _where(arguments: Fragment, context: Context) -> Step:
    condition = Compiler(arguments).condition(read(arguments))
    return lambda rows, run: [row for row in rows if condition(Scope(row.fields, run.now))]


def _eval(arguments: Fragment, context: Context) -> Step:
    """Assignments from left to right, each seeing the ones before; NULL removes the field."""
    compiler = Compiler(arguments)
    assignments = [(item.name, compiler.value(item.value), item.value.at) for item in read_assignments(arguments)]

    def evaluated(row: Row, run: Run) -> Row:
        for name, value, at in assignments:
            try:
                stored = texts(value(Scope(row.fields, run.now)))
            except UndefinedError as error:
                raise arguments.error("spl-undefined", str(error), at) from None
            row = row.having({name: stored})
        return row

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        return [evaluated(row, run) for row in rows]

    return step


COMMANDS = {
    "where": CommandType(_where, streaming=True),
    "eval": CommandType(_eval, streaming=True),
}
