"""The last element of a path: `process.name` of `Image`, `file.name` of `TargetFilename`."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Call, Constant, Expression, FieldValue, Matches
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Present, Range, Regex
from converter.ir.pattern import ANY_RUN, AnyRun, Text, pattern
from converter.ir.predicate import All, Compute, Field, Never, Predicate, Test
from converter.ir.regex import AnyText, Chars, Concat, Repeat
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


@dataclass(frozen=True, slots=True)
class Basename:
    """The text after the last separator; the whole value without one (pseudo-processes such as `System`).

    A path that ends in a separator, the root included, has no last element: the field is missing.
    """

    column: str
    separator: str = "\\"

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        names = (_last(value, self.separator) for value in row.get(self.column, ()))
        return tuple(name for name in names if name)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """Completes a path that ends in a separator (a directory), else takes the row's path if it fits."""
        if len(values) != 1 or not isinstance(values[0], str) or not values[0] or self.separator in values[0]:
            return CannotBuild(f"{values!r} is not the last element of one path")
        path = row.get(self.column, (self.separator,))
        if len(path) == 1 and isinstance(path[0], str) and path[0].endswith(self.separator):
            return {self.column: (path[0] + values[0],)}
        if self.forward(row) == values:
            return {self.column: path}
        return CannotBuild(f"{self.column} ends in another element than {values[0]}")

    def inverse(self, matcher: Matcher) -> Image | None:
        column = Field(self.column)
        match matcher:
            case Present():
                return Image(Test(column, (self._filled(),)))
            case Range():
                return Image(Compute(Matches(self.value(), (matcher,))))
        predicate = self._tail(matcher) or self._searched(matcher)
        return None if predicate is None else Image(predicate)

    def value(self) -> Expression:
        return Call("basename", (FieldValue(self.column), Constant(TextLiteral(self.separator))))

    def _tail(self, matcher: Matcher) -> Predicate | None:
        """Literal names and `*ending`: no regular expression needed."""
        parts = plain_pattern(matcher)
        if parts is None:
            return None
        ignore_case = folds(matcher)
        if not parts or holds_any(parts, self.separator):
            return Never()
        match parts:
            case (Text(name),):
                end = Like(pattern(ANY_RUN, self.separator + name), ignore_case)
                return Test(Field(self.column), (Equal(TextLiteral(name), ignore_case), end))
            case (AnyRun(), Text()):
                return Test(Field(self.column), (Like(parts, ignore_case),))
            case (AnyRun(),):
                return Test(Field(self.column), (self._filled(),))
        return None

    def _searched(self, matcher: Matcher) -> Predicate | None:
        tree = part_tree(matcher, self.separator)
        if tree is None:
            return None
        directory = Repeat(Concat((AnyText(), Chars(self.separator))), 0, 1)
        whole = Regex(Concat((directory, tree)), flavour(matcher), folds(matcher))
        found = Test(Field(self.column), (whole,))
        return All((found, Test(Field(self.column), (self._filled(),)))) if accepts_empty(tree) else found

    def _filled(self) -> Regex:
        """There is a last element: the value does not end in a separator."""
        return Regex(Concat((AnyText(), none_of(self.separator))))


def _last(value: object, separator: str) -> str:
    return value.rpartition(separator)[2] if isinstance(value, str) else str(value)
