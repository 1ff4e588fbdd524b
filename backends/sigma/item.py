"""One test on one field as detection items: which modifier says which matcher (spec sigma 5.2)."""

import math
from dataclasses import dataclass

from backends.sigma import regexp
from backends.sigma.detection import Item, Scalar
from backends.sigma.value import encode
from converter import ir
from converter.evaluate.number import read_decimal
from converter.ir.pattern import AnyRun, Text
from converter.ir.span import Span
from converter.languages.regex import pcre
from converter.languages.regex.dialect import DialectError
from converter.losses import Loss
from converter.schema.catalogue import FieldInfo


class InexpressibleError(Exception):
    """Something that Sigma cannot say; `loss` is the reason for the refusal."""

    def __init__(self, code: str, message: str, field: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.loss = Loss(code, message, field=field, span=span)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Alternatives, each an AND of items.

    `normalised`: case was left to a field of lower-case words. `folded`: case is ignored though the test minds it.
    `single`: the items mean the test only for a field with one value.
    """

    maps: tuple[tuple[Item, ...], ...]
    normalised: bool = False
    folded: bool = False
    single: bool = False


def render(column: FieldInfo, test: ir.Test, *, fold: bool) -> Rendered:
    """The test as an OR of maps, values under one key gathered into lists. Raises InexpressibleError.

    `fold` drops `cased`, which few backends know: more is selected then, and the caller reports it.
    """
    if "|" in column.name or not column.name:
        raise InexpressibleError(
            "sigma-field-name", f"Sigma cannot name the field `{column.name}`", column.name, test.span
        )
    lists: dict[tuple[str, ...], list[Scalar]] = {}
    maps: list[tuple[Item, ...]] = []
    normalised = folded = False
    for matcher in test.matchers:
        if isinstance(matcher, ir.Range):
            maps.append(_range(column, matcher, test.span))
            continue
        modifiers, value, cased = _item(column, matcher, test.span)
        if cased and column.normalised and value == str(value).lower():
            normalised = True
        elif cased and fold:
            folded = True
        elif cased:
            modifiers = (*modifiers, "cased")
        lists.setdefault(modifiers, []).append(value)
    grouped = [(Item(column.name, modifiers, tuple(values)),) for modifiers, values in lists.items()]
    return Rendered((*grouped, *maps), normalised, folded, single=any(len(items) > 1 for items in maps))


def _item(column: FieldInfo, matcher: ir.Matcher, span: Span | None) -> tuple[tuple[str, ...], Scalar, bool]:
    """Modifiers, value, and whether case matters for it."""
    match matcher:
        case ir.Present():
            return ("exists",), True, False
        case ir.Equal(ir.NumberLiteral(number), _) if column.type.is_number:
            return (), number, False
        case ir.Equal(ir.BooleanLiteral(boolean), _):
            return (), boolean, False
        case ir.Equal(
            ir.TextLiteral(text) | ir.VersionLiteral(text) | ir.NumberLiteral(text),
            ignore_case,
        ):
            return _text(column, text, ignore_case)
        case ir.Like(pattern, ignore_case):
            modifiers, rest = _shape(pattern)
            letters = any(isinstance(part, Text) and _has_letters(part.value) for part in rest)
            return modifiers, encode(rest), not ignore_case and letters
        case ir.Regex(tree, flavour, ignore_case):
            try:
                modifiers, written = regexp.ignoring_case(tree, flavour) if ignore_case else regexp.minding_case(tree)
            except DialectError as error:
                raise InexpressibleError("sigma-regex", f"the pattern needs {error}", column.name, span) from error
            return modifiers, written, False
        case ir.Phrase(tokens, "powershell"):
            modifiers, written = regexp.ignoring_case(pcre.phrase(tokens), ir.Flavour.PCRE)
            return modifiers, written, False
        case ir.Network(block):
            return ("cidr",), block, False
        case _:
            raise InexpressibleError(
                "sigma-matcher", f"Sigma has no modifier for this test on `{column.name}`", column.name, span
            )


def _text(column: FieldInfo, value: str | int | float, ignore_case: bool) -> tuple[tuple[str, ...], Scalar, bool]:
    """A whole value; on a field of numbers the number that the text spells, on any other the text of the number."""
    number = read_decimal(value) if isinstance(value, str) and column.type.is_number else None
    if number is not None:
        return (), number, False
    text = str(value)
    return (), encode((Text(text),)), not ignore_case and _has_letters(text)


def _range(column: FieldInfo, matcher: ir.Range, span: Span | None) -> tuple[Item, ...]:
    """Numeric bounds; two bounds are two items, which is the same only for a field with one value."""
    limits = (
        ("gt" if matcher.open_low else "gte", matcher.low),
        ("lt" if matcher.open_high else "lte", matcher.high),
    )
    items = [
        Item(column.name, (modifier,), (limit.value,))
        for modifier, limit in limits
        if isinstance(limit, ir.NumberLiteral) and math.isfinite(limit.value)
    ]
    stated = sum(limit is not None for _, limit in limits)
    if len(items) != stated or not column.type.is_number or (stated == 2 and column.array):
        raise InexpressibleError(
            "sigma-range",
            f"Sigma compares single numbers only, not the range asked of `{column.name}`",
            column.name,
            span,
        )
    return tuple(items)


def _shape(pattern: ir.Pattern) -> tuple[tuple[str, ...], ir.Pattern]:
    """`contains`, `startswith`, `endswith` instead of wildcards at the ends: what people write and read."""
    match pattern:
        case (AnyRun(), *rest, AnyRun()) if _closed(rest):
            return ("contains",), tuple(rest)
        case (AnyRun(), *rest) if _closed(rest):
            return ("endswith",), tuple(rest)
        case (*rest, AnyRun()) if _closed(rest):
            return ("startswith",), tuple(rest)
        case _:
            return (), pattern


def _closed(rest: list[ir.AnyOne | AnyRun | Text]) -> bool:
    """Whether a text stands at both ends, so that the modifier adds the only outer wildcards."""
    return bool(rest) and isinstance(rest[0], Text) and isinstance(rest[-1], Text)


def _has_letters(text: str) -> bool:
    return any(char.isalpha() for char in text)
