"""`convert inspect PATH…`: what rules mean, in words for people or as data for programs."""

from typing import TYPE_CHECKING

import click

from converter.cli.console import Console
from converter.cli.parameters import language_option, paths_argument, quiet_option

if TYPE_CHECKING:
    from converter.rule import Rule

_EXAMPLES = """\b
Examples:
  convert inspect rules/system_v_init_script_created.toml
  convert inspect rules/ | less
  convert inspect --json rules/ | jq -r '.name, .detection.node'
  echo 'process where process.name != "sh"' | convert inspect --from eql -
"""

_RULE_OFF = "-" * 100


@click.command(epilog=_EXAMPLES)
@paths_argument
@click.option("--json", "as_json", is_flag=True, help="One JSON line per rule, complete (docs/inspect.md).")
@language_option
@quiet_option
def command(paths: tuple[str, ...], as_json: bool, language: str | None, quiet: bool) -> int:
    """Says in words what rules select: one page per rule, whatever they are to be converted to."""
    from converter.batch import read_rules
    from converter.diagnostic import of_error

    if not paths:
        raise click.UsageError("name at least one file or folder, or - for stdin")
    console = Console(quiet)
    rules = read_rules(paths, language)
    for position, source in enumerate(rules.found):
        console.product(_line(source.rule) if as_json else _page(source.rule, first=position == 0))
        if source.rule.error is not None:
            rules.diagnostics.append(of_error(source.rule.error))
    console.tell(rules.diagnostics)
    return 2 if any(source.rule.error for source in rules.found) else 0


def _page(rule: "Rule", *, first: bool) -> str:
    """The page, ruled off from the one before."""
    from converter.describe import page

    return page(rule) if first else f"\n{_RULE_OFF}\n\n{page(rule)}"


def _line(rule: "Rule") -> str:
    from converter.describe import document
    from converter.jsonline import json_line

    return json_line(document(rule))
