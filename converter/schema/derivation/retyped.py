"""Fields that ECS and the target hold with different types: `event.code` is text, `EventID` a number."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Call, Expression, FieldValue, Matches
from converter.ir.literal import NumberLiteral, TextLiteral
from converter.ir.matcher import Equal, Matcher, Present
from converter.ir.predicate import Compute, Field, Never, Predicate, Test
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row


@dataclass(frozen=True, slots=True)
class TextOfNumber:
    """ECS has the decimal text of the column's integer."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        return tuple(str(value) for value in row.get(self.column, ()))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        if not all(isinstance(value, str) and _is_canonical(value) for value in values):
            return CannotBuild(f"{values!r} are not texts of integers")
        return _agreeing(self.column, tuple(int(value) for value in values), row)

    def inverse(self, matcher: Matcher) -> Image | None:
        match matcher:
            case Present():
                return Image(Test(Field(self.column), (matcher,)))
            case Equal(TextLiteral(text)):
                if not _is_canonical(text):
                    return Image(Never())
                return Image(Test(Field(self.column), (Equal(NumberLiteral(int(text))),)))
            case _:
                return Image(Compute(Matches(self.value(), (matcher,))))

    def value(self) -> Expression:
        return Call("string", (FieldValue(self.column),))


@dataclass(frozen=True, slots=True)
class NumberOfText:
    """ECS has the integer whose decimal text is in the column; another text there is no value."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        return tuple(int(value) for value in row.get(self.column, ()) if _is_canonical(str(value)))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return CannotBuild(f"{values!r} are not integers")
        return _agreeing(self.column, tuple(str(value) for value in values), row)

    def inverse(self, matcher: Matcher) -> Image | None:
        match matcher:
            case Equal(NumberLiteral(number)):
                return Image(self._equal(number))
            case _:
                return Image(Compute(Matches(self.value(), (matcher,))))

    def value(self) -> Expression:
        return Call("number", (FieldValue(self.column),))

    def _equal(self, number: int | float) -> Predicate:
        if number != int(number):
            return Never()
        return Test(Field(self.column), (Equal(TextLiteral(str(int(number)))),))


def _agreeing(column: str, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
    if row.get(column, values) != values:
        return CannotBuild(f"{column} has another value already")
    return {column: values}


def _is_canonical(text: str) -> bool:
    """A decimal integer as a program prints it: no sign but minus, no leading zeros."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and (digits == "0" or digits[0] != "0") and text != "-0"
