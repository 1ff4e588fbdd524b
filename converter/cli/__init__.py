"""The command line: one file per command, no logic of its own."""

import sys
from collections.abc import Sequence

import click

from converter.cli.console import Console
from converter.cli.group import DEFAULT, DefaultCommandGroup
from converter.errors import ConfigurationError, ConverterError
from converter.version import VERSION

DONE, APPROXIMATE, UNREAD, USAGE, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes (docs/cli.md): 1 also stands for disagreements of a verification, 2 for rules that were refused."""


@click.command(cls=DefaultCommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="%(prog)s %(version)s")
def commands() -> None:
    """Ports detection rules written for Elastic (EQL, KQL) to other systems, and says of each how faithful it is."""


def run(arguments: Sequence[str] | None = None, program: str = "convert") -> int:
    """Runs one command line and returns its exit code. Errors are told on stderr, never as a traceback."""
    try:
        code = commands.main(arguments, prog_name=program, standalone_mode=False)
    except click.UsageError as error:
        hint = f" ({_named(error.ctx)} --help shows what there is)" if error.ctx else ""
        Console().complain(ConfigurationError("usage", f"{error.format_message()}{hint}"))
        return USAGE
    except click.ClickException as error:
        Console().complain(ConfigurationError("usage", error.format_message()))
        return USAGE
    except ConfigurationError as error:
        Console().complain(error)
        return USAGE
    except ConverterError as error:
        Console().complain(error)
        return UNREAD
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    return code if isinstance(code, int) else DONE


def _named(context: click.Context) -> str:
    """The command as people type it: the default one has no name."""
    return context.command_path.removesuffix(f" {DEFAULT}")


def main() -> None:
    """The console script."""
    code = run(sys.argv[1:])
    Console.close()
    sys.exit(code)
