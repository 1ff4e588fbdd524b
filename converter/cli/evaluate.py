"""`convert evaluate PATH… --events FILE`: runs rules on events."""

import json
from typing import TYPE_CHECKING

import click

from converter.cli.console import Console
from converter.cli.parameters import language_option, paths_argument, quiet_option

if TYPE_CHECKING:
    from converter.evaluate import Match
    from converter.rule import Rule


@click.command()
@paths_argument
@click.option("--events", metavar="FILE", required=True, help="NDJSON or a JSON array, .gz or .zip too; - is stdin.")
@click.option(
    "--now", metavar="TIME", help="Time of the run: ISO 8601 or milliseconds since 1970 (default: newest event)."
)
@language_option
@quiet_option
def command(paths: tuple[str, ...], events: str, now: str | None, language: str | None, quiet: bool) -> int:
    """Prints what rules find among events, one JSON line per match."""
    from converter.batch import read_rules
    from converter.diagnostic import of_error, of_rule
    from converter.errors import ConverterError
    from converter.evaluate import evaluate
    from converter.evaluate.scope import in_scope
    from converter.events.reading import read_events
    from converter.schema.catalogue import default_catalogue

    if not paths:
        raise click.UsageError("name at least one file or folder of rules")
    console = Console(quiet)
    rules = read_rules(paths, language)
    documents = list(read_events(events))
    moment = _time(now)
    failed = False
    for source in rules.found:
        rule = source.rule
        rules.diagnostics.extend(of_rule(rule))
        if rule.detection is None:
            failed = True
            continue
        inside = [event for event in documents if in_scope(event, rule.scope)]
        try:
            matches = evaluate(rule.detection, inside, default_catalogue(), now=moment)
        except ConverterError as error:
            rules.diagnostics.append(of_error(error.at(rule.origin.query)))
            failed = True
            continue
        console.product("".join(_line(rule, match) for match in matches))
    console.tell(rules.diagnostics)
    return 2 if failed else 0


def _time(text: str | None) -> float | None:
    if text is None:
        return None
    from converter.events.clock import epoch_millis

    moment = epoch_millis(int(text) if text.isdecimal() else text)
    if moment is None:
        raise click.UsageError(f"--now `{text}` is no time", click.get_current_context())
    return moment


def _line(rule: "Rule", match: "Match") -> str:
    line: dict[str, object] = {"rule_id": rule.rule_id, "ids": list(match.ids)}
    if match.keys is not None:
        line["keys"] = _keys(rule, match.keys)
    if match.count is not None:
        line["count"] = match.count
    return json.dumps(line, ensure_ascii=False) + "\n"


def _keys(rule: "Rule", values: tuple[object, ...]) -> object:
    """Terms and groups by the names of their fields; the keys of a sequence or sample have none."""
    from converter.ir.detection import NewTerms, Threshold

    match rule.detection:
        case NewTerms(fields=fields) | Threshold(keys=fields):
            return dict(zip((field.name for field in fields), values, strict=True))
        case _:
            return list(values)
