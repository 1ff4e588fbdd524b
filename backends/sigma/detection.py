"""The target's syntax tree: search identifiers with their items, and the condition over them (spec sigma 2)."""

from dataclasses import dataclass, replace
from typing import assert_never

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a map: a field with its modifiers and its values, of which some or, with `every`, all match."""

    field: str
    modifiers: tuple[str, ...]
    values: tuple[Scalar, ...]
    every: bool = False

    @property
    def test(self) -> tuple[str, tuple[str, ...]]:
        """What the values are compared with, and how: a map has one entry for each."""
        return self.field, self.modifiers

    @property
    def key(self) -> str:
        return "|".join((self.field, *self.modifiers, *(("all",) if self.every else ())))

    def joined(self, other: "Item") -> "Item | None":
        """Both items as one of the same test, their texts under the modifier `all`; None if one has alternatives."""
        texts = all(isinstance(value, str) for value in (*self.values, *other.values))
        alternatives = (len(self.values) > 1 and not self.every) or len(other.values) > 1
        if alternatives or not texts or "cidr" in self.modifiers:
            return None
        return replace(self, values=(*self.values, *other.values), every=True)

    def plain(self) -> object:
        """The value as YAML has it: a list only if there are several."""
        return self.values[0] if len(self.values) == 1 else list(self.values)


@dataclass(frozen=True, slots=True)
class Selection:
    """A search identifier: an OR of maps, each an AND of items."""

    maps: tuple[tuple[Item, ...], ...]

    def plain(self) -> object:
        """The identifier as YAML has it: one map, or a list of maps."""
        maps = [{item.key: item.plain() for item in items} for items in self.maps]
        return maps[0] if len(maps) == 1 else maps


@dataclass(frozen=True, slots=True)
class Use:
    """An identifier inside a condition; naming comes last, so that it only depends on the finished tree."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: "Condition"


Condition = Use | And | Or | Not


@dataclass(frozen=True, slots=True)
class Detection:
    """Named identifiers in order, and the condition's text."""

    selections: tuple[tuple[str, Selection], ...]
    condition: str

    @property
    def depth(self) -> int:
        """Groups within groups of the condition."""
        depth = deepest = 0
        for char in self.condition:
            depth += {"(": 1, ")": -1}.get(char, 0)
            deepest = max(deepest, depth)
        return deepest

    def plain(self) -> dict[str, object]:
        return {name: selection.plain() for name, selection in self.selections} | {"condition": self.condition}


def named(condition: Condition) -> Detection:
    """Gives identifiers their names, SigmaHQ's habits kept: `selection…` is wanted, `filter_main_…` is excluded."""
    names = _Names()
    if isinstance(condition, Or):
        text = _write(condition, names.numbered("selection", True), outer="or")
        return Detection(tuple(names.selections), text)
    items = condition.items if isinstance(condition, And) else (condition,)
    wanted = [item for item in items if not isinstance(item, Not)]
    unwanted = [item.item for item in items if isinstance(item, Not)]
    count = sum(_count(item) for item in wanted)
    parts = [_write(item, names.numbered("selection", count > 1), outer="and") for item in wanted]
    before = len(names.selections)
    excluded = [_write(item, names.numbered("filter_main", True), outer="not") for item in unwanted]
    if len(excluded) > 1 and len(names.selections) - before == len(excluded):
        parts.append("not 1 of filter_main_*")
    else:
        parts += [f"not {text}" for text in excluded]
    return Detection(tuple(names.selections), " and ".join(parts))


class _Names:
    """Hands out identifiers in order of appearance."""

    def __init__(self) -> None:
        self.selections: list[tuple[str, Selection]] = []
        self._next: dict[str, int] = {}

    def numbered(self, stem: str, numbers: bool) -> "_Namer":
        return _Namer(self, stem, numbers)

    def add(self, stem: str, selection: Selection, numbers: bool) -> str:
        number = self._next[stem] = self._next.get(stem, 0) + 1
        name = f"{stem}_{number}" if numbers else stem
        self.selections.append((name, selection))
        return name


@dataclass(frozen=True, slots=True)
class _Namer:
    names: _Names
    stem: str
    numbers: bool

    def __call__(self, selection: Selection) -> str:
        return self.names.add(self.stem, selection, self.numbers)


def _count(condition: Condition) -> int:
    match condition:
        case Use():
            return 1
        case Not(item):
            return _count(item)
        case And(items) | Or(items):
            return sum(_count(item) for item in items)
        case _:
            assert_never(condition)


def _write(condition: Condition, name: _Namer, outer: str) -> str:
    """The text of a condition inside `outer`; a group in a group of another kind is put in parentheses."""
    match condition:
        case Use(selection):
            return name(selection)
        case Not(item):
            return f"not {_write(item, name, 'not')}"
        case And(items):
            return _chain(items, "and", name, outer)
        case Or(items):
            return _chain(items, "or", name, outer)
        case _:
            assert_never(condition)


def _chain(items: tuple[Condition, ...], word: str, name: _Namer, outer: str) -> str:
    text = f" {word} ".join(_write(item, name, word) for item in items)
    return text if outer == word else f"({text})"
