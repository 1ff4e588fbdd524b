"""The report of a run as plain data: `--report FILE.json`, schema `ruleport-report/1` (docs/cli.md)."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from converter.backend import Verdict
from converter.diagnostic import Diagnostic
from converter.events.event import Scalar, Values
from converter.losses import Loss
from converter.result import Result
from converter.version import VERSION

if TYPE_CHECKING:
    from converter.verify import Evidence, Proof

SCHEMA = "ruleport-report/1"


@dataclass(frozen=True, slots=True)
class Written:
    """A file of output: its path, None where the text went to stdout, and its SHA-256 in hexadecimal."""

    path: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One result with the files that came of it, and its proof where it was verified."""

    result: Result
    written: tuple[Written, ...] = ()
    proof: "Proof | None" = None


def report(entries: Sequence[Entry], diagnostics: Iterable[Diagnostic]) -> dict[str, object]:
    """The report. It depends on the rules and the outputs only: not on time, machine or hash seed."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "results": [_result(entry) for entry in entries],
        "diagnostics": [_diagnostic(item) for item in diagnostics],
        "summary": summary(entry.result for entry in entries),
    }


def report_text(entries: Sequence[Entry], diagnostics: Iterable[Diagnostic]) -> str:
    """The report as JSON."""
    return json.dumps(report(entries, diagnostics), ensure_ascii=False, indent=2) + "\n"


def summary(results: Iterable[Result]) -> dict[str, dict[str, int]]:
    """For every target, how many results have which verdict."""
    counts: dict[str, dict[str, int]] = {}
    for result in results:
        target = counts.setdefault(result.target, {verdict.value: 0 for verdict in Verdict})
        target[result.verdict.value] += 1
    return counts


def shown_path(path: str) -> str:
    """A path relative to the working directory, with `/`; stdin and queries without a file stay as they are."""
    if path in ("-", "<query>"):
        return path
    relative = os.path.relpath(path).replace(os.sep, "/")
    return relative.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _result(entry: Entry) -> dict[str, object]:
    result = entry.result
    rule = result.rule
    data: dict[str, object] = {
        "source": shown_path(rule.origin.path),
        "index": rule.origin.index,
        "rule_id": rule.rule_id,
        "name": rule.name,
        "type": rule.type,
        "language": rule.language,
        "target": result.target,
        "profile": result.profile,
        "format": result.format,
        "verdict": result.verdict.value,
        "losses": [_loss(result, loss) for loss in result.losses],
        "notes": [{"code": note.code, "message": note.message} for note in result.notes],
        "assumptions": [
            {"code": item.code, "message": item.message, "field": item.field} for item in result.assumptions
        ],
        "sources": [
            {"name": use.name, "platform": use.platform, "alternatives": list(use.alternatives)}
            for use in result.sources
        ],
        "artifacts": [{"path": file.path, "sha256": file.sha256} for file in entry.written],
    }
    if entry.proof is not None:
        data["evidence"] = [_evidence(item) for item in entry.proof.evidence]
    return data


def _evidence(item: "Evidence") -> dict[str, object]:
    return {
        "engine": item.engine,
        "independent": item.independent,
        "events": item.events,
        "not_built": item.not_built,
        "observations": item.observations,
        "agree": item.agree,
        "within_direction": item.within_direction,
        "counterexamples": [
            {
                "claim": example.claim,
                "event": _values(example.fields),
                "stream": [_values(fields) for fields in example.stream],
                "says": dict(example.says),
            }
            for example in item.counterexamples
        ],
    }


def _values(fields: Mapping[str, Values]) -> dict[str, list[Scalar]]:
    return {name: list(values) for name, values in fields.items()}


def _loss(result: Result, loss: Loss) -> dict[str, object]:
    place = result.rule.origin.place(loss.span)
    return {
        "code": loss.code,
        "direction": loss.direction.value if loss.direction else None,
        "message": loss.message,
        "field": loss.field,
        "line": place.line,
        "column": place.column,
        "text": loss.span.text(result.rule.query) if loss.span else "",
    }


def _diagnostic(item: Diagnostic) -> dict[str, object]:
    path = item.place.path
    return {
        "path": shown_path(path) if path else "<query>",
        "line": item.place.line,
        "column": item.place.column,
        "level": item.level.value,
        "code": item.code,
        "message": item.message,
    }
