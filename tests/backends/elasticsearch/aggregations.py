"""Random thresholds, new terms and indicator matches over a field of each type that groups events, with documents."""

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from converter.events.clock import epoch_millis, iso
from converter.events.document import event_of
from converter.events.event import Event
from converter.ir import (
    Always,
    Any,
    Equal,
    Field,
    IndicatorEntry,
    IndicatorMatch,
    NewTerms,
    Not,
    Predicate,
    Present,
    Test,
    TextLiteral,
    Threshold,
)
from converter.schema.catalogue import default_catalogue

CATALOGUE = default_catalogue()
NOW = epoch_millis("2024-05-01T12:00:00Z") or 0.0
MINUTE = 60_000

FIELDS: dict[str, st.SearchStrategy[object]] = {
    "user.name": st.sampled_from(["a", "A", "b", "", "é"]),
    "process.args": st.sampled_from(["x", "y", "z"]),
    "host.ip": st.sampled_from(["10.0.0.1", "10.0.0.2", "::1", "0:0:0:0:0:0:0:1"]),
    "process.pid": st.integers(0, 4),
    "event.risk_score": st.sampled_from([0.5, 1.5, -2.25]),
    "process.interactive": st.booleans(),
    "process.start": st.sampled_from(["2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-02T00:00:00.001Z"]),
}
"""A field of each type that groups events, with values that are few and at times spelled in two ways."""

ANALYSED: dict[str, st.SearchStrategy[object]] = {
    "message": st.lists(st.sampled_from(["alpha", "Beta", "gamma-delta"]), max_size=3).map(" ".join)
}

offsets = st.one_of(st.sampled_from([0, 9, 20, 60]).map(lambda minutes: minutes * MINUTE), st.integers(0, 70 * MINUTE))
"""Milliseconds before the present; the bounds of windows are among them."""


def _values(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """One value, several different ones, or none. A number that stands twice in a list may count twice, and so may a
    date (`test_aggregations_on_opensearch`)."""
    return st.one_of(values, values, st.lists(values, max_size=3, unique_by=_instant_or_value), st.none())


def _instant_or_value(value: object) -> object:
    return epoch_millis(value) if isinstance(value, str) and value.startswith("2024-") else value


documents = st.builds(
    lambda before, fields: {"@timestamp": iso(NOW - before), **fields},
    offsets,
    st.fixed_dictionaries({}, optional={name: _values(values) for name, values in (FIELDS | ANALYSED).items()}),
)


def some_documents(count: int) -> list[dict[str, object]]:
    """So many documents of the strategy, always the same."""
    found: list[dict[str, object]] = []

    @seed(20250102)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(documents)
    def collect(document: dict[str, object]) -> None:
        found.append(document)

    collect()
    return found


EVENTS = [event_of(document, position) for position, document in enumerate(some_documents(150))]

conditions: st.SearchStrategy[Predicate] = st.one_of(
    st.just(Always()),
    st.sampled_from(["a", "b"]).map(lambda name: Test(Field("user.name"), (Equal(TextLiteral(name)),))),
    st.sampled_from(["x", "y"]).map(lambda word: Not(Test(Field("process.args"), (Equal(TextLiteral(word)),)))),
    st.just(Any((Test(Field("host.ip"), (Present(),)), Test(Field("process.pid"), (Present(),))))),
)
names = st.sampled_from(sorted(FIELDS)).map(Field)
thresholds = st.builds(
    Threshold,
    conditions,
    st.lists(names, max_size=3, unique=True).map(tuple),
    st.integers(1, 8),
    st.one_of(st.none(), st.tuples(names, st.integers(1, 4))),
    start=st.sampled_from([None, "now-9m", "now-20m", "now-1h"]),
)
new_terms = st.builds(
    NewTerms,
    conditions,
    st.lists(names, min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from(["now-1h", "now-65m", "now-2d/d"]),
    st.sampled_from(["now-9m", "now-20m"]),
)

# --- indicators ---------------------------------------------------------------------------------------------------

INDICATORS: dict[str, st.SearchStrategy[object]] = {
    "user.name": st.sampled_from(["a", "A", "zz"]),
    "process.args": st.sampled_from(["x", "y"]),
    "host.ip": st.sampled_from(["10.0.0.1", "10.0.0.2", "10.0.0.0/31", "::1", "no address"]),
    "process.pid": st.sampled_from([0, 1, "2", "https"]),
    "process.interactive": st.sampled_from([True, "false", "maybe"]),
    "process.start": st.sampled_from(["2024-01-01T00:00:00Z", "2024-01-02", "never"]),
    "message": st.sampled_from(["alpha", "BETA omega", "delta", "-"]),
}
"""What indicators say of each field that events are compared by; some of it no value of the field can be."""

_COUNTERPARTS = {"user.name": "threat.indicator.name", "host.ip": "threat.indicator.ip"}
"""Fields of indicators that the catalogue knows; the others are known by none."""


def counterpart(name: str) -> str:
    return _COUNTERPARTS.get(name, f"ioc.{name}")


indicators: st.SearchStrategy[Event] = st.fixed_dictionaries(
    {}, optional={counterpart(name): _values(values) for name, values in INDICATORS.items()}
).map(lambda document: event_of(document, 0))
compared = st.sampled_from(sorted(INDICATORS))
_joining = compared.map(lambda name: IndicatorEntry(Field(name), Field(counterpart(name))))
_entries = st.builds(
    lambda name, negate: IndicatorEntry(Field(name), Field(counterpart(name)), negate), compared, st.booleans()
)
groups = st.builds(
    lambda joining, others: tuple(sorted((joining, *others), key=repr)), _joining, st.lists(_entries, max_size=2)
)
indicator_matches = st.builds(
    IndicatorMatch,
    conditions,
    st.just(()),
    st.just(Always()),
    st.lists(groups, min_size=1, max_size=3).map(tuple),
)
