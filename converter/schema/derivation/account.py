"""The text before a separator: `user.domain` of a `User` that holds `DOMAIN\\name`. The name is its `Basename`."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Expression
from converter.ir.matcher import Like, Matcher, Present, Regex
from converter.ir.pattern import ANY_RUN, Text, pattern
from converter.ir.predicate import Field, Never, Predicate, Test
from converter.ir.regex import AnyText, Chars, Concat, Regexp, Repeat
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

SEPARATOR = "\\"


@dataclass(frozen=True, slots=True)
class AccountDomain:
    """The text before the first separator; missing if there is none or nothing before it."""

    column: str
    separator: str = SEPARATOR

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        parts = (str(value).partition(self.separator) for value in row.get(self.column, ()))
        return tuple(domain for domain, found, _ in parts if domain and found)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """Puts the domain before the row's name, or leaves the name to be added."""
        if len(values) != 1 or not isinstance(values[0], str) or not values[0] or self.separator in values[0]:
            return CannotBuild(f"{values!r} is not the domain of one account")
        account = row.get(self.column, (self.separator,))
        if self.forward(row) == values:
            return {self.column: account}
        if len(account) == 1 and isinstance(account[0], str) and account[0].startswith(self.separator):
            return {self.column: (values[0] + account[0],)}
        return CannotBuild(f"{self.column} has another domain than {values[0]}")

    def inverse(self, matcher: Matcher) -> Image | None:
        if isinstance(matcher, Present):
            return Image(self._before(Repeat(none_of(self.separator), 1, None), matcher))
        parts = plain_pattern(matcher)
        if parts is not None and (not parts or holds_any(parts, self.separator)):
            return Image(Never())
        match parts:
            case (Text(name),):
                like = Like(pattern(name + self.separator, ANY_RUN), folds(matcher))
                return Image(Test(Field(self.column), (like,)))
        tree = part_tree(matcher, self.separator)
        if tree is None or (parts is None and accepts_empty(tree)):
            return None
        return Image(self._before(Repeat(none_of(self.separator), 1, None) if accepts_empty(tree) else tree, matcher))

    def value(self) -> Expression | None:
        return None

    def _before(self, tree: Regexp, matcher: Matcher) -> Predicate:
        whole = Regex(Concat((tree, Chars(self.separator), AnyText())), flavour(matcher), folds(matcher))
        return Test(Field(self.column), (whole,))
