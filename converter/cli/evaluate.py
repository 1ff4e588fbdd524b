"""`convert evaluate PATH… --events FILE`: runs rules, or what they were converted to, on events."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING

import click

from converter.cli.console import Console
from converter.cli.parameters import language_option, paths_argument, quiet_option
from converter.jsonline import json_line

if TYPE_CHECKING:
    from converter.evaluate import Match
    from converter.events.file import EventFile
    from converter.rule import Rule
    from converter.running import Run

_LINES = 1000
"""Lines that are written at a time."""

_EXAMPLES = """
\b
Examples:
  convert evaluate rules/ --events sample.ndjson
  convert evaluate rule.toml --events logs.ndjson.gz --now 2024-05-01T12:00:00Z
  convert evaluate feed.toml --events web.json --indicators indicators.ndjson
  convert evaluate query.eql --events old.ndjson --schema schema.toml
  convert evaluate build/splunk/rule.spl --events sysmon.ndjson
  convert evaluate detection.spl --events sysmon.ndjson --rows
  zcat logs.gz | convert evaluate rules/ --events - | jq -r .rule_id | sort | uniq -c
"""


@click.command(epilog=_EXAMPLES)
@paths_argument
@click.option("--events", metavar="FILE", required=True, help="NDJSON or a JSON array, .gz or .zip too; - is stdin.")
@click.option(
    "--now", metavar="TIME", help="Time of the run: ISO 8601 or milliseconds since 1970 (default: newest event)."
)
@click.option("--indicators", metavar="FILE", help="What indicator match rules compare with, in the forms of --events.")
@click.option("--schema", metavar="FILE", help="Types, arrays, clock and tiebreaker of the events, or a mapping.")
@click.option(
    "--max-samples-per-key",
    metavar="N",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="How many samples of one key an EQL sample gives.",
)
@click.option("--rows", is_flag=True, help="Of Splunk searches (.spl, .conf) print the rows they return.")
@language_option
@quiet_option
def command(
    paths: tuple[str, ...],
    events: str,
    now: str | None,
    indicators: str | None,
    schema: str | None,
    max_samples_per_key: int,
    rows: bool,
    language: str | None,
    quiet: bool,
) -> int:
    """Prints what rules find among events, one JSON line per match, in the order of the rules.

    A line has the id of the rule and the ids of the events: `_id`, or the position in the file. A sequence's missing
    event is null. Sequences and samples have their `keys`, groups and new terms `keys` by field and a `count`.

    A converted file (.spl, .conf, .yml, .sql, .pack.json) is run by its target's embedded engine; the events are then
    the target's, with the fields it knows.
    """
    from converter.events.file import EventFile
    from converter.events.reading import read_events
    from converter.readers.schema_file import read_schema, schema_of
    from converter.running import Run
    from converter.written import target_of

    if not paths:
        raise click.UsageError("name at least one file or folder of rules")
    if events == indicators == "-":
        raise click.UsageError("--events and --indicators cannot both be stdin")
    if rows and not all(map(target_of, paths)):
        raise click.UsageError("--rows is for converted files: a rule returns matches, not rows")
    console = Console(quiet)
    run = Run(
        schema=schema_of({}) if schema is None else read_schema(schema),
        now=_time(now),
        indicators=None if indicators is None else list(read_events(indicators)),
        max_samples_per_key=max_samples_per_key,
    )
    file = EventFile(events)
    done = True
    for target, group in groupby(paths, target_of):
        if target is None:
            done &= _run_rules(console, list(group), language, file, run)
        else:
            done &= _run_files(console, group, target, file, run, rows)
    return 0 if done else 2


def _run_rules(console: Console, paths: Sequence[str], language: str | None, events: "EventFile", run: "Run") -> bool:
    """Prints the matches of every rule; whether all could be evaluated."""
    from converter.batch import read_rules
    from converter.diagnostic import of_error, of_rule
    from converter.errors import ConfigurationError, ConverterError
    from converter.running import run_rules

    rules = read_rules(paths, language, run.schema.catalogue)
    for source in rules.found:
        rules.diagnostics.extend(of_rule(source.rule))
    done = all(source.rule.detection is not None for source in rules.found)
    for rule, matches in run_rules([source.rule for source in rules.found], events, run):
        try:
            _print(console, rule.rule_id, matches, _names(rule))
        except ConfigurationError:
            raise  # the events are at fault, not the rule
        except ConverterError as error:
            rules.diagnostics.append(of_error(error.at(rule.origin.query)))
            done = False
    console.tell([*events.oddities.told.values(), *rules.diagnostics])
    return done


def _run_files(
    console: Console, paths: Iterable[str], target: str, events: "EventFile", run: "Run", rows: bool
) -> bool:
    """Runs converted files by their target's engine, and prints matches or rows; whether that worked."""
    from converter.diagnostic import of_error
    from converter.errors import ConverterError, Place
    from converter.events.document import Clock
    from converter.interpret import rule_id_for
    from converter.written import name_of, rows_of_file, run_file

    clock = Clock(run.schema.clock, run.schema.tiebreaker)
    given = list(events.events(clock, indexed=False))
    done = True
    for path in paths:
        rule_id = rule_id_for(name_of(path, target))
        try:
            if rows:
                _print_rows(console, rule_id, rows_of_file(path, target, given, run.now))
            else:
                _print(console, rule_id, run_file(path, target, given, run.now))
        except ConverterError as error:
            place = error.place
            console.tell([of_error(error.at(Place(path, place.line, place.column)))])
            done = False
    return done


def _time(text: str | None) -> float | None:
    if text is None:
        return None
    from converter.events.clock import epoch_millis

    moment = epoch_millis(int(text) if text.isdecimal() else text)
    if moment is None:
        raise click.UsageError(f"--now `{text}` is no time", click.get_current_context())
    return moment


def _print_rows(console: Console, rule_id: str, rows: "Iterable[Mapping[str, Sequence[str]]]") -> None:
    """One line per row; a field of several values is a list."""
    for row in rows:
        shown = {name: values[0] if len(values) == 1 else list(values) for name, values in row.items()}
        console.product(json_line({"rule_id": rule_id, "row": shown}))


def _print(
    console: Console, rule_id: str | None, matches: "Iterable[Match]", names: Sequence[str] | None = None
) -> None:
    """One line per match, some at a time."""
    lines = (_line(rule_id, match, names) for match in matches)
    while text := "".join(islice(lines, _LINES)):
        console.product(text)


def _line(rule_id: str | None, match: "Match", names: Sequence[str] | None) -> str:
    """One match. Terms and groups stand by the names of their fields, with the number of their events; the keys of a
    sequence or sample have no names."""
    line: dict[str, object] = {"rule_id": rule_id, "ids": list(match.ids)}
    if names is not None:
        line["keys"] = dict(zip(names, match.keys or (), strict=True))
        line["count"] = len(match.ids) if match.count is None else match.count
    elif match.keys is not None:
        line["keys"] = list(match.keys)
    return json_line(line)


def _names(rule: "Rule") -> tuple[str, ...] | None:
    """The fields whose values a group, a new term or an indicator match is about, None for matches of other kinds."""
    from converter.ir.detection import IndicatorMatch, NewTerms, Threshold

    match rule.detection:
        case NewTerms(fields=fields) | Threshold(keys=fields):
            return tuple(field.name for field in fields)
        case IndicatorMatch():
            return ()
        case _:
            return None
