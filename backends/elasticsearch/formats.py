"""Which module makes what of a rule: one for each format."""

from collections.abc import Callable, Mapping

from backends.elasticsearch import kibana, opensearch, search
from backends.elasticsearch.output import Output
from converter.rule import Rule


def translate(rule: Rule, format: str, options: Mapping[str, str]) -> Output:
    """What a format makes of the rule; for OpenSearch with what that finds otherwise."""
    output = _writer(format)(rule, options)
    return opensearch.judged(rule, format, output) if options["distribution"] == "opensearch" else output


def _writer(format: str) -> Callable[[Rule, Mapping[str, str]], Output]:
    # The languages load their parser tables: only what a format needs is imported.
    match format:
        case "dsl":
            return search.translate
        case "eql":
            from backends.elasticsearch import eql

            return eql.translate
        case "kuery":
            from backends.elasticsearch import kuery

            return kuery.translate
        case "lucene":
            from backends.elasticsearch import lucene

            return lucene.translate
        case "rule":
            return kibana.translate
        case _:
            raise ValueError(f"there is no format `{format}`")
