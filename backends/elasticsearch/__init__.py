"""Elasticsearch and OpenSearch: Query DSL, EQL, KQL, Lucene's query strings, Kibana's detection rules.

Where things are: every format has a module that makes an `output` of a rule, `formats` says which.

* `dsl`: `search` is the format, `statement` decides which search a detection needs, `body` holds the searches, `query`,
  `leaf` and `script` turn predicates into clauses, `clause` holds the clauses and their JSON, `layout` its text;
* `eql`, `kuery`: texts that the languages' own printers write, `window` the time range of a request;
* `lucene`: query strings, `lucene_term` their terms;
* `kibana`: exports of detection rules, `kibana_keys` their keys, `kibana_kind` rules out of what is none yet.

`engine` reads it all back. `opensearch` knows what OpenSearch does otherwise.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from converter.backend import Artifact, Engine, EngineInfo, Format, Option, Translation
from converter.losses import Code, read_codes
from converter.names import slug
from converter.rule import Rule
from converter.schema.profile import Profile

ECS = Profile("ecs", "elasticsearch", "events as Elastic's agents index them (ECS)", identity=True, indexed=True)


class Elasticsearch:
    """The backend `elasticsearch`."""

    name = "elasticsearch"
    title = "Elasticsearch and OpenSearch: Query DSL, EQL, KQL, Lucene's query strings, Kibana detection rules"
    formats = (
        Format("dsl", ".dsl.json", "a search body in Query DSL"),
        Format("eql", ".eql", "a query in EQL; with `-O request=true` a search request", (".eql.json",)),
        Format("kuery", ".kql", "a query in KQL"),
        Format("lucene", ".lucene", "a query string in Lucene's syntax"),
        Format("rule", ".ndjson", "a Kibana detection rule, ready to import"),
    )
    profiles = ("ecs",)
    engines = (EngineInfo("reader"), EngineInfo("elasticsearch", server=True), EngineInfo("opensearch", server=True))
    options = (
        Option("request", "false", "for `eql`: `true` writes a search request instead of a query", ("false", "true")),
        Option(
            "distribution",
            "elasticsearch",
            "`opensearch` says what OpenSearch finds otherwise, and refuses what it has not",
            ("elasticsearch", "opensearch"),
        ),
    )

    @property
    def codes(self) -> Mapping[str, Code]:
        return _codes()

    def default_format(self, rule: Rule) -> str:
        from converter.ir import Sample, Sequence  # as the passes, not needed to list the targets

        if rule.type == "threat_match":
            return "rule" if rule.indicators is None else "dsl"
        return "eql" if isinstance(rule.detection, Sequence | Sample) else "dsl"

    def profile(self, name: str) -> Profile:
        return ECS

    def translate(self, rule: Rule, profile: Profile, format: str, options: Mapping[str, str]) -> Translation:
        from backends.elasticsearch.formats import translate

        found = translate(rule, format, options)
        return Translation(
            rule,
            self.name,
            profile,
            found.statement,
            found.effective,
            found.losses,
            found.notes,
            found.assumptions,
        )

    def render(self, translation: Translation, format: str) -> list[Artifact]:
        from backends.elasticsearch.output import Parts, Statement

        match translation.statement:
            case Parts() as parts:
                texts = parts.named()
            case Statement() as statement:
                texts = [(None, statement)]
            case other:
                raise TypeError(f"not a statement of {self.name}: {other!r}")
        stem = slug(translation.rule.name)
        return [Artifact(stem, item.suffix, item.text(), part) for part, item in texts]

    def engine(self, name: str | None = None, address: str | None = None) -> Engine:
        if name is not None and name != self.engines[0].name:
            # Its client is an extra, and nothing here is needed without a server.
            from backends.elasticsearch.live import engine_at

            return engine_at(name, address or "")
        from backends.elasticsearch.engine import EmbeddedEngine  # the reader is not needed for writing

        return EmbeddedEngine()


@cache
def _codes() -> dict[str, Code]:
    return read_codes(files(__package__).joinpath("codes.toml"), "elasticsearch")
