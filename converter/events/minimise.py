"""Counter-examples made small: the fewest fields and values that still show a difference."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

Value = TypeVar("Value")


def minimise(
    document: Mapping[str, Value], still_differs: Callable[[Mapping[str, Value]], bool], tries: int = 2000
) -> dict[str, Value]:
    """A smallest part of the document that still differs: no single field and no single value of a list can go.

    Fields are dropped in shrinking blocks (delta debugging), then the elements of lists, tuples and objects one by
    one. `still_differs` must hold for the document itself and is asked at most `tries` times; key order is kept.
    """
    budget = _Budget(still_differs, tries)
    kept = _without_blocks(dict(document), budget)
    return cast(dict[str, Value], _reduced(kept, budget.differs))


class _Budget:
    """Asks the question a limited number of times; from then on nothing differs any more."""

    def __init__(self, question: Callable[[Mapping[str, Any]], bool], tries: int) -> None:
        self._question = question
        self._left = tries

    def differs(self, document: Mapping[str, Any]) -> bool:
        self._left -= 1
        return self._left >= 0 and self._question(document)


def _without_blocks(document: dict[str, Any], budget: _Budget) -> dict[str, Any]:
    size = max(len(document) // 2, 1)
    while size:
        names = list(document)
        dropped = False
        for start in range(0, len(names), size):
            smaller = {name: document[name] for name in document if name not in names[start : start + size]}
            if len(smaller) < len(document) and budget.differs(smaller):
                document, dropped = smaller, True
        if not (dropped and size == 1):
            size //= 2
    return document


def _reduced(value: Any, differs: Callable[[Any], bool]) -> Any:
    """The value with as few elements as still differ; what has to stay is reduced itself."""
    left = value
    if isinstance(value, dict):
        for key in value:
            smaller = {other: left[other] for other in left if other != key}
            left = smaller if differs(smaller) else _inside(left, key, differs)
    elif isinstance(value, list | tuple):
        for at in reversed(range(len(value))):
            shorter = left[:at] + left[at + 1 :]
            left = shorter if shorter and differs(shorter) else _inside(left, at, differs)
    return left


def _inside(container: Any, key: Any, differs: Callable[[Any], bool]) -> Any:
    """The container with the element at `key` reduced."""

    def placed(element: Any) -> Any:
        if isinstance(container, tuple):
            return (*container[:key], element, *container[key + 1 :])
        changed = container.copy()
        changed[key] = element
        return changed

    return placed(_reduced(container[key], lambda element: differs(placed(element))))
