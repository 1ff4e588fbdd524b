"""The functions of `stats`, `eventstats` and `streamstats` (spec splunk 1.7, 1.9, 5.2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backends.splunk.engine.commands.ordering import order_of
from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.literal import Number, number, number_text

LIST_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """What one row gives to a function: the values of the argument and the time of the row."""

    values: tuple[str, ...]
    time: Number | None


Result = tuple[str, ...]
Function = Callable[[Sequence[Sample]], Result]


def _values(samples: Sequence[Sample]) -> list[str]:
    return [value for sample in samples for value in sample.values]


def _numbers(samples: Sequence[Sample]) -> list[Number]:
    return [found for found in map(number, _values(samples)) if found is not None]


def _count(samples: Sequence[Sample]) -> Result:
    return (str(len(_values(samples))),)


def _distinct(samples: Sequence[Sample]) -> Result:
    return (str(len(set(_values(samples)))),)


def _extreme(choose: Callable[..., str]) -> Function:
    """By number where all values are numbers, else by character."""

    def function(samples: Sequence[Sample]) -> Result:
        values = _values(samples)
        if not values:
            return ()
        numeric = all(number(value) is not None for value in values)
        return (choose(values, key=order_of if numeric else str),)

    return function


def _sum(samples: Sequence[Sample]) -> Result:
    numbers = _numbers(samples)
    return (number_text(sum(numbers)),) if numbers else ()


def _average(samples: Sequence[Sample]) -> Result:
    numbers = _numbers(samples)
    return (number_text(sum(numbers) / len(numbers)),) if numbers else ()


def _one(samples: Sequence[Sample]) -> list[Sample]:
    having = [sample for sample in samples if sample.values]
    if any(len(sample.values) > 1 for sample in having):
        raise UndefinedError("which of several values of one row comes first is not documented")
    return having


def _first(samples: Sequence[Sample]) -> Result:
    """By order of arrival, which is newest first unless the rows were sorted."""
    return next((sample.values for sample in _one(samples)), ())


def _last(samples: Sequence[Sample]) -> Result:
    return next((sample.values for sample in reversed(_one(samples))), ())


def _earliest(samples: Sequence[Sample]) -> Result:
    return min(_one(samples), key=_moment, default=Sample((), None)).values


def _latest(samples: Sequence[Sample]) -> Result:
    return max(_one(samples), key=_moment, default=Sample((), None)).values


def _moment(sample: Sample) -> Number:
    if sample.time is None:
        raise UndefinedError("rows without `_time` have no earliest and no latest")
    return sample.time


FUNCTIONS: dict[str, Function] = {
    "count": _count,
    "c": _count,
    "dc": _distinct,
    "distinct_count": _distinct,
    "min": _extreme(min),
    "max": _extreme(max),
    "sum": _sum,
    "avg": _average,
    "values": lambda samples: tuple(sorted(set(_values(samples)))),
    "list": lambda samples: tuple(_values(samples)[:LIST_LIMIT]),
    "first": _first,
    "last": _last,
    "earliest": _earliest,
    "latest": _latest,
}
COUNTING = frozenset({"count", "c"})  # may stand without an argument
