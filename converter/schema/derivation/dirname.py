"""The directory of a path: `file.directory` of `TargetFilename`."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Call, Constant, Expression, FieldValue, Matches
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Like, Matcher, Present, Range, Regex
from converter.ir.pattern import ANY_ONE, ANY_RUN, Pattern, Text, pattern, rebuild
from converter.ir.predicate import Compute, Field, Predicate, Test
from converter.ir.regex import Chars, Concat
from converter.schema.accept import accepts
from converter.schema.derivation.element import flavour, folds, plain_pattern, run_of_others, whole_tree
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row
from converter.schema.simplify import all_of, union

POSIX_ROOT = "/"


@dataclass(frozen=True, slots=True)
class Dirname:
    """The text before the last separator; missing without one. Directly below the POSIX root it is the root."""

    column: str
    separator: str = "\\"

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        found = (self._directory(value) for value in row.get(self.column, ()))
        return tuple(directory for directory in found if directory)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """A path that ends in a separator, to be completed by a name, else the row's path if it fits."""
        if self.column in row:
            fits = self.forward(row) == values
            return {self.column: row[self.column]} if fits else CannotBuild(f"{self.column} has another directory")
        if len(values) != 1 or not isinstance(values[0], str) or not values[0]:
            return CannotBuild(f"{values!r} is not the directory of one path")
        path = values[0] if values[0] == POSIX_ROOT == self.separator else values[0] + self.separator
        return {self.column: (path,)}

    def inverse(self, matcher: Matcher) -> Image | None:
        match matcher:
            case Present():
                return Image(union((self._filled(), *self._in_root(matcher))))
            case Range():
                return Image(Compute(Matches(self.value(), (matcher,))))
        inside = self._inside(matcher)
        if inside is None:
            return None
        if accepts(matcher, ""):
            inside = all_of((inside, self._filled()))
        return Image(union((inside, *self._in_root(matcher))))

    def value(self) -> Expression:
        return Call("dirname", (FieldValue(self.column), Constant(TextLiteral(self.separator))))

    def _inside(self, matcher: Matcher) -> Predicate | None:
        """Paths whose text before the last separator is accepted."""
        parts = plain_pattern(matcher)
        if parts and parts[-1] == ANY_RUN:
            return self._below(rebuild((*parts, Text(self.separator), ANY_RUN)), matcher)
        tree = whole_tree(matcher)
        if tree is None:
            return None
        whole = Concat((tree, Chars(self.separator), run_of_others(self.separator)))
        return Test(Field(self.column), (Regex(whole, flavour(matcher), folds(matcher)),))

    def _in_root(self, matcher: Matcher) -> tuple[Predicate, ...]:
        if self.separator != POSIX_ROOT or not accepts(matcher, POSIX_ROOT):
            return ()
        return (Test(Field(self.column), (Regex(Concat((Chars(POSIX_ROOT), run_of_others(POSIX_ROOT)))),)),)

    def _filled(self) -> Predicate:
        """There is a directory that is not the root."""
        return Test(Field(self.column), (Like(pattern(ANY_ONE, ANY_RUN, self.separator, ANY_RUN)),))

    def _below(self, parts: Pattern, matcher: Matcher) -> Predicate:
        return Test(Field(self.column), (Like(parts, folds(matcher)),))

    def _directory(self, value: object) -> str:
        if not isinstance(value, str):
            return ""
        directory, found, _ = value.rpartition(self.separator)
        return POSIX_ROOT if found == POSIX_ROOT and not directory else directory
