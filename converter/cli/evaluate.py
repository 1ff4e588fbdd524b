"""`convert evaluate PATH… --events FILE`: runs rules, or what they were converted to, on events."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from converter.cli.console import Console
from converter.cli.parameters import language_option, paths_argument, quiet_option
from converter.jsonline import json_line

if TYPE_CHECKING:
    from converter.batch import Rules
    from converter.evaluate import Match
    from converter.events.event import Event
    from converter.readers.schema_file import Schema
    from converter.rule import Rule


@click.command()
@paths_argument
@click.option("--events", metavar="FILE", required=True, help="NDJSON or a JSON array, .gz or .zip too; - is stdin.")
@click.option(
    "--now", metavar="TIME", help="Time of the run: ISO 8601 or milliseconds since 1970 (default: newest event)."
)
@click.option("--schema", metavar="FILE", help="Types, arrays, clock and tiebreaker of the events, or a mapping.")
@language_option
@quiet_option
def command(
    paths: tuple[str, ...], events: str, now: str | None, schema: str | None, language: str | None, quiet: bool
) -> int:
    """Prints what rules find among events, one JSON line per match.

    A converted file (.spl, .conf, .yml, .sql, .pack.json) is run by its target's embedded engine; the events are then
    the target's, with the fields it knows.
    """
    from converter.batch import read_rules
    from converter.events.reading import read_events
    from converter.readers.schema_file import read_schema, schema_of
    from converter.written import target_of

    if not paths:
        raise click.UsageError("name at least one file or folder of rules")
    known = read_schema(schema) if schema is not None else schema_of({})
    moment = _time(now)
    documents = list(read_events(events, time_field=known.clock, tiebreak_field=known.tiebreaker))
    console = Console(quiet)
    done = True
    for target, group in groupby(paths, target_of):
        if target is not None:
            for path in group:
                done &= _run_file(console, path, target, documents, moment)
        else:
            rules = read_rules(list(group), language, known.catalogue)
            done &= _run_rules(console, rules, known, documents, moment)
    return 0 if done else 2


def _run_rules(
    console: Console, rules: "Rules", schema: "Schema", events: Sequence["Event"], now: float | None
) -> bool:
    """Evaluates every rule on the events inside its scope; whether all could be."""
    from converter.diagnostic import of_error, of_rule
    from converter.errors import ConverterError
    from converter.evaluate import evaluate
    from converter.evaluate.scope import in_scope

    done = True
    for source in rules.found:
        rule = source.rule
        rules.diagnostics.extend(of_rule(rule))
        if rule.detection is None:
            done = False
            continue
        inside = [event for event in events if in_scope(event, rule.scope)]
        try:
            matches = evaluate(rule.detection, inside, schema.catalogue, now=now)
        except ConverterError as error:
            rules.diagnostics.append(of_error(error.at(rule.origin.query)))
            done = False
            continue
        console.product("".join(_line(rule.rule_id, match, _names(rule)) for match in matches))
    console.tell(rules.diagnostics)
    return done


def _run_file(console: Console, path: str, target: str, events: Sequence["Event"], now: float | None) -> bool:
    """Runs a converted file by its target's engine; whether that worked."""
    from converter.diagnostic import of_error
    from converter.errors import ConverterError, Place
    from converter.interpret import rule_id_for
    from converter.written import name_of, run_file

    try:
        matches = run_file(path, target, events, now)
    except ConverterError as error:
        place = error.place
        console.tell([of_error(error.at(Place(path, place.line, place.column)))])
        return False
    console.product("".join(_line(rule_id_for(name_of(path, target)), match) for match in matches))
    return True


def _time(text: str | None) -> float | None:
    if text is None:
        return None
    from converter.events.clock import epoch_millis

    moment = epoch_millis(int(text) if text.isdecimal() else text)
    if moment is None:
        raise click.UsageError(f"--now `{text}` is no time", click.get_current_context())
    return moment


def _line(rule_id: str | None, match: "Match", names: Sequence[str] = ()) -> str:
    """One match. Terms and groups stand by the names of their fields, with the number of their events; the keys of a
    sequence or sample have no names."""
    line: dict[str, object] = {"rule_id": rule_id, "ids": list(match.ids)}
    if match.keys is not None:
        line["keys"] = dict(zip(names, match.keys, strict=True)) if names else list(match.keys)
    if names or match.count is not None:
        line["count"] = len(match.ids) if match.count is None else match.count
    return json_line(line)


def _names(rule: "Rule") -> tuple[str, ...]:
    """The fields whose values a match of the rule is about."""
    from converter.ir.detection import NewTerms, Threshold

    match rule.detection:
        case NewTerms(fields=fields) | Threshold(keys=fields):
            return tuple(field.name for field in fields)
        case _:
            return ()
