"""The arguments of a command line: `process.args` of `CommandLine`.

POSIX sensors join the arguments by single blanks; Windows programs split their command line themselves, by the rules of
`CommandLineToArgvW`. Either way the borders of an argument that holds a blank are lost or disputed: that is the domain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from subprocess import list2cmdline

from converter.events.event import Values
from converter.ir.expression import Expression
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Present, Regex
from converter.ir.pattern import ANY_ONE, ANY_RUN, AnyOne, AnyRun, Pattern, Text, pattern, rebuild
from converter.ir.predicate import All, Field, Predicate, Test
from converter.ir.regex import AnyChar, AnyText, CharClass, Chars, Concat, Intersection, Regexp, Repeat
from converter.losses import Direction
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
from converter.schema.derivation.windows import split_command_line

BLANK = " "
WINDOWS_BLANKS = " \t"
QUOTE = '"'
DOMAIN_CODE = "arguments-from-command-line"
BLANK_CODE = "argument-with-blank"


@dataclass(frozen=True, slots=True)
class PosixArguments:
    """The command line cut at every single blank."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain:
        return Domain(DOMAIN_CODE, "no argument is empty or holds a blank", _Plain(BLANK))

    def forward(self, row: Row) -> Values:
        lines = (str(line) for line in row.get(self.column, ()))
        return tuple(argument for line in lines if line for argument in line.split(BLANK))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """The command line a sensor would write; outside the domain `forward` splits it otherwise."""
        return _built(self, BLANK.join(map(str, values)), values, row)

    def inverse(self, matcher: Matcher) -> Image | None:
        column = Field(self.column)
        if isinstance(matcher, Present) or _is_any(matcher):
            return Image(Test(column, (Like((ANY_ONE, ANY_RUN)),)))
        parts = plain_pattern(matcher)
        if parts == ():
            gaps = (pattern(ANY_RUN, "  ", ANY_RUN), pattern(BLANK, ANY_RUN), pattern(ANY_RUN, BLANK))
            return Image(Test(column, tuple(Like(gap) for gap in gaps)))
        if parts is not None and holds_any(parts, BLANK):
            return _wider(Test(column, tuple(_between_blanks(parts, folds(matcher)))))
        if parts is not None and _literal_core(parts):
            return Image(Test(column, tuple(_between_blanks(parts, folds(matcher)))))
        tree = part_tree(matcher, BLANK)
        return None if tree is None else Image(self._searched(tree, matcher))

    def value(self) -> Expression | None:
        return None

    def _searched(self, tree: Regexp, matcher: Matcher) -> Predicate:
        before = Repeat(Concat((AnyText(), Chars(BLANK))), 0, 1)
        after = Repeat(Concat((Chars(BLANK), AnyText())), 0, 1)
        found = Test(Field(self.column), (Regex(Concat((before, tree, after)), flavour(matcher), folds(matcher)),))
        if accepts_empty(tree):
            return All((found, Test(Field(self.column), (Like((ANY_ONE, ANY_RUN)),))))
        return found


@dataclass(frozen=True, slots=True)
class WindowsArguments:
    """The command line split as `CommandLineToArgvW` does.

    The image looks for an argument between blanks or line ends, bare or in quotes.
    """

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain:
        text = "no argument is empty or holds a blank or a quote, and quotes stand around whole arguments only"
        return Domain(DOMAIN_CODE, text, _Plain(WINDOWS_BLANKS + QUOTE))

    def forward(self, row: Row) -> Values:
        return tuple(argument for line in row.get(self.column, ()) for argument in split_command_line(str(line)))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """The command line a shell would write."""
        return _built(self, list2cmdline(list(map(str, values))), values, row)

    def inverse(self, matcher: Matcher) -> Image | None:
        column = Field(self.column)
        if isinstance(matcher, Present) or _is_any(matcher):
            filled = Regex(Concat((AnyText(), none_of(WINDOWS_BLANKS), AnyText())))
            return Image(Test(column, (filled,)))
        parts = plain_pattern(matcher)
        if parts is not None and holds_any(parts, WINDOWS_BLANKS + QUOTE):
            core = Concat(tuple(_spanning(parts)))
            return _wider(Test(column, (_quoted(core, matcher),)))
        match parts:
            case (AnyRun(), Text(), AnyRun()):
                return Image(Test(column, (Like(parts, folds(matcher)),)))
            case ():
                return Image(Test(column, (_quoted(Chars(QUOTE + QUOTE), matcher, quotes=False),)))
        tree = part_tree(matcher, WINDOWS_BLANKS + QUOTE)
        return None if tree is None else Image(Test(column, (_quoted(_filled(tree), matcher),)))

    def value(self) -> Expression | None:
        return None


def _built(
    derivation: PosixArguments | WindowsArguments, line: str, values: Values, row: Row
) -> dict[str, Values] | CannotBuild:
    column = derivation.column
    if column not in row:
        return {column: (line,)}
    if derivation.domain.contains(values) and derivation.forward(row) != values:
        return CannotBuild(f"{column} has other arguments")
    return {column: row[column]}


@dataclass(frozen=True, slots=True)
class _Plain:
    """All values are filled and hold none of the characters."""

    stops: str

    def __call__(self, values: Values) -> bool:
        return all(str(value) and not set(str(value)) & set(self.stops) for value in values)


def _wider(predicate: Predicate) -> Image:
    message = "an argument with a blank is looked for in the whole command line, where it may be several arguments"
    return Image(predicate, BLANK_CODE, Direction.WIDER, message)


def _is_any(matcher: Matcher) -> bool:
    return isinstance(matcher, Like) and matcher.pattern == (ANY_RUN,)


def _literal_core(parts: Pattern) -> bool:
    """One literal piece, open at its ends or not: no wildcard that could run over a blank between two pieces."""
    return sum(isinstance(part, Text) for part in parts) == 1 and AnyOne() not in parts


def _between_blanks(parts: Pattern, ignore_case: bool) -> Iterator[Matcher]:
    """The pattern alone, first, last and in the middle of the line; an end that is open needs no blank beside it."""
    before: tuple[Pattern, ...] = ((),) if parts[0] == ANY_RUN else ((), (ANY_RUN, Text(BLANK)))
    after: tuple[Pattern, ...] = ((),) if parts[-1] == ANY_RUN else ((), (Text(BLANK), ANY_RUN))
    for left in before:
        for right in after:
            whole = rebuild(left + parts + right)
            match whole:
                case (Text(text),):
                    yield Equal(TextLiteral(text), ignore_case)
                case _:
                    yield Like(whole, ignore_case)


def _spanning(parts: Pattern) -> Iterator[Regexp]:
    """The pattern as a regular expression whose wildcards run over blanks."""
    for part in parts:
        match part:
            case Text(text):
                yield Chars(text)
            case AnyRun():
                yield AnyText()
            case AnyOne():
                yield AnyChar()


def _quoted(core: Regexp, matcher: Matcher, *, quotes: bool = True) -> Regex:
    """The core between blanks or the ends of the line, in quotes or bare."""
    blank = CharClass(tuple((ord(char), ord(char)) for char in sorted(WINDOWS_BLANKS)))
    quote = (Repeat(Chars(QUOTE), 0, 1),) if quotes else ()
    before = Repeat(Concat((AnyText(), blank)), 0, 1)
    after = Repeat(Concat((blank, AnyText())), 0, 1)
    return Regex(Concat((before, *quote, core, *quote, after)), flavour(matcher), folds(matcher))


def _filled(tree: Regexp) -> Regexp:
    """The tree without the empty text."""
    if not accepts_empty(tree):
        return tree
    return Intersection((tree, Repeat(none_of(WINDOWS_BLANKS + QUOTE), 1, None)))
