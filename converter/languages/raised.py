"""What raising gives: a detection as a syntax tree of a language, or the reasons why the language cannot say it.

"Lower" and "raise" are inverses: what is raised, printed, parsed and lowered again means what it meant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from converter.events.event import Values
from converter.ir.literal import (
    AddressLiteral,
    BooleanLiteral,
    DateLiteral,
    Literal,
    NumberLiteral,
    TextLiteral,
    VersionLiteral,
)
from converter.ir.matcher import Equal, Like, Matcher, Network, Phrase, Range, Regex
from converter.ir.span import Span
from converter.losses import Assumption, Loss, Note
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

Tree = TypeVar("Tree")

_TYPES: Mapping[type[Literal], FieldType] = {
    TextLiteral: FieldType.KEYWORD,
    NumberLiteral: FieldType.DOUBLE,
    BooleanLiteral: FieldType.BOOLEAN,
    DateLiteral: FieldType.DATE,
    AddressLiteral: FieldType.IP,
    VersionLiteral: FieldType.VERSION,
}


@dataclass(frozen=True, slots=True)
class Raised(Generic[Tree]):
    """`tree` is None if the language cannot say the detection; then `losses`, which have no direction, say why.

    `types` are what fields that the catalogue does not know have to be, where a reader of the text would guess another
    type: under these, the text reads back as what was raised.
    """

    tree: Tree | None
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    types: Mapping[str, FieldType] = field(default_factory=dict)


class InexpressibleError(Exception):
    """A part that the language cannot say; `loss` is the reason for the refusal."""

    def __init__(self, code: str, message: str, name: str | None = None) -> None:
        super().__init__(message)
        self.loss = Loss(code, message, field=name)


@dataclass(slots=True)
class Findings:
    """What is found while a detection is raised: passed along, collected once."""

    catalogue: Catalogue
    losses: dict[Loss, None] = field(default_factory=dict)
    assumptions: dict[Assumption, None] = field(default_factory=dict)
    needed: dict[str, set[FieldType]] = field(default_factory=dict)
    """The types that literals ask of fields that the catalogue does not know."""
    retyped: dict[str, FieldType] = field(default_factory=dict)
    """Those of them that readers of the text would not guess."""

    def lose(self, loss: Loss, span: Span | None) -> None:
        self.losses.setdefault(replace(loss, span=span))

    def assume(self, *assumptions: Assumption) -> None:
        self.assumptions.update(dict.fromkeys(assumptions))

    def need(self, name: str, matchers: Iterable[Matcher]) -> None:
        """Takes note of what matchers say about the type of a field, if the catalogue does not know it."""
        if name not in self.catalogue:
            types = (kind for matcher in matchers for kind in _types(matcher))
            self.needed.setdefault(name, set()).update(types)

    def part_bounds(self, info: FieldInfo | None, matcher: Range) -> tuple[Range, ...]:
        """The bounds of a range one by one: of different values of a list if the field holds lists.

        Raises InexpressibleError where it does, or where the value is computed (`info` None).
        """
        if matcher.low is None or matcher.high is None:
            return (matcher,)
        if info is None or info.array:
            what = f"`{info.name}` holds lists" if info else "a computed value may have several results"
            raise InexpressibleError(
                "range-two-bounds",
                f"{what}, and no two conditions are about one and the same value of them",
                info.name if info else None,
            )
        message = f"`{info.name}` has at most one value"
        self.assume(Assumption("field-single-valued", message, info.name, _at_most_one))
        return replace(matcher, high=None, open_high=False), replace(matcher, low=None, open_low=False)

    def compare_types(self, guessed: Mapping[str, FieldType]) -> None:
        """Assumes that a field has the type it is needed in, where readers of the text would guess another one."""
        for name, kind in guessed.items():
            for wanted in sorted(self.needed.get(name, set()) - {kind}):
                message = f"`{name}`, which no catalogue knows, is of type {wanted.value}"
                self.assume(Assumption("field-type-needed", message, name))
                self.retyped[name] = wanted


def is_instant(matcher: Matcher) -> bool:
    """Whether it is what equality with a date means: a range from the date to itself (spec kql 4.4)."""
    match matcher:
        case Range(DateLiteral() as low, high, False, False):
            return low == high
        case _:
            return False


def one_address(block: str) -> str | None:
    """The address that a block consists of, None for a larger block."""
    address, _, bits = block.partition("/")
    return address if bits == ("128" if ":" in address else "32") else None


def _types(matcher: Matcher) -> tuple[FieldType, ...]:
    match matcher:
        case Equal(value):
            return (_TYPES[type(value)],)
        case Range(low, high):
            return tuple(_TYPES[type(bound)] for bound in (low, high) if bound is not None)
        case Network():
            return (FieldType.IP,)
        case Phrase():
            return (FieldType.TEXT,)
        case Like() | Regex():
            return (FieldType.KEYWORD,)
        case _:
            return ()


def _at_most_one(values: Values) -> bool:
    return len(values) < 2
