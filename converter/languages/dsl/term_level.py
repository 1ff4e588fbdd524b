"""Term-level clauses: whole values, patterns, ranges, existence (spec elasticsearch-target 1, 2)."""

from dataclasses import replace

from converter.ir import (
    ANY_RUN,
    AnyOne,
    AnyRun,
    Flavour,
    Matcher,
    Phrase,
    Predicate,
    Present,
    Regex,
    Test,
    pattern,
)
from converter.ir.regex import AnyChar, AnyText, CharClass, Chars, Concat, Regexp
from converter.languages import mapping, regex
from converter.languages.dsl.context import Context
from converter.languages.dsl.names import field_named, info_of, wildcard_parts
from converter.languages.dsl.shape import (
    Json,
    Object,
    Scalar,
    as_flag,
    as_list,
    as_object,
    as_scalar,
    as_text,
    check_keys,
    error,
    field_entry,
)
from converter.languages.value import date, in_zone, is_date, is_number, json_text
from converter.schema.catalogue import FieldInfo, FieldType


def term(body: Json, context: Context) -> Predicate:
    """Equality with one value; on an address field a block is a network."""
    name, options = field_entry(body, "term", "value", {"value", "case_insensitive"})
    value = as_scalar(options["value"], "term")
    info = _exact(name, context, value)
    return _test(name, _term(info, value, _ignores_case(info, options, "term")))


def terms(body: Json, context: Context) -> Predicate:
    """Equality with some value of a list."""
    name, options = field_entry(body, "terms", "values", {"values"})
    values = [as_scalar(item, "terms") for item in as_list(options["values"], "terms")]
    found = (_term(_exact(name, context, value), value, ignore_case=False) for value in values)
    return Test(field_named(name), tuple(dict.fromkeys(found)))


def wildcard(body: Json, context: Context) -> Predicate:
    """A pattern over the whole value. Under `case_insensitive` a character after a backslash is compared exactly."""
    name, options = field_entry(body, "wildcard", "value", _PATTERN_KEYS)
    info = _exact(name, context)
    ignore_case = _ignores_case(info, options, "wildcard")
    parts = wildcard_parts(as_text(options["value"], "wildcard"))
    if ignore_case and any(isinstance(part, str) and escaped and _has_case(part) for part, escaped in parts):
        return _test(name, Regex(_partly_folded(parts), ignore_case=True))
    return _test(name, mapping.wildcard(info, pattern(*(part for part, _ in parts)), ignore_case=ignore_case))


def prefix(body: Json, context: Context) -> Predicate:
    """The beginning of a value; nothing in it is a wildcard."""
    name, options = field_entry(body, "prefix", "value", _PATTERN_KEYS)
    info = _exact(name, context)
    parts = pattern(as_text(options["value"], "prefix"), ANY_RUN)
    return _test(name, mapping.wildcard(info, parts, ignore_case=_ignores_case(info, options, "prefix")))


def regexp(body: Json, context: Context) -> Predicate:
    """A regular expression in Lucene's syntax over the whole value."""
    name, options = field_entry(body, "regexp", "value", _PATTERN_KEYS | {"flags", "max_determinized_states"})
    info = _exact(name, context)
    if info.type is FieldType.TEXT:
        raise error("regexp", f"`{name}` is analysed text, whose words take no expression here", "dsl-unsupported")
    flags = options.get("flags", "ALL")
    if flags not in {"ALL", "NONE", ""}:
        raise error("regexp", f"the flags `{flags}` are not supported, only ALL and NONE", "dsl-unsupported")
    tree = regex.parse(as_text(options["value"], "regexp"), Flavour.LUCENE, operators=flags != "NONE")
    return _test(name, Regex(tree, Flavour.LUCENE, _ignores_case(info, options, "regexp")))


def range_(body: Json, context: Context) -> Predicate:
    """Bounds that hold for one and the same value, in the order of the field's type."""
    name, options = field_entry(body, "range", None, {"gt", "gte", "lt", "lte", "time_zone", "format"})
    low = _bound(options, "gt", "gte")
    high = _bound(options, "lt", "lte")
    if low is None and high is None:
        raise error("range", "there is no bound")
    info = _ordered(name, context, [bound for bound in (low, high) if bound is not None])
    if info.type is FieldType.DATE:
        low, high = (None if bound is None else _date(info, bound, options) for bound in (low, high))
    elif "time_zone" in options:
        raise error("range", f"`{name}` is no date and takes no time zone")
    return _test(
        name, mapping.ordered(info, low, high, open_low=_is_set(options, "gt"), open_high=_is_set(options, "lt"))
    )


def exists(body: Json, context: Context) -> Predicate:
    """The field has a value."""
    options = as_object(body, "exists")
    check_keys(options, "exists", {"field"})
    return Test(field_named(as_text(options.get("field"), "exists")), (Present(),))


_PATTERN_KEYS = frozenset({"value", "case_insensitive", "rewrite"})
_FORMATS = frozenset({"strict_date_optional_time", "epoch_millis", "date_optional_time", "strict_date_time"})


def _test(name: str, matcher: Matcher) -> Test:
    return Test(field_named(name), (matcher,))


def _exact(name: str, context: Context, value: Scalar | None = None) -> FieldInfo:
    return info_of(field_named(name), context.catalogue, value)


def _term(info: FieldInfo, value: Scalar, ignore_case: bool) -> Matcher:
    """On analysed text a term is compared with single words as it is, and the words are in lower case."""
    if info.type is FieldType.TEXT:
        word = json_text(value)
        return Phrase((pattern(word.lower() if ignore_case else word),), info.analyzer or "standard")
    return mapping.equality(info, value, ignore_case=ignore_case)


def _ignores_case(info: FieldInfo, options: Object, clause: str) -> bool:
    if not as_flag(options.get("case_insensitive", False), clause):
        return False
    if not (info.type.is_string or info.type is FieldType.TEXT):
        raise error(clause, f"`{info.name}` is of type {info.type.value}, which has no case")
    return True


def _has_case(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _partly_folded(parts: list[tuple[str | AnyRun | AnyOne, bool]]) -> Regexp:
    """A pattern in which only some letters match in any case: Lucene folds literal letters, but no classes."""
    items: list[Regexp] = []
    for part, escaped in parts:
        match part:
            case AnyRun():
                items.append(AnyText())
            case AnyOne():
                items.append(AnyChar())
            case str() if escaped:
                items.append(CharClass(((ord(part), ord(part)),)))
            case str():
                items.append(Chars(part))
    return Concat(tuple(items))


def _is_set(options: Object, name: str) -> bool:
    return options.get(name) is not None


def _bound(options: Object, opened: str, closed: str) -> Scalar | None:
    found = [options[name] for name in (opened, closed) if _is_set(options, name)]
    if len(found) > 1:
        raise error("range", f"`{opened}` and `{closed}` exclude each other")
    return as_scalar(found[0], "range") if found else None


def _ordered(name: str, context: Context, bounds: list[Scalar]) -> FieldInfo:
    """The field of a range; one that no catalogue knows is a number or a date if its bounds are (spec kql 4.3)."""
    info = context.catalogue[name]
    if info.known:
        return info
    texts = [json_text(bound) for bound in bounds]
    if all(map(is_number, texts)):
        return replace(info, type=FieldType.DOUBLE)
    return replace(info, type=FieldType.DATE) if all(map(is_date, texts)) else info


def _date(info: FieldInfo, bound: Scalar, options: Object) -> str:
    formats = as_text(options.get("format", ""), "range").split("||")
    if unknown := [name for name in formats if name and name not in _FORMATS]:
        raise error("range", f"the date format `{unknown[0]}` is not supported", "dsl-unsupported")
    zone = options.get("time_zone")
    return in_zone(date(info.name, bound), None if zone is None else as_text(zone, "range"))
