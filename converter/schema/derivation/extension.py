"""The extension of a path's last element: `file.extension` of `TargetFilename`."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Call, Constant, Expression, FieldValue, Matches
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Like, Matcher, Present, Range, Regex
from converter.ir.pattern import ANY_RUN, Text, pattern
from converter.ir.predicate import Compute, Field, Never, Predicate, Test
from converter.ir.regex import AnyText, Chars, Concat, Intersection, Regexp, Repeat
from converter.schema.derivation.element import (
    accepts_empty,
    flavour,
    folds,
    holds_any,
    none_of,
    part_tree,
    plain_pattern,
)
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row

DOT = "."


@dataclass(frozen=True, slots=True)
class Extension:
    """The text after the last dot of the last element, without the dot; missing if there is no dot or nothing after it
    (`/etc/init.d/foo` has none, since its dot stands in a directory)."""

    column: str
    separator: str = "\\"

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        found = (_extension(value, self.separator) for value in row.get(self.column, ()))
        return tuple(extension for extension in found if extension)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """Completes a path that ends in a separator (a directory), else takes the row's path if it fits."""
        if len(values) != 1 or not isinstance(values[0], str) or not values[0] or set(values[0]) & set(self._stops):
            return CannotBuild(f"{values!r} is not the extension of one path")
        path = row.get(self.column, (self.separator,))
        if len(path) == 1 and isinstance(path[0], str) and path[0].endswith(self.separator):
            return {self.column: (f"{path[0]}file{DOT}{values[0]}",)}
        if self.forward(row) == values:
            return {self.column: path}
        return CannotBuild(f"{self.column} has another extension than {values[0]}")

    def inverse(self, matcher: Matcher) -> Image | None:
        match matcher:
            case Present():
                return Image(self._test(Repeat(none_of(self._stops), 1, None), matcher))
            case Range():
                return Image(Compute(Matches(self.value(), (matcher,))))
        predicate = self._tail(matcher) or self._searched(matcher)
        return None if predicate is None else Image(predicate)

    def value(self) -> Expression:
        return Call("extension", (FieldValue(self.column), Constant(TextLiteral(self.separator))))

    @property
    def _stops(self) -> str:
        return self.separator + DOT

    def _tail(self, matcher: Matcher) -> Predicate | None:
        """Literal extensions: no regular expression needed."""
        parts = plain_pattern(matcher)
        if parts is None:
            return None
        if not parts or holds_any(parts, self._stops):
            return Never()
        match parts:
            case (Text(extension),):
                return Test(Field(self.column), (Like(pattern(ANY_RUN, DOT + extension), folds(matcher)),))
        return None

    def _searched(self, matcher: Matcher) -> Predicate | None:
        tree = part_tree(matcher, self._stops)
        return None if tree is None else self._test(tree, matcher)

    def _test(self, tree: Regexp, matcher: Matcher) -> Predicate:
        filled = Intersection((tree, Repeat(none_of(self._stops), 1, None))) if accepts_empty(tree) else tree
        whole = Regex(Concat((AnyText(), Chars(DOT), filled)), flavour(matcher), folds(matcher))
        return Test(Field(self.column), (whole,))


def _extension(value: object, separator: str) -> str:
    if not isinstance(value, str):
        return ""
    _, dot, extension = value.rpartition(separator)[2].rpartition(DOT)
    return extension if dot else ""
