"""Script leaves as Painless: fixed sources, the expression in their parameters (spec elasticsearch-target 2.6, 2.7).

`converter.languages.dsl.script` describes the parameters. Types are settled here, from the catalogue and from what each
function gives, so that no script has to guess what a constant means; what would fail on every document is refused.
"""

from dataclasses import dataclass
from itertools import chain, count, repeat
from typing import assert_never

from backends.elasticsearch.clause import Script
from backends.elasticsearch.kind import SIGNATURES, Kind, fits, kind_of_field, kind_of_literal
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.script_matcher import encoded_literal, encoded_matcher
from converter.errors import RuleError
from converter.ir import (
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Expression,
    FieldValue,
    IsNull,
    Literal,
    Matches,
    Negation,
    NumberLiteral,
    TextLiteral,
)
from converter.ir.span import Span
from converter.ir.walk import occurrences
from converter.languages.dsl import painless
from converter.languages.value import block
from converter.schema.catalogue import Catalogue

_INT = range(-(2**31), 2**31)
_RELATIONS = frozenset({"startsWith", "endsWith", "stringContains"})


def script(expression: Expression, catalogue: Catalogue, span: Span | None = None) -> Script:
    """The clause that asks whether some combination of values makes the expression true. Raises InexpressibleError."""
    encoded = _Encoder(catalogue, span).condition(expression)
    short = _short(expression, catalogue)
    if short is not None:
        return short
    fields = [occurrence.name for occurrence in occurrences(expression)]
    return Script(painless.EXPRESSION, {"fields": fields, "expression": encoded})


def _short(expression: Expression, catalogue: Catalogue) -> Script | None:
    """The few commonest conditions on texts, which have a source of a few lines each."""
    match expression:
        case Compare(operator, Call("length", (FieldValue(name),)), Constant(NumberLiteral(int(length)))) if (
            length in _INT and _is_text(catalogue, name)
        ):
            return Script(painless.LENGTH, {"field": name, "operator": operator, "length": length})
        case Compare("==", FieldValue(name), FieldValue(other)) if _is_text(catalogue, name, other):
            return _two_texts(name, other, "equals", ignore_case=False)
        case Call(function, (FieldValue(name), FieldValue(other)), ignore_case) if function in _RELATIONS and _is_text(
            catalogue, name, other
        ):
            return _two_texts(name, other, function, ignore_case)
        case _:
            return None


def _is_text(catalogue: Catalogue, *names: str) -> bool:
    return all(kind_of_field(catalogue[name]) is Kind.TEXT for name in names)


def _two_texts(name: str, other: str, relation: str, ignore_case: bool) -> Script:
    return Script(painless.TWO_TEXTS, {"field": name, "other": other, "relation": relation, "ignore_case": ignore_case})


def _is_block(text: str) -> bool:
    try:
        block("cidrMatch", text)
    except RuleError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A part of an expression as a parameter, and what kind of value it gives."""

    node: object
    kind: Kind


class _Encoder:
    """Encodes one script leaf. Every method raises InexpressibleError for what scripts cannot say."""

    def __init__(self, catalogue: Catalogue, span: Span | None) -> None:
        self._catalogue = catalogue
        self._span = span
        self._positions = count()

    def condition(self, expression: Expression) -> object:
        """An expression that is true, false or null."""
        return self._of(Kind.BOOLEAN, expression)

    def _of(self, wanted: Kind, expression: Expression) -> object:
        found = self._value(expression)
        if not fits(found.kind, wanted):
            raise InexpressibleError(
                "elasticsearch-script-type",
                f"a script is given {found.kind.value} where it needs {wanted.value}",
                span=self._span,
            )
        return found.node

    def _value(self, expression: Expression) -> _Encoded:
        match expression:
            case FieldValue(name):
                return _Encoded(self._field(name), self._kind(name))
            case Constant(literal):
                return self._constant(literal)
            case Call(function, arguments, ignore_case):
                return self._call(function, arguments, ignore_case)
            case Compare("==", item, Constant(None)) | Compare("==", Constant(None), item) | IsNull(item):
                return _Encoded(["isNull", self._tested_for_null(item)], Kind.BOOLEAN)
            case Compare(operator, left, right):
                return _Encoded([operator, self._of(Kind.ANY, left), self._of(Kind.ANY, right)], Kind.BOOLEAN)
            case Matches(value, matchers):
                found = self._value(value)
                tests = [encoded_matcher(matcher, found.kind, self._span) for matcher in matchers]
                return _Encoded(["matches", found.node, *tests], Kind.BOOLEAN)
            case Negation(item):
                return _Encoded(["not", self.condition(item)], Kind.BOOLEAN)
            case Both(items):
                return _Encoded(["and", *map(self.condition, items)], Kind.BOOLEAN)
            case Either(items):
                return _Encoded(["or", *map(self.condition, items)], Kind.BOOLEAN)
            case _:
                assert_never(expression)

    def _constant(self, literal: Literal | None) -> _Encoded:
        if literal is None:
            return _Encoded(None, Kind.UNKNOWN)
        return _Encoded(encoded_literal(literal, self._span), kind_of_literal(literal))

    def _call(self, function: str, arguments: tuple[Expression, ...], ignore_case: bool) -> _Encoded:
        wanted, result = SIGNATURES[function]
        kinds = chain(wanted, repeat(wanted[-1]))
        if function == "cidrMatch":
            self._check_blocks(arguments[1:])
        name = f"{function}~" if ignore_case else function
        return _Encoded([name, *map(self._of, kinds, arguments)], result)

    def _check_blocks(self, blocks: tuple[Expression, ...]) -> None:
        """Blocks are constants with the number of their bits; the script reads no masks (`10.0.0.0/255.0.0.0`)."""
        for item in blocks:
            if not (isinstance(item, Constant) and isinstance(item.value, TextLiteral) and _is_block(item.value.value)):
                raise InexpressibleError(
                    "elasticsearch-script-type", "a script takes blocks of addresses as constants", span=self._span
                )

    def _tested_for_null(self, item: Expression) -> object:
        """Whether there is a date can be asked, although nothing else can."""
        match item:
            case FieldValue(name) if kind_of_field(self._catalogue[name]) is Kind.DATE:
                return self._field(name)
            case _:
                return self._of(Kind.ANY, item)

    def _field(self, name: str) -> object:
        return ["field", next(self._positions)]

    def _kind(self, name: str) -> Kind:
        found = kind_of_field(self._catalogue[name])
        if found in {Kind.DATE, Kind.ANALYSED}:
            what = f"`{name}` holds {found.value}, which scripts do not read"
            raise InexpressibleError("elasticsearch-script-field", what, name, self._span)
        return found
