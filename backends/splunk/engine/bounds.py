"""The time range of a search: what its own text says, and which events lie in it (spec splunk 4.6)."""

from collections.abc import Sequence

from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.relative_time import instant
from backends.splunk.engine.row import Run, SplunkEvent
from backends.splunk.engine.search.predicate import TIME_MODIFIERS
from backends.splunk.engine.search.tree import And, Comparison, Search, conjuncts
from backends.splunk.engine.source import Fragment

Bounds = Sequence[Comparison]


def separated(search: Search) -> tuple[And, Bounds]:
    """The conditions of a search, and the bounds that stand among them (`earliest=-1h`)."""
    items = list(conjuncts(search))
    bounds = [item for item in items if isinstance(item, Comparison) and _is_bound(item)]
    return And(tuple(item for item in items if item not in bounds)), bounds


def _is_bound(item: Comparison) -> bool:
    return item.operator == "=" and item.name.text in TIME_MODIFIERS


def apply(bounds: Bounds, run: Run, fragment: Fragment) -> None:
    """Narrows the time range of the run. Raises SplError for what is no time."""
    for bound in bounds:
        try:
            moment = instant(run.now, bound.value.text)
        except UndefinedError as error:
            raise fragment.error("spl-undefined", str(error), bound.value.at) from None
        if bound.name.text == "earliest":
            run.earliest = moment
        else:
            run.latest = moment


def in_range(event: SplunkEvent, run: Run) -> bool:
    """From `earliest` on; before a stated `latest`, else up to now inclusive."""
    if run.earliest is not None and event.time < run.earliest:
        return False
    return event.time < run.latest if run.latest is not None else event.time <= run.now
