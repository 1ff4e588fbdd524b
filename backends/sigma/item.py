"""One test on one field as detection items: which modifier says which matcher (spec sigma 5.2)."""

from dataclasses import dataclass

from backends.sigma import regexp
from backends.sigma.detection import Item, Scalar
from backends.sigma.value import encode
from converter import ir
from converter.ir.pattern import AnyRun, Text
from converter.ir.span import Span
from converter.languages.regex import folded, pcre
from converter.losses import Loss
from converter.schema.catalogue import FieldInfo


class InexpressibleError(Exception):
    """A matcher that Sigma cannot say; `loss` is the reason for the refusal."""

    def __init__(self, code: str, message: str, field: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.loss = Loss(code, message, field=field, span=span)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Alternatives, each an AND of items; `normalised`: case was left to a field of lower-case words."""

    maps: tuple[tuple[Item, ...], ...]
    normalised: bool = False
    folded: bool = False


def render(column: FieldInfo, test: ir.Test, *, fold: bool) -> Rendered:
    """The test as an OR of maps, values under one key gathered into lists. Raises InexpressibleError.

    `fold` drops `cased`, which few backends know: more is selected then, and the caller reports it.
    """
    lists: dict[tuple[str, ...], list[Scalar]] = {}
    maps: list[tuple[Item, ...]] = []
    normalised = folded = False
    for matcher in test.matchers:
        if isinstance(matcher, ir.Range):
            maps.append(_range(column, matcher, test.span))
            continue
        modifiers, value, cased = _item(column, matcher, test.span)
        if cased and column.normalised:
            normalised = True
        elif cased and fold:
            folded = True
        elif cased:
            modifiers = (*modifiers, "cased")
        lists.setdefault(modifiers, []).append(value)
    grouped = [(Item(column.name, modifiers, tuple(values)),) for modifiers, values in lists.items()]
    return Rendered((*grouped, *maps), normalised, folded)


def _item(column: FieldInfo, matcher: ir.Matcher, span: Span | None) -> tuple[tuple[str, ...], Scalar, bool]:
    """Modifiers, value, and whether case matters for it."""
    match matcher:
        case ir.Present():
            return ("exists",), True, False
        case ir.Equal(ir.TextLiteral(value) | ir.VersionLiteral(value), ignore_case):
            return (), encode((Text(value),)), not ignore_case and _has_letters(value)
        case ir.Equal(ir.NumberLiteral(value) | ir.BooleanLiteral(value), _):
            return (), value, False
        case ir.Like(pattern, ignore_case):
            modifiers, rest = _shape(pattern)
            letters = any(isinstance(part, Text) and _has_letters(part.value) for part in rest)
            return modifiers, encode(rest), not ignore_case and letters
        case ir.Regex(tree, flavour, ignore_case):
            try:
                return ("re", "s"), regexp.whole(folded(tree, flavour) if ignore_case else tree), False
            except pcre.DialectError as error:
                raise InexpressibleError("sigma-regex", f"the pattern needs {error}", column.name, span) from error
        case ir.Phrase(tokens, "powershell"):
            return ("re", "s"), regexp.whole(folded(pcre.phrase(tokens), ir.Flavour.PCRE)), False
        case ir.Network(block):
            return ("cidr",), block, False
        case _:
            raise InexpressibleError(
                "sigma-matcher", f"Sigma has no modifier for this test on `{column.name}`", column.name, span
            )


def _range(column: FieldInfo, matcher: ir.Range, span: Span | None) -> tuple[Item, ...]:
    """Numeric bounds; two bounds are two items, which is the same only for a field with one value."""
    limits = (
        ("gt" if matcher.open_low else "gte", matcher.low),
        ("lt" if matcher.open_high else "lte", matcher.high),
    )
    items = [
        Item(column.name, (modifier,), (limit.value,))
        for modifier, limit in limits
        if isinstance(limit, ir.NumberLiteral)
    ]
    stated = sum(limit is not None for _, limit in limits)
    if len(items) != stated or (stated == 2 and column.array):
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
