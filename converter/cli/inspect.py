"""`convert inspect PATH…`: what rules mean, as the converter understands them."""

import click

from converter.cli.console import Console
from converter.cli.parameters import language_option, paths_argument, quiet_option


@click.command()
@paths_argument
@language_option
@quiet_option
def command(paths: tuple[str, ...], language: str | None, quiet: bool) -> int:
    """Shows the intermediate representation of rules."""
    from converter.batch import read_rules
    from converter.diagnostic import of_rule
    from converter.ir.show import show

    if not paths:
        raise click.UsageError("name at least one file or folder, or - for stdin")
    console = Console(quiet)
    rules = read_rules(paths, language)
    for source in rules.found:
        rules.diagnostics.extend(of_rule(source.rule))
        if source.rule.detection is not None:
            console.product(f"{source.rule.name}\n{show(source.rule.detection).rstrip()}\n\n")
    console.tell(rules.diagnostics)
    return 2 if any(source.rule.error for source in rules.found) else 0
