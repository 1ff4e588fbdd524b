"""`convert --to … PATH…`: the default command."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from converter.cli.console import Console
from converter.cli.parameters import (
    fail_on_option,
    format_option,
    language_option,
    options_option,
    paths_argument,
    profile_option,
    quiet_option,
    report_option,
    requests_of,
    targets_option,
)

if TYPE_CHECKING:
    from converter.batch import Request, Rules, Sourced
    from converter.events.event import Event
    from converter.output import Planned
    from converter.report import Entry
    from converter.result import Result

Conversion = tuple["Sourced", "Request", "Result"]

EXAMPLES = """\b
Examples:
  convert --to splunk rules/system_v_init_script_created.toml
  convert --to splunk:ecs,sigma,osquery,elasticsearch rules/ -o build/
  convert --to sigma --query 'process where process.name == "nc"' --from eql
  convert --to elasticsearch --report report.json --fail-on approximate rules/
  convert --to elasticsearch --indicators indicators.ndjson feed.toml -o build/
  curl -s https://example.org/rule.toml | convert --to osquery -
"""


@click.command(epilog=EXAMPLES)
@paths_argument
@targets_option
@profile_option
@format_option
@click.option("-o", "--output", metavar="DIR", help="Write files below this folder instead of to stdout.")
@report_option
@fail_on_option
@click.option("--strict", is_flag=True, help="Refuse whatever would be approximate.")
@options_option
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, metavar="N", help="Convert in this many processes at once."
)
@click.option(
    "--indicators", metavar="FILE", help="Documents that indicator match rules compare with: NDJSON or a JSON array."
)
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
    jobs: int,
    indicators: str | None,
    query: str | None,
    language: str | None,
    quiet: bool,
) -> int:
    """Converts rules to the targets asked for."""
    from converter.batch import conversions
    from converter.cli.verdict import exit_code
    from converter.output import write_whole
    from converter.report import report_text

    console = Console(quiet)
    requests = requests_of(to, profile, form)
    rules = _rules(paths, query, language)
    documents = None if indicators is None else _indicators(indicators, paths)
    results = list(conversions(rules, requests, options, strict=strict, jobs=jobs, indicators=documents))
    entries = _delivered(console, rules, results, output)
    if report is not None:
        write_whole(Path(report), report_text(entries, rules.diagnostics))
    console.tell(rules.diagnostics)
    console.say(_summary(entries, len(rules.found)))
    return exit_code([entry.result for entry in entries], fail_on)


def _rules(paths: Sequence[str], query: str | None, language: str | None) -> "Rules":
    from converter.batch import read_query, read_rules

    if query is None:
        if not paths:
            raise click.UsageError("name at least one file or folder, or - for stdin")
        return read_rules(paths, language)
    if paths or language is None:
        raise click.UsageError("--query goes with --from and without paths")
    return read_query(query, language)


def _indicators(path: str, paths: Sequence[str]) -> list["Event"]:
    from converter.events.reading import read_events

    if path == "-" and "-" in paths:
        raise click.UsageError("rules and --indicators cannot both be stdin")
    return list(read_events(path))


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
    from converter.jsonline import json_line
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
    return json_line(line)


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
