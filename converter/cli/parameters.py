"""Options and arguments that several commands share, each meaning the same everywhere."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from converter.batch import Request

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
profile_option = click.option(
    "--profile", metavar="NAME", help="Schema profile, or a file of your own, if a single target is asked for."
)
format_option = click.option(
    "--format", "form", metavar="NAME", help="Form of output, if a single target is asked for."
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["error", "refused", "approximate", "never"]),
    default="refused",
    show_default=True,
    help="The mildest verdict for which the exit code is not 0.",
)
report_option = click.option("--report", metavar="FILE", help="Write a report as JSON.")
language_option = click.option(
    "--from",
    "language",
    type=click.Choice(["eql", "kuery", "lucene", "dsl"]),
    help="The language of --query, and of files that are bare query text.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")


def requests_of(to: Sequence[str], profile: str | None, form: str | None) -> list["Request"]:
    """The targets asked for, each once; `--profile` and `--format` complete a single one."""
    from converter.batch import Request

    requests = list(dict.fromkeys(Request.parse(text) for text in to))
    if profile is None and form is None:
        return requests
    if len(requests) > 1:
        raise click.UsageError("--profile and --format go with a single target; write --to target:profile:format")
    only = requests[0]
    return [Request(only.target, profile or only.profile, form or only.format)]
