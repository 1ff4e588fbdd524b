"""Full-text clauses: `match`, `match_phrase`, `multi_match`, and the part of `query_string` that KQL is turned into."""

from collections.abc import Callable

from converter.errors import RuleError
from converter.ir import (
    ANY_RUN,
    All,
    Always,
    Any,
    AnyOne,
    AnyRun,
    FieldRef,
    Matcher,
    Never,
    Pattern,
    Predicate,
    Test,
    pattern,
)
from converter.languages import mapping
from converter.languages.dsl.context import Context
from converter.languages.dsl.names import ANY_FIELD, field_named, info_of, wildcard_parts
from converter.languages.dsl.shape import (
    Json,
    Object,
    as_flag,
    as_list,
    as_object,
    as_scalar,
    as_text,
    check_keys,
    error,
    field_entry,
)
from converter.languages.value import json_text
from converter.schema.catalogue import FieldInfo


def match(body: Json, context: Context) -> Predicate:
    """Some word of the text, or with `operator: and` every one; on other types than text, equality."""
    name, options = field_entry(body, "match", "query", {"query", "operator", "lenient"})
    value = as_scalar(options["query"], "match")
    operator = as_text(options.get("operator", "or"), "match").lower()
    if operator not in {"and", "or"}:
        raise error("match", f"`{operator}` is no operator")
    field = field_named(name)

    def found() -> Predicate:
        words = mapping.words(info_of(field, context.catalogue, value), value)
        return Test(field, words) if operator == "or" else All(tuple(Test(field, (word,)) for word in words))

    return _leniently(found, options, "match")


def match_phrase(body: Json, context: Context) -> Predicate:
    """The words in this order with nothing between them; on other types than text, equality."""
    name, options = field_entry(body, "match_phrase", "query", {"query"})
    value = as_scalar(options["query"], "match_phrase")
    field = field_named(name)
    return Test(field, (mapping.phrase(info_of(field, context.catalogue, value), value),))


def multi_match(body: Json, context: Context) -> Predicate:
    """One text in some of several fields, or without `fields` in any field."""
    options = as_object(body, "multi_match")
    check_keys(options, "multi_match", {"query", "fields", "type", "lenient"})
    value = json_text(as_scalar(options.get("query"), "multi_match"))
    by_type: dict[Json, Callable[[FieldInfo], tuple[Matcher, ...]]] = {
        "best_fields": lambda info: mapping.words(info, value),
        "phrase": lambda info: (mapping.phrase(info, value),),
    }
    kind = options.get("type", "best_fields")
    if kind not in by_type:
        raise error("multi_match", f"the type `{kind}` is not supported", "dsl-unsupported")

    def test(field: FieldRef) -> Predicate:
        return _leniently(lambda: Test(field, by_type[kind](info_of(field, context.catalogue))), options, "multi_match")

    return _any([test(field) for field in _fields(options, "multi_match")])


def query_string(body: Json, context: Context) -> Predicate:
    """Words and patterns separated by blanks, one of which has to match; no other part of the syntax is read."""
    options = as_object(body, "query_string")
    check_keys(
        options, "query_string", {"query", "fields", "default_field", "analyze_wildcard", "lenient", "time_zone"}
    )
    chunks = _chunks(as_text(options.get("query"), "query_string"))
    fields = _fields(options, "query_string")
    if not chunks:
        return Never()
    if (ANY_RUN,) in chunks and ANY_FIELD in fields:
        return Always()

    def test(field: FieldRef) -> Predicate:
        info = info_of(field, context.catalogue)
        return _leniently(lambda: Test(field, mapping.query_string(info, chunks)), options, "query_string")

    return _any([test(field) for field in fields])


def _fields(options: Object, clause: str) -> list[FieldRef]:
    if "default_field" in options:
        return [field_named(as_text(options["default_field"], clause))]
    names = [as_text(name, clause) for name in as_list(options.get("fields", ["*"]), clause)]
    if weighted := [name for name in names if "^" in name]:
        raise error(clause, f"the weight of `{weighted[0]}` is not supported", "dsl-unsupported")
    return [field_named(name) for name in names]


def _leniently(found: Callable[[], Predicate], options: Object, clause: str) -> Predicate:
    """With `lenient`, a value that the field's type cannot take finds nothing instead of failing the search."""
    lenient = as_flag(options.get("lenient", False), clause)
    try:
        return found()
    except RuleError as refused:
        if lenient and refused.code in _FORMAT_ERRORS:
            return Never()
        raise


_FORMAT_ERRORS = frozenset(
    {"value-not-a-number", "value-not-a-boolean", "value-not-a-date", "value-not-an-address", "wildcard-on-type"}
)

_BLANKS = frozenset(" \t\n\r\u3000")
_SYNTAX = frozenset('+-=&|><!(){}[]^"~:/')


def _chunks(text: str) -> list[Pattern]:
    """The words and patterns of a query string. RuleError `dsl-query-string` for any syntax besides wildcards."""
    chunks: list[Pattern] = []
    chunk: list[str | AnyRun | AnyOne] = []
    for part, escaped in [*wildcard_parts(text), (" ", False)]:
        if part in _BLANKS and not escaped:
            if chunk:
                chunks.append(pattern(*chunk))
            chunk = []
        elif part in _SYNTAX and not escaped:
            raise error("query_string", f"`{part}` is Lucene syntax, which is not read here", "dsl-query-string")
        else:
            chunk.append(part)
    return chunks


def _any(items: list[Predicate]) -> Predicate:
    return items[0] if len(items) == 1 else Any(tuple(items))
