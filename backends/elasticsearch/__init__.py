"""Elasticsearch: Query DSL search bodies and Kibana detection rules.

Where things are: `query` turns predicates into clauses, `clause` holds the clauses and their JSON, `escape` and
`regexp` the two escaping rules, `body` the search request,
`statement` which one a detection needs, `layout` its text, `kibana` the rule export, `engine` what
reads it all back.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from converter.backend import Artifact, Engine, Format, Option, Translation
from converter.losses import Code, Loss, read_codes
from converter.names import slug
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
        from backends.elasticsearch import statement  # as its passes, not needed to list the targets
        from backends.elasticsearch.query import InexpressibleError
        from converter.passes import normalise_detection

        try:
            search = statement.search(normalise_detection(rule.detection))
        except InexpressibleError as error:
            return Translation(rule, self.name, profile, None, None, (*rule.losses, error.loss), rule.notes)
        notes = (*rule.notes, *statement.notes(rule, search))
        return Translation(rule, self.name, profile, search, rule.detection, rule.losses, notes, rule.assumptions)

    def render(self, translation: Translation, format: str) -> list[Artifact]:
        from backends.elasticsearch import body, kibana, layout

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


@cache
def _codes() -> dict[str, Code]:
    return read_codes(files(__package__).joinpath("codes.toml"), "elasticsearch")
