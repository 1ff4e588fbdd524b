"""`convert --to … PATH…`: the default command."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from converter.cli.console import Console
from converter.cli.parameters import (
    language_option,
    options_option,
    paths_argument,
    quiet_option,
    report_option,
    targets_option,
)

if TYPE_CHECKING:
    from converter.batch import Request, Rules, Sourced
    from converter.output import Planned
    from converter.report import Entry
    from converter.result import Result

FAIL_ON = ("error", "refused", "approximate", "never")

Conversion = tuple["Sourced", "Request", "Result"]

EXAMPLES = """\b
Examples:
  convert --to splunk rules/system_v_init_script_created.toml
  convert --to splunk:ecs,sigma,osquery,elasticsearch rules/ -o build/
  convert --to sigma --query 'process where process.name == "nc"' --from eql
  convert --to elasticsearch --report report.json --fail-on approximate rules/
  curl -s https://example.org/rule.toml | convert --to osquery -
"""


@click.command(epilog=EXAMPLES)
@paths_argument
@targets_option
@click.option("--profile", metavar="NAME", help="Schema profile, if a single target is asked for.")
@click.option("--format", "form", metavar="NAME", help="Form of output, if a single target is asked for.")
@click.option("-o", "--output", metavar="DIR", help="Write files below this folder instead of to stdout.")
@report_option
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="refused",
    show_default=True,
    help="The mildest verdict for which the exit code is not 0.",
)
@click.option("--strict", is_flag=True, help="Refuse whatever would be approximate.")
@options_option
@click.option("--query", metavar="TEXT", help="Convert this query instead of files; needs --from.")
@language_option
@quiet_option
def command(
    paths: tuple[str, ...],
    to: tuple[str, ...],
    profile: str | None,
    form: str | None,
    output: str | None,
    report: str | None,
    fail_on: str,
    strict: bool,
    options: dict[str, str],
    query: str | None,
    language: str | None,
    quiet: bool,
) -> int:
    """Converts rules to the targets asked for."""
    from converter.batch import conversions
    from converter.output import write_whole
    from converter.report import report_text

    console = Console(quiet)
    requests = _requests(to, profile, form)
    rules = _rules(paths, query, language)
    results = list(conversions(rules, requests, options, strict=strict))
    entries = _delivered(console, rules, results, output)
    if report is not None:
        write_whole(Path(report), report_text(entries, rules.diagnostics))
    console.tell(rules.diagnostics)
    console.say(_summary(entries, len(rules.found)))
    return exit_code([entry.result for entry in entries], fail_on)


def exit_code(results: Sequence["Result"], fail_on: str) -> int:
    """2 where a rule could not be read or was refused, 1 where one is approximate, as far as `--fail-on` asks."""
    from converter.backend import Verdict

    verdicts = {result.verdict for result in results}
    if fail_on == "never":
        return 0
    if Verdict.ERROR in verdicts or (Verdict.REFUSED in verdicts and fail_on != "error"):
        return 2
    return 1 if Verdict.APPROXIMATE in verdicts and fail_on == "approximate" else 0


def _requests(to: Sequence[str], profile: str | None, form: str | None) -> list["Request"]:
    from converter.batch import Request

    requests = list(dict.fromkeys(Request.parse(text) for text in to))
    if profile is None and form is None:
        return requests
    if len(requests) > 1:
        raise click.UsageError("--profile and --format go with a single target; write --to target:profile:format")
    only = requests[0]
    return [Request(only.target, profile or only.profile, form or only.format)]


def _rules(paths: Sequence[str], query: str | None, language: str | None) -> "Rules":
    from converter.batch import read_query, read_rules

    if query is None:
        if not paths:
            raise click.UsageError("name at least one file or folder, or - for stdin")
        return read_rules(paths, language)
    if paths or language is None:
        raise click.UsageError("--query goes with --from and without paths")
    return read_query(query, language)


# --- delivering ----------------------------------------------------------------------------------------------------


def _delivered(console: Console, rules: "Rules", results: Sequence[Conversion], output: str | None) -> list["Entry"]:
    """Writes the artifacts to their files or to stdout, and returns the results with what was written."""
    from converter.output import digest
    from converter.report import Entry, Written

    if output is not None:
        return _to_files(results, Path(output))
    entries = []
    for _, _, result in results:
        entries.append(Entry(result, tuple(Written(None, digest(artifact.text)) for artifact in result.artifacts)))
    if len(results) == 1:
        console.product(_pasteable(results[0][2]))
    else:
        console.product("".join(_json_line(result, position) for _, _, result in results for position in _each(result)))
    return entries


def _each(result: "Result") -> range:
    return range(len(result.artifacts))


def _pasteable(result: "Result") -> str:
    """The text of a single result, ready to paste; YAML documents and statements are told apart as their form asks."""
    separator = "---\n" if any(artifact.suffix == ".yml" for artifact in result.artifacts) else "\n"
    return separator.join(_ended(artifact.text) for artifact in result.artifacts)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _json_line(result: "Result", position: int) -> str:
    from converter.report import shown_path

    artifact = result.artifacts[position]
    line = {
        "rule_id": result.rule.rule_id,
        "name": result.rule.name,
        "source": shown_path(result.rule.origin.path),
        "target": result.target,
        "profile": result.profile,
        "format": result.format,
        "verdict": result.verdict.value,
        "name_of_file": artifact.name,
        "text": artifact.text,
    }
    return json.dumps(line, ensure_ascii=False) + "\n"


def _to_files(results: Sequence[Conversion], folder: Path) -> list["Entry"]:
    from converter.output import digest, plan, write
    from converter.report import Entry, Written, shown_path

    artifacts = _planned(results)
    written = [
        Written(shown_path(str(write(folder, path, _ended(item.artifact.text)))), digest(_ended(item.artifact.text)))
        for item, path in zip(artifacts, plan(artifacts), strict=True)
    ]
    remaining = iter(written)
    return [Entry(result, tuple(next(remaining) for _ in result.artifacts)) for _, _, result in results]


def _planned(results: Sequence[Conversion]) -> list["Planned"]:
    from converter.batch import folders
    from converter.output import Planned

    folder = folders([(request, result) for _, request, result in results])
    return [
        Planned(source.rule, artifact, folder[request], source.stem, source.shared)
        for source, request, result in results
        for artifact in result.artifacts
    ]


def _summary(entries: Sequence["Entry"], rules: int) -> str:
    from converter.report import summary

    counts = summary(entry.result for entry in entries)
    targets = (
        f"{target} {', '.join(f'{count} {verdict}' for verdict, count in verdicts.items() if count)}"
        for target, verdicts in counts.items()
    )
    return f"{rules} rule{'' if rules == 1 else 's'}: {'; '.join(targets)}"
