"""Registry paths: sensors spell the hive differently (`HKU\\…` in Sysmon, `HKEY_USERS\\…` in Elastic Defend)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Expression
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Present, Regex
from converter.ir.pattern import ANY_RUN, AnyRun, Pattern, Text, literal_text, pattern, rebuild
from converter.ir.predicate import Field, Predicate, Test
from converter.ir.regex import AnyText, Chars, Concat
from converter.schema.accept import accepts
from converter.schema.derivation.element import flavour, folds, none_of, plain_pattern, run_of_others, whole_tree
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row
from converter.schema.derivation.registryspelling import judged
from converter.schema.simplify import all_of, negation, union

SEPARATOR = "\\"

HIVES = {
    "HKLM": "HKLM",
    "HKU": "HKEY_USERS",
    "HKCU": "HKEY_CURRENT_USER",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
"""Sysmon's spelling of a hive and Elastic Defend's, which rules are written for."""

_RESPELT = {f"{short}{SEPARATOR}": f"{long}{SEPARATOR}" for short, long in HIVES.items() if short != long}


@dataclass(frozen=True, slots=True)
class RegistryPath:
    """The whole path, the hive in ECS's spelling; the column has the short one, in upper case."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        return tuple(_to_ecs(str(value)) for value in row.get(self.column, ()))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        paths = tuple(_from_ecs(str(value)) for value in values)
        if tuple(map(_to_ecs, paths)) != values:
            return CannotBuild(f"{values!r} has a hive in the target's spelling")
        if row.get(self.column, paths) != paths:
            return CannotBuild(f"{self.column} has another path already")
        return {self.column: paths}

    def inverse(self, matcher: Matcher) -> Image | None:
        if isinstance(matcher, Present):
            return Image(Test(Field(self.column), (matcher,)))
        parts = plain_pattern(matcher)
        if parts is None:
            return None
        ignore_case = folds(matcher)
        unlike = {
            short: long
            for short, long in _RESPELT.items()
            if set(_after(parts, short, ignore_case)) != set(_after(parts, long, ignore_case))
        }
        others = [prefix for prefix in unlike if _after(parts, prefix, ignore_case)]
        same = all_of((Test(Field(self.column), (matcher,)), *(negation(self._begins(prefix)) for prefix in others)))
        respelt = (
            self._test(rebuild((Text(short), *rest)), ignore_case)
            for short, long in unlike.items()
            for rest in _after(parts, long, ignore_case)
        )
        images = [*respelt] if self._only_long(parts, ignore_case) else [same, *respelt]
        return judged(Image(union(images)), parts)

    def value(self) -> Expression | None:
        return None

    def _only_long(self, parts: Pattern, ignore_case: bool) -> bool:
        """The pattern begins with a hive in ECS's spelling, which no value of the column has."""
        first = parts[0] if parts else None
        if not isinstance(first, Text):
            return False
        fold = str.lower if ignore_case else str
        return any(fold(first.value).startswith(fold(long)) for long in _RESPELT.values())

    def _begins(self, prefix: str) -> Predicate:
        return Test(Field(self.column), (Like(pattern(prefix, ANY_RUN)),))

    def _test(self, parts: Pattern, ignore_case: bool) -> Predicate:
        text = literal_text(parts)
        matcher = Like(parts, ignore_case) if text is None else Equal(TextLiteral(text), ignore_case)
        return Test(Field(self.column), (matcher,))


@dataclass(frozen=True, slots=True)
class RegistryHive:
    """The hive in ECS's spelling; missing if the path begins with none of the known hives."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        heads = (str(value).partition(SEPARATOR) for value in row.get(self.column, ()))
        return tuple(HIVES[head] for head, found, _ in heads if found and head in HIVES)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """A path that ends after the hive, to be completed, or the row's path if it fits."""
        if self.column in row:
            fits = self.forward(row) == values
            return {self.column: row[self.column]} if fits else CannotBuild(f"{self.column} has another hive")
        for short, long in HIVES.items():
            if values == (long,):
                return {self.column: (short + SEPARATOR,)}
        return CannotBuild(f"{values!r} is not a hive")

    def inverse(self, matcher: Matcher) -> Image | None:
        known = [short for short, long in HIVES.items() if accepts(matcher, long)]
        return Image(union(Test(Field(self.column), (Like(pattern(f"{hive}{SEPARATOR}", ANY_RUN)),)) for hive in known))

    def value(self) -> Expression | None:
        return None


@dataclass(frozen=True, slots=True)
class RegistryKey:
    """The path between the hive and the last element."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        rests = (str(value).partition(SEPARATOR)[2] for value in row.get(self.column, ()))
        keys = (rest.rpartition(SEPARATOR)[0] for rest in rests)
        return tuple(key for key in keys if key)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """Completes a hive, or takes the row's path if it fits."""
        if len(values) != 1 or not isinstance(values[0], str) or not values[0]:
            return CannotBuild(f"{values!r} is not one registry key")
        if self.forward(row) == values:
            return {self.column: row[self.column]}
        path = row.get(self.column, (f"HKLM{SEPARATOR}",))
        if len(path) == 1 and str(path[0]).removesuffix(SEPARATOR) in HIVES:
            return {self.column: (f"{path[0]}{values[0]}{SEPARATOR}",)}
        return CannotBuild(f"{self.column} has another key")

    def inverse(self, matcher: Matcher) -> Image | None:
        hive = (run_of_others(SEPARATOR), Chars(SEPARATOR))
        last = (Chars(SEPARATOR), run_of_others(SEPARATOR))
        if isinstance(matcher, Present):
            filled = Concat((*hive, none_of(""), AnyText(), *last))
            return Image(Test(Field(self.column), (Regex(filled),)))
        tree = whole_tree(matcher)
        if tree is None or accepts(matcher, ""):
            return None
        whole = Regex(Concat((*hive, tree, *last)), flavour(matcher), folds(matcher))
        return judged(Image(Test(Field(self.column), (whole,))), plain_pattern(matcher) or ())

    def value(self) -> Expression | None:
        return None


def _to_ecs(path: str) -> str:
    return _respelt(path, _RESPELT.items())


def _from_ecs(path: str) -> str:
    return _respelt(path, ((long, short) for short, long in _RESPELT.items()))


def _respelt(path: str, prefixes: Iterable[tuple[str, str]]) -> str:
    for before, after in prefixes:
        if path.startswith(before):
            return after + path.removeprefix(before)
    return path


def _after(parts: Pattern, prefix: str, ignore_case: bool) -> tuple[Pattern, ...]:
    """What may follow the prefix in texts that the pattern covers: the pattern's remainders after it."""
    remainders: dict[Pattern, None] = {parts: None}
    for char in prefix:
        remainders = {rest: None for item in remainders for rest in _step(item, char, ignore_case)}
    return tuple(remainders)


def _step(parts: Pattern, char: str, ignore_case: bool) -> Iterator[Pattern]:
    match parts:
        case ():
            return
        case (Text(value), *rest):
            first = value[0]
            if first == char or (ignore_case and first.lower() == char.lower()):
                yield rebuild((Text(value[1:]), *rest))
        case (AnyRun(), *rest):
            yield parts
            yield from _step(tuple(rest), char, ignore_case)
        case (_, *rest):
            yield tuple(rest)
