"""Options and arguments that several commands share, each meaning the same everywhere."""

import click

paths_argument = click.argument("paths", metavar="PATH...", nargs=-1)


def _split(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Repeated and comma-separated values as one list."""
    names = tuple(name.strip() for item in value for name in item.split(",") if name.strip())
    if not names:
        raise click.UsageError("name a target: --to splunk (`convert targets` lists them)", context)
    return names


def _settings(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    settings = {}
    for item in value:
        name, sign, text = item.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"`-O {item}` is not of the form name=value", context)
        settings[name.strip()] = text.strip()
    return settings


targets_option = click.option(
    "-t",
    "--to",
    "to",
    metavar="TARGET",
    multiple=True,
    callback=_split,
    help="target[:profile[:format]], several times or separated by commas.",
)
options_option = click.option(
    "-O",
    "options",
    metavar="KEY=VALUE",
    multiple=True,
    callback=_settings,
    help="An option of a target (`convert targets --verbose` lists them); repeatable.",
)
report_option = click.option("--report", metavar="FILE", help="Write a report as JSON.")
language_option = click.option(
    "--from",
    "language",
    type=click.Choice(["eql", "kuery", "dsl"]),
    help="The language of --query, and of files that are bare query text.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
