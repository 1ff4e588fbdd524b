"""New terms: groups of which none was there before the run began (spec elasticsearch-target 4.4)."""

import re

from converter.ir import Field, NewTerms
from converter.languages.dsl.aggregation import Buckets, Selector, check_kinds, named, selectors, unknown
from converter.languages.dsl.reader import read
from converter.languages.dsl.shape import Json, Object, error
from converter.languages.dsl.timespan import TIME_FIELD, without_span
from converter.schema.catalogue import Catalogue

_UNROUNDED = re.compile(r"now([+-]\d*[yMwdhHms])*", re.ASCII)


def first_seen(query: Object, found: Buckets, catalogue: Catalogue) -> NewTerms:
    """Groups that are kept if they hold no event at or before the start of the run. RuleError for anything else."""
    check_kinds(found, "filter", "bucket_selector", "top_hits")
    old, asked = named(found, "filter"), list(selectors(found))
    if not found.fields or len(old) != 1 or len(asked) != 1:
        raise unknown("aggs", "groups with one `filter` and one `bucket_selector` were expected")
    name, body = next(iter(old.items()))
    _check_selector(asked[0], name)
    rest, history = without_span(query)
    if history is None:
        raise error("query", f"a filter on `{TIME_FIELD}` from the beginning of history to `now` was expected")
    return NewTerms(read(rest, catalogue), tuple(map(Field, found.fields)), history, _start(body))


def _start(value: Json) -> str:
    """The bound of `{"range": {"@timestamp": {"lte": start}}}`, which must not be rounded: `lte` would round up, to
    after the start of the run."""
    match value:
        case {"range": {"@timestamp": {"lte": str(start), **more}, **others}, **rest} if not (more or others or rest):
            if not _UNROUNDED.fullmatch(start):
                raise unknown("filter", "a time relative to `now` without rounding was expected")
            return start
        case _:
            raise unknown("filter", f"a range over `{TIME_FIELD}` with `lte` alone was expected")


def _check_selector(selector: Selector, old: str) -> None:
    """A bucket is kept if the count of old events is 0."""
    counted = re.fullmatch(r"\s*params\.(\w+)\s*==\s*0\s*", selector.source)
    if (
        counted is None
        or selector.parameters
        or dict(selector.paths)
        not in (
            {counted[1]: f"{old}._count"},
            {counted[1]: f"{old}>_count"},
        )
    ):
        raise unknown("bucket_selector", f"`params.n == 0` over `{old:.80}._count` was expected")
