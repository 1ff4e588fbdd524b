"""The embedded engine: reads what was written back and lets the evaluator run it.

Search bodies and Lucene's query strings are read by readers that share no code with the writers. EQL, KQL and Kibana's
rules are read by the languages that also wrote them, which proves less: the engine says so.
"""

from collections.abc import Sequence

from converter.backend import Artifact, Observations, TargetEvent
from converter.errors import ConverterError
from converter.events.event import Event
from converter.interpret import interpret
from converter.ir import Detection, IndicatorMatch
from converter.languages import dsl
from converter.readers.export import read_export
from converter.schema.catalogue import Catalogue, default_catalogue
from converter.verify.judge import Judge

_OWN_READERS = frozenset({".dsl.json", ".lucene"})


class EmbeddedEngine:
    """Satisfies `converter.backend.Engine` for all formats of this target."""

    name = "reader"

    def __init__(self) -> None:
        self._independent = True

    @property
    def independent(self) -> bool:
        """False after a run of a text that it reads with the writer's own language."""
        return self._independent

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        catalogue = default_catalogue()
        judge = Judge(catalogue, now)
        documents = [
            Event(event.id, event.fields, event.document, event.time, tiebreak=event.tiebreak) for event in events
        ]
        self._independent = all(artifact.suffix in _OWN_READERS for artifact in artifacts)
        found = [judge.observe(detection_of(artifact, catalogue), documents) for artifact in artifacts]
        kinds = {one.kind for one in found}
        if len(kinds) > 1:
            raise ConverterError("engine-format", f"the texts find different things: {', '.join(sorted(kinds))}")
        return Observations(kinds.pop() if kinds else "events", frozenset().union(*(one.items for one in found)))


def detection_of(artifact: Artifact, catalogue: Catalogue) -> Detection:
    """What a written text means. Raises RuleError for a text that cannot be read, ConverterError `engine-format` for
    what cannot be run here."""
    # The languages load their parser tables: only what a text needs is imported.
    match artifact.suffix:
        case ".dsl.json":
            return dsl.read_search(artifact.text, catalogue)
        case ".eql":
            from converter.languages import eql

            return eql.lower(eql.parse(artifact.text), catalogue).detection
        case ".eql.json":
            from converter.languages.eql_request import read_request

            return read_request(artifact.text, catalogue).detection
        case ".kql":
            from converter.languages import kql

            return kql.lower(kql.parse(artifact.text), catalogue).detection
        case ".lucene":
            from converter.languages import lucene

            return lucene.lower(lucene.parse(artifact.text), catalogue).detection
        case ".ndjson":
            return _of_rule(artifact, catalogue)
        case other:
            raise ConverterError("engine-format", f"this engine does not run `{other}` files")


def _of_rule(artifact: Artifact, catalogue: Catalogue) -> Detection:
    """What an exported rule finds, its filters and exceptions included."""
    (raw,) = read_export(artifact.text, artifact.name, artifact.stem).rules
    rule = interpret(raw, catalogue)
    if rule.detection is None:
        raise rule.error or ConverterError("engine-format", "the export holds no rule")
    if isinstance(rule.detection, IndicatorMatch):
        raise ConverterError("engine-format", "an indicator match needs its indicators, which no export holds")
    return rule.detection
