"""`convert verify PATH… --to T`: checks what was written on events."""

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
from converter.diagnostic import printable

if TYPE_CHECKING:
    from converter.report import Entry
    from converter.verify import Counterexample, Proof


@click.command()
@paths_argument
@targets_option
@click.option("--events", metavar="FILE", help="Events to check on, instead of generated ones; - is stdin.")
@report_option
@options_option
@language_option
@quiet_option
def command(
    paths: tuple[str, ...],
    to: tuple[str, ...],
    events: str | None,
    report: str | None,
    options: dict[str, str],
    language: str | None,
    quiet: bool,
) -> int:
    """Runs every output on events and compares it with what its rule finds; prints one line per rule and target."""
    from converter.batch import Request, options_by_target, read_rules
    from converter.diagnostic import of_result, of_rule
    from converter.events.reading import read_events
    from converter.output import write_whole
    from converter.report import Entry, report_text
    from converter.verify import verify

    if not paths:
        raise click.UsageError("name at least one file or folder of rules")
    console = Console(quiet)
    requests = list(dict.fromkeys(Request.parse(text) for text in to))
    settings = options_by_target(requests, options)
    documents = list(read_events(events)) if events is not None else None
    rules = read_rules(paths, language)
    entries = []
    for source in rules.found:
        rules.diagnostics.extend(of_rule(source.rule))
        for request in requests:
            wanted = (request.target, request.profile, request.format)
            proof = verify(source.rule, *wanted, options=settings[request.target], events=documents)
            console.product(_told(proof))
            rules.diagnostics.extend(of_result(proof.result))
            entries.append(Entry(proof.result, proof=proof))
    if report is not None:
        write_whole(Path(report), report_text(entries, rules.diagnostics))
    console.tell(rules.diagnostics)
    return _exit_code(entries)


def _exit_code(entries: Sequence["Entry"]) -> int:
    """1 for any disagreement, 2 where a rule could not be read or was refused."""
    from converter.backend import Verdict

    if any(entry.proof is not None and not entry.proof.holds for entry in entries):
        return 1
    return 2 if any(entry.result.verdict in (Verdict.ERROR, Verdict.REFUSED) for entry in entries) else 0


def _told(proof: "Proof") -> str:
    """One line for the result, and below it what disagrees: minimal events with both answers."""
    result = proof.result
    lines = [f"{result.rule.name}: {result.target}:{result.profile}: {result.verdict}, {_answer(proof)}"]
    for item in proof.evidence:
        lines += [f"  {example.claim}: {_shown(example)}" for example in item.counterexamples]
    lines += [f"  not tried: {what}" for what in proof.untried]
    return "".join(f"{printable(line)}\n" for line in lines)


def _answer(proof: "Proof") -> str:
    if not proof.evidence:
        return "nothing to verify"
    agrees = all(item.holds for item in proof.evidence)
    answer = "DISAGREES" if not agrees else "INCOMPLETE" if proof.untried else "agrees"
    counts = (f"{item.events} events, {item.observations} found, by {item.engine}" for item in proof.evidence)
    return f"{answer} ({'; '.join(counts)})"


def _shown(example: "Counterexample") -> str:
    event = json.dumps({name: list(values) for name, values in example.fields.items()}, ensure_ascii=False)
    return f"{event} {', '.join(f'{who} says {says}' for who, says in example.says.items())}"
