"""`convert verify PATH… --to T`: checks what was written on events."""

import json
from collections.abc import Mapping, Sequence
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
from converter.diagnostic import printable

if TYPE_CHECKING:
    from converter.batch import Request, Sourced
    from converter.events.event import Values
    from converter.report import Entry
    from converter.verify import Counterexample, Proof

Verified = tuple["Sourced", "Request", "Proof"]


@click.command()
@paths_argument
@targets_option
@profile_option
@format_option
@click.option("--events", metavar="FILE", help="Events to check on, instead of generated ones; - is stdin.")
@click.option("--save-events", metavar="DIR", help="Keep the events of every run below this folder, as NDJSON.")
@click.option(
    "--engine",
    metavar="NAME[=ADDRESS]",
    help="The engine to run the outputs on (default: the target's own); NAME=ADDRESS for a server.",
)
@report_option
@fail_on_option
@options_option
@language_option
@quiet_option
def command(
    paths: tuple[str, ...],
    to: tuple[str, ...],
    profile: str | None,
    form: str | None,
    events: str | None,
    save_events: str | None,
    engine: str | None,
    report: str | None,
    fail_on: str,
    options: dict[str, str],
    language: str | None,
    quiet: bool,
) -> int:
    """Runs every output on events and compares it with what its rule finds; prints one line per rule and target."""
    from converter.backend import engine_of
    from converter.batch import options_by_target, read_rules
    from converter.diagnostic import of_proof, of_result, of_rule
    from converter.events.reading import read_events
    from converter.output import write_whole
    from converter.report import Entry, report_text
    from converter.verify import verify

    if not paths:
        raise click.UsageError("name at least one file or folder of rules")
    console = Console(quiet)
    requests = requests_of(to, profile, form)
    settings = options_by_target(requests, options)
    engines = {request.target: engine_of(request.target, engine) for request in requests}
    documents = list(read_events(events)) if events is not None else None
    rules = read_rules(paths, language)
    verified: list[Verified] = []
    for source in rules.found:
        rules.diagnostics.extend(of_rule(source.rule))
        for request in requests:
            proof = verify(
                source.rule,
                request.target,
                request.profile,
                request.format,
                options=settings[request.target],
                events=documents,
                engine=engines[request.target],
            )
            console.product(_told(proof))
            rules.diagnostics.extend(of_result(proof.result))
            rules.diagnostics.extend(of_proof(proof))
            verified.append((source, request, proof))
    entries = [Entry(proof.result, proof=proof) for _, _, proof in verified]
    if save_events is not None:
        _save(verified, Path(save_events))
    if report is not None:
        write_whole(Path(report), report_text(entries, rules.diagnostics))
    console.tell(rules.diagnostics)
    return _exit_code(entries, fail_on)


def _save(verified: Sequence[Verified], folder: Path) -> None:
    """Writes the source events of every run, named as the outputs themselves are."""
    from converter.backend import Artifact
    from converter.batch import folders
    from converter.events.writing import line_of
    from converter.output import Planned, plan, write

    places = folders([(request, proof.result) for _, request, proof in verified])
    planned = []
    for source, request, proof in verified:
        text = "".join(f"{line_of({'_id': event.id, **event.document})}\n" for event in proof.events)
        artifact = Artifact("", ".ndjson", text)
        planned.append(Planned(source.rule, artifact, places[request], source.stem, source.shared))
    for item, path in zip(planned, plan(planned), strict=True):
        if item.artifact.text:
            write(folder, path, item.artifact.text)


def _exit_code(entries: Sequence["Entry"], fail_on: str) -> int:
    """1 for any disagreement, whatever `--fail-on` says; else as for a conversion."""
    from converter.cli.verdict import exit_code

    if any(entry.proof is not None and not entry.proof.holds for entry in entries):
        return 1
    return exit_code((entry.result for entry in entries), fail_on)


def _told(proof: "Proof") -> str:
    """One line for the result, and below it what disagrees: minimal events with both answers."""
    result = proof.result
    lines = [f"{result.rule.name}: {result.target}:{result.profile}: {result.verdict}, {_answer(proof)}"]
    for item in proof.evidence:
        lines += [f"  {example.claim}: {_shown(example)}" for example in item.counterexamples]
    return "".join(f"{printable(line)}\n" for line in lines)


def _answer(proof: "Proof") -> str:
    if not proof.evidence:
        return "INCOMPLETE" if proof.untried else "nothing to verify"
    agrees = all(item.holds for item in proof.evidence)
    answer = "DISAGREES" if not agrees else "INCOMPLETE" if proof.untried else "agrees"
    counts = (f"{item.events} events, {item.observations} found, by {item.engine}" for item in proof.evidence)
    return f"{answer} ({'; '.join(counts)})"


def _shown(example: "Counterexample") -> str:
    says = ", ".join(f"{who} says {says}" for who, says in example.says.items())
    run = "".join(f" | {_json(fields)}" for fields in example.stream)
    return f"{_json(example.fields)} {says}{run}"


def _json(fields: Mapping[str, "Values"]) -> str:
    return json.dumps({name: list(values) for name, values in fields.items()}, ensure_ascii=False)
