"""The embedded engine: reads a written body back through `converter.languages.dsl` and lets the evaluator run it.

The reader shares no code with the writer. Kibana rules are read through their own language, which is the writer's
source, and prove nothing: the engine says so.
"""

import json
from collections.abc import Sequence

from converter.backend import Artifact, Observations, TargetEvent
from converter.errors import ConverterError
from converter.evaluate import evaluate
from converter.events.event import Event
from converter.ir import NewTerms
from converter.languages import dsl
from converter.schema.catalogue import default_catalogue


class DslEngine:
    """Satisfies `converter.backend.Engine` for search bodies (`.dsl.json`)."""

    name = "dsl-reader"
    independent = True

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        catalogue = default_catalogue()
        documents = [Event(event.id, event.fields, event.document, event.time) for event in events]
        found: set[tuple[str, ...]] = set()
        kind = "events"
        for artifact in artifacts:
            if artifact.suffix != ".dsl.json":
                raise ConverterError("engine-format", f"this engine runs search bodies, not `{artifact.suffix}` files")
            detection = dsl.read_search(json.loads(artifact.text), catalogue)
            matches = evaluate(detection, documents, catalogue, now=now)
            if isinstance(detection, NewTerms):
                kind = "terms"
                found |= {tuple(str(value) for value in match.keys or ()) for match in matches}
            else:
                found |= {(match.ids[0],) for match in matches if match.ids[0] is not None}
        return Observations(kind, frozenset(found))
