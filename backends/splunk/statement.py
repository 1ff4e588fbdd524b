"""From a ported rule to a search: which commands, over which fields, and what they rest on."""

from dataclasses import dataclass, replace

from backends.splunk import escape, savedsearch, schedule, tstats
from backends.splunk.command import Commands
from backends.splunk.detection import events, grouped, indicator, sample, sequence
from backends.splunk.findings import Finding, RefusalError, refusal
from backends.splunk.selection import Findings, Schema
from backends.splunk.tables import Collection, CsvTable
from converter import ir
from converter.losses import Assumption, Direction, Loss, Note
from converter.names import slug
from converter.rule import Rule
from converter.schedule import look_back, seconds
from converter.schema.catalogue import Catalogue
from converter.schema.port import Ported

KINDS = (ir.Events, ir.NewTerms, ir.Threshold, ir.IndicatorMatch, ir.Sequence, ir.Sample)


@dataclass(frozen=True, slots=True)
class Statement:
    """A search, and whatever has to be there besides.

    `effective` is what the search says. `earliest` is the beginning of the time range that it states itself (`-5d`),
    None if it takes any. `reach` is how many seconds before its share of time it looks. `groups` are the columns that
    alerts are told apart by. `actions` are those of Enterprise Security that are wanted. `warm_up` is a search that
    has to run once before, from `history` on.
    """

    commands: Commands
    effective: ir.Detection
    earliest: str | None = None
    reach: int = 0
    groups: tuple[str, ...] = ()
    actions: frozenset[str] = frozenset()
    warm_up: Commands | None = None
    history: str | None = None
    tables: tuple[CsvTable, ...] = ()
    collection: Collection | None = None
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What is written: a rule's ported detection, for a search of its own or one that runs on a schedule."""

    rule: Rule
    ported: Ported
    schema: Schema
    fields: Catalogue
    scheduled: bool = False
    baseline: bool = False
    actions: frozenset[str] = frozenset()


def statement(request: Request) -> Statement | Loss:
    """The search that makes the detection's observations, or why there is none."""
    findings = Findings()
    try:
        found = _written(request, findings)
    except RefusalError as error:
        return error.loss
    if request.schema.ecs:
        findings.add(Finding("splunk-extraction", None))
    if request.schema.models:
        lacking = tstats.left_out(request.ported.branches, found.effective)
        found = replace(found, losses=(*found.losses, *dict.fromkeys(lacking)))
    assumptions = tuple(finding.assumption() for finding in findings.items)
    notes = (*found.notes, *savedsearch.notes(request.rule, found.groups)) if request.scheduled else found.notes
    return replace(found, assumptions=(*found.assumptions, *assumptions), notes=notes, actions=request.actions)


def _written(request: Request, findings: Findings) -> Statement:
    detection, branches, schema = request.ported.effective, request.ported.branches, request.schema
    match detection:
        case ir.Events() if schema.models:
            return Statement(tstats.events(branches, schema, findings), detection)
        case ir.Events():
            _check_pipes(detection.take, request)
            groups = _suppressed_by(request)
            return Statement(events.write(detection, branches, schema, findings, groups), detection, groups=groups)
        case ir.NewTerms() if request.baseline:
            return _baseline(request, detection, findings)
        case ir.NewTerms():
            commands, earliest = grouped.new_terms(detection, branches, schema, findings)
            return Statement(commands, detection, earliest)
        case ir.Threshold():
            counted, start, groups = grouped.threshold(detection, branches, schema, findings)
            return Statement(counted, detection, start, groups=groups)
        case ir.IndicatorMatch():
            return _indicators(request, detection, findings)
        case ir.Sequence():
            _check_pipes(detection.take, request)
            return _sequence(request, detection, findings)
        case ir.Sample():
            return Statement(sample.write(detection, request.ported.stages, schema, findings), detection)
        case None:
            raise ValueError("a refused rule is not written")


def _suppressed_by(request: Request) -> tuple[str, ...]:
    """The fields that the rule's alerts are grouped by, where results have them under these names."""
    suppression = request.rule.suppression
    if suppression is None or not request.schema.ecs or not request.scheduled:
        return ()
    return tuple(name for name in suppression.group_by if escape.is_reachable(name))


def _check_pipes(take: tuple[ir.Take, ...], request: Request) -> None:
    if take and request.scheduled:
        message = "the first or last results of a whole run cannot be told from windows that share events"
        raise refusal("splunk-pipes", message)


def _sequence(request: Request, detection: ir.Sequence, findings: Findings) -> Statement:
    """A search on a schedule looks back by the span, and only reports what its newest part settles."""
    stages, schema = request.ported.stages, request.schema
    if not request.scheduled:
        commands = sequence.write(detection, stages, schema, findings)
        return Statement(commands, detection, notes=_order_notes(detection))
    losses: tuple[Loss, ...] = ()
    if detection.maxspan is None:
        reach = _look_back(request.rule)
        detection = replace(detection, maxspan=reach * 1000)
        message = f"only sequences within {reach} seconds are found: the rule states no span, and its look-back is that"
        losses = (Loss("splunk-sequence-window", message, Direction.NARROWER),)
    every = schedule.period(seconds(request.rule.schedule.interval) or schedule.DEFAULT_INTERVAL)
    commands = sequence.write(detection, stages, schema, findings, every)
    reach = sequence.look_back_seconds(detection)
    return Statement(commands, detection, reach=reach, losses=losses, notes=_order_notes(detection))


def _order_notes(detection: ir.Sequence) -> tuple[Note, ...]:
    """What a search shows and orders differently (spec splunk 4.7)."""
    notes = [Note("splunk-sequence-rows", "each sequence is one row, that of the event that completes it")]
    if detection.stages[-1].missing:
        message = "an event is reported as long as no other has followed, even if its span has not passed yet"
        notes.append(Note("splunk-sequence-open", message))
    return tuple(notes)


def _look_back(rule: Rule) -> int:
    back = look_back(rule.schedule.start)
    return seconds(f"{back.count}{back.unit}") or schedule.DEFAULT_LOOK_BACK if back else schedule.DEFAULT_LOOK_BACK


def _indicators(request: Request, detection: ir.IndicatorMatch, findings: Findings) -> Statement:
    name, known = slug(request.rule.name), request.rule.indicators
    found = indicator.write(detection, request.ported.branches, request.schema, findings, name, request.fields, known)
    if known is None:
        assumed = tuple(Assumption("splunk-indicator-lookup", text) for text in found.contents)
        return Statement(found.commands, detection, assumptions=assumed)
    note = Note("splunk-indicators-written", "the tables hold the indicators as they were when the rule was converted")
    return Statement(found.commands, detection, tables=found.tables, notes=(note,))


def _baseline(request: Request, detection: ir.NewTerms, findings: Findings) -> Statement:
    name = f"{slug(request.rule.name)}_baseline"
    found = grouped.baseline(detection, request.ported.branches, request.schema, findings, name)
    note = Note("splunk-baseline", f"`{name}` has to be filled once by the warm-up search before the first run")
    return Statement(
        found.run,
        detection,
        found.start,
        warm_up=found.warm_up,
        history=found.history,
        collection=found.table,
        notes=(note,),
    )
