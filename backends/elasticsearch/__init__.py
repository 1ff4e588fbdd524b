"""Elasticsearch: Query DSL search bodies and Kibana detection rules.

Where things are: `query` turns predicates into clauses, `clause` holds the clauses and their JSON, `escape` and
`regexp` the two escaping rules, `body` the search request, `layout` its text, `kibana` the rule export, `engine` what
reads it all back.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from backends.elasticsearch import body, kibana, layout, query
from backends.elasticsearch.clause import count, depth
from converter.backend import Artifact, Engine, Format, Option, Translation
from converter.ir import Detection, Events, NewTerms
from converter.losses import Code, Loss, Note, read_codes
from converter.names import slug
from converter.passes import normalise_detection
from converter.rule import Rule
from converter.schema.profile import Profile

ECS = Profile("ecs", "elasticsearch", "events as Elastic's agents index them (ECS)", identity=True, indexed=True)


class Elasticsearch:
    """The backend `elasticsearch`."""

    name = "elasticsearch"
    title = "Elasticsearch: Query DSL search bodies, Kibana detection rules"
    formats = (
        Format("dsl", ".dsl.json", "a search body in Query DSL"),
        Format("rule", ".ndjson", "a Kibana detection rule, ready to import"),
    )
    profiles = ("ecs",)
    options: tuple[Option, ...] = ()

    @property
    def codes(self) -> Mapping[str, Code]:
        return _codes()

    def default_format(self, rule: Rule) -> str:
        return "rule" if rule.type == "threat_match" else "dsl"

    def profile(self, name: str) -> Profile:
        return ECS

    def translate(self, rule: Rule, profile: Profile, format: str, options: Mapping[str, str]) -> Translation:
        if rule.detection is None:
            raise ValueError(f"rule `{rule.name}` was not read")
        if format == "rule" and rule.language == "dsl":
            refusal = Loss("elasticsearch-detection", "detection rules hold queries in a language, not search bodies")
            return Translation(rule, self.name, profile, None, None, (*rule.losses, refusal), rule.notes)
        if format == "rule":
            return Translation(
                rule, self.name, profile, rule, rule.detection, rule.losses, rule.notes, rule.assumptions
            )
        try:
            search = _search(normalise_detection(rule.detection))
        except query.InexpressibleError as error:
            return Translation(rule, self.name, profile, None, None, (*rule.losses, error.loss), rule.notes)
        notes = (*rule.notes, *_body_notes(rule, search))
        return Translation(rule, self.name, profile, search, rule.detection, rule.losses, notes, rule.assumptions)

    def render(self, translation: Translation, format: str) -> list[Artifact]:
        stem = slug(translation.rule.name)
        match translation.statement:
            case Rule() as rule:
                return [Artifact(stem, ".ndjson", kibana.export(rule))]
            case body.EventSearch() | body.NewTermsSearch() as search:
                return [Artifact(stem, ".dsl.json", layout.pretty(body.to_body(search)) + "\n")]
            case other:
                raise TypeError(f"not a statement of {self.name}: {other!r}")

    def engine(self) -> Engine:
        from backends.elasticsearch.engine import DslEngine  # the reader is not needed for writing

        return DslEngine()


DEEPEST = 30
"""Elasticsearch's default `indices.query.bool.max_nested_depth`; the body adds one level of its own."""

MANY_CLAUSES = 1_024
"""The least that `indices.query.bool.max_clause_count` is by default; it grows with the memory of a node."""


def _search(detection: Detection) -> body.Search:
    """The search that makes the detection's observations. Raises InexpressibleError."""
    search = _unchecked(detection)
    if depth(search.query) >= DEEPEST:
        raise query.InexpressibleError(
            "elasticsearch-depth", f"`bool` clauses nest {depth(search.query)} deep, Elasticsearch takes {DEEPEST}"
        )
    return search


def _unchecked(detection: Detection) -> body.Search:
    match detection:
        case Events(predicate, take=()):
            return body.EventSearch(query.clause(predicate))
        case NewTerms(predicate, fields, history, start):
            return body.NewTermsSearch(query.clause(predicate), tuple(field.name for field in fields), history, start)
        case _:
            raise query.InexpressibleError(
                "elasticsearch-detection", "a search body cannot say this kind of rule; `--format rule` keeps it whole"
            )


def _body_notes(rule: Rule, search: body.Search) -> list[Note]:
    """What a bare search body leaves to whoever sends it."""
    notes = []
    if (clauses := count(search.query)) > MANY_CLAUSES:
        notes.append(Note("clause-count", f"the body has {clauses} clauses; small nodes take {MANY_CLAUSES}"))
    if rule.scope.indices:
        notes.append(Note("request-path", f"send the body to `{','.join(rule.scope.indices)}/_search`"))
    if not isinstance(rule.detection, NewTerms):
        notes.append(
            Note("run-window", f"the rule runs every {rule.schedule.interval} over events since {rule.schedule.start}")
        )
    if rule.schedule.timestamp_override:
        notes.append(Note("timestamp-override", f"the rule's clock is `{rule.schedule.timestamp_override}`"))
    return notes


@cache
def _codes() -> dict[str, Code]:
    return read_codes(files(__package__).joinpath("codes.toml"), "elasticsearch")
