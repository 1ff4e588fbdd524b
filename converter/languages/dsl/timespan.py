"""The time that an aggregated search looks at: a filter on the timestamp up to `now`."""

from converter.languages.dsl.shape import Json, Object

TIME_FIELD = "@timestamp"


def without_span(query: Object) -> tuple[Object, str | None]:
    """The query without its first filter on a span of time that ends now, and where that span begins; None if it has no
    such filter."""
    match query:
        case {"bool": {"filter": [*clauses], **others}, **rest} if not rest:
            for position, clause in enumerate(clauses):
                begin = _begin(clause)
                if begin is not None:
                    left = [*clauses[:position], *clauses[position + 1 :]]
                    return {"bool": {"filter": left, **others}}, begin
        case _:
            pass
    return query, None


def _begin(clause: Json) -> str | None:
    match clause:
        case {"range": {"@timestamp": {"gte": str(begin), "lte": "now", **more}, **others}, **rest}:
            return None if more or others or rest else begin
        case _:
            return None
