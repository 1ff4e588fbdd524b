"""One hash out of Sysmon's list: `process.hash.sha256` of `Hashes`, which reads `SHA1=AB…,SHA256=CD…`."""

from collections.abc import Iterator
from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Expression
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Present, Regex
from converter.ir.pattern import ANY_RUN, Pattern, Text, pattern
from converter.ir.predicate import Field, Never, Test
from converter.ir.regex import AnyText, Chars, Concat, Regexp, Repeat
from converter.schema.derivation.element import accepts_empty, folds, holds_any, none_of, part_tree, plain_pattern
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row

COMMA = ","


@dataclass(frozen=True, slots=True)
class ListedHash:
    """The value of the algorithm's entry in lower case. Elastic's pipelines write hashes in lower case, Sysmon in
    upper case, so the list is compared without case."""

    column: str
    algorithm: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        entries = (entry for value in row.get(self.column, ()) for entry in str(value).split(COMMA))
        pairs = (entry.partition("=") for entry in entries)
        return tuple(_lower(value) for name, _, value in pairs if value and _lower(name) == _lower(self.algorithm))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """Adds the entry to the row's list."""
        if len(values) != 1 or not isinstance(values[0], str) or not values[0] or COMMA in values[0]:
            return CannotBuild(f"{values!r} is not one hash")
        if values[0] != _lower(values[0]):
            return CannotBuild(f"{values[0]} is not in lower case")
        present = row.get(self.column, ())
        if self.forward(row):
            same = self.forward(row) == values
            return {self.column: present} if same else CannotBuild(f"{self.column} has another {self.algorithm}")
        entry = f"{self.algorithm.upper()}={values[0].upper()}"
        return {self.column: (COMMA.join((*map(str, present), entry)),)}

    def inverse(self, matcher: Matcher) -> Image | None:
        column = Field(self.column)
        if isinstance(matcher, Present):
            return Image(Test(column, (self._entry(Repeat(none_of(COMMA), 1, None)),)))
        parts = plain_pattern(matcher)
        if parts is None:
            return None
        if not parts or holds_any(parts, COMMA) or (not folds(matcher) and _has_upper(parts)):
            return Image(Never())
        match parts:
            case (Text(value),):
                return Image(Test(column, tuple(self._literal(value))))
        tree = part_tree(matcher, COMMA)
        if tree is None:
            return None
        return Image(Test(column, (self._entry(Repeat(none_of(COMMA), 1, None) if accepts_empty(tree) else tree),)))

    def value(self) -> Expression | None:
        return None

    def _literal(self, value: str) -> Iterator[Matcher]:
        entry = f"{self.algorithm.upper()}={value}"
        yield Equal(TextLiteral(entry), True)
        yield Like(pattern(entry + COMMA, ANY_RUN), True)
        yield Like(pattern(ANY_RUN, COMMA + entry), True)
        yield Like(pattern(ANY_RUN, COMMA + entry + COMMA, ANY_RUN), True)

    def _entry(self, value: Regexp) -> Regex:
        before = Repeat(Concat((AnyText(), Chars(COMMA))), 0, 1)
        after = Repeat(Concat((Chars(COMMA), AnyText())), 0, 1)
        return Regex(Concat((before, Chars(f"{self.algorithm.upper()}="), value, after)), ignore_case=True)


def _lower(text: str) -> str:
    """Folds ASCII letters only (docs/architecture.md, "Verification")."""
    return "".join(char.lower() if char.isascii() else char for char in text)


def _has_upper(parts: Pattern) -> bool:
    return any(isinstance(part, Text) and part.value != _lower(part.value) for part in parts)
