"""Values computed from fields: EQL's functions in the language of `where` (spec splunk 1.8, 3; eql 9).

A value that cannot be computed is null on both sides. What SPL does not document, or does otherwise than EQL for some
value that no assumption rules out, is not written.
"""

from collections.abc import Callable
from dataclasses import dataclass

from backends.splunk import escape, where
from backends.splunk.findings import InexpressibleError
from converter import ir
from converter.ir.pattern import Text
from converter.languages.regex import pcre
from converter.schema.catalogue import Catalogue, FieldType

NUMERIC = frozenset({"add", "subtract", "multiply", "divide", "modulo", "negate", "length", "indexOf", "number"})
"""Functions whose value is a number."""

COUNTING = frozenset({"length", "indexOf", "substring", "upper", "lower"})
"""Functions that count characters or change their case: EQL counts in UTF-16, SPL in characters."""

_NULL = where.Call("null", ())
_TRUE = where.Call("true", ())


def value(expression: ir.Expression, columns: Catalogue) -> where.Where:
    """The value as an expression over fields with one value each. Raises InexpressibleError."""
    match expression:
        case ir.FieldValue(name):
            field = where.FieldName(columns[name].parent or name)
            return where.Call("tonumber", (field,)) if columns[name].type.is_number else field
        case ir.Constant(ir.TextLiteral(text)) if escape.is_plain(text):
            return where.String(text)
        case ir.Constant(ir.NumberLiteral(number)):
            return where.Number(number)
        case ir.Constant(None):
            return _NULL
        case ir.Call(function, arguments, False) if function in _WRITERS:
            return _WRITERS[function](_Arguments(function, arguments, columns))
        case ir.Call(function):
            raise unwritten(function)
        case _:
            raise unwritten("this expression")


def unwritten(what: str) -> InexpressibleError:
    """The reason why an expression is not written."""
    return InexpressibleError("splunk-expression", f"SPL has no exact form of `{what}` as it is used here")


def is_number(expression: ir.Expression, columns: Catalogue) -> bool:
    """Whether the value is a number wherever it is not null."""
    match expression:
        case ir.FieldValue(name):
            return columns[name].type.is_number
        case ir.Constant(ir.NumberLiteral()):
            return True
        case ir.Call(function):
            return function in NUMERIC
        case _:
            return False


def quoted(text: str) -> str:
    """The text as a piece of a regular expression, before it is a string of SPL."""
    return pcre.write([pcre.from_pattern((Text(text),) if text else ())])


@dataclass(frozen=True, slots=True)
class _Arguments:
    function: str
    items: tuple[ir.Expression, ...]
    columns: Catalogue

    def __len__(self) -> int:
        return len(self.items)

    def value(self, place: int) -> where.Where:
        return value(self.items[place], self.columns)

    def text(self, place: int) -> where.Where:
        """A value that is a text; a number field is the text that it is spelled as."""
        match self.items[place]:
            case ir.FieldValue(name):
                return where.FieldName(self.columns[name].parent or name)
            case item if is_number(item, self.columns):
                raise unwritten(self.function)
            case item:
                return value(item, self.columns)

    def number(self, place: int) -> where.Where:
        if not is_number(self.items[place], self.columns):
            raise unwritten(self.function)
        return self.value(place)

    def plain(self, place: int) -> str:
        """A constant, non-empty text."""
        match self.items[place]:
            case ir.Constant(ir.TextLiteral(text)) if text and escape.is_plain(text):
                return text
            case _:
                raise unwritten(self.function)

    def is_computed(self, place: int) -> bool:
        return place < len(self.items) and not isinstance(self.items[place], ir.Constant)

    def whole(self, place: int) -> int | None:
        """A constant whole number; None where there is no such argument, or null."""
        if place >= len(self.items):
            return None
        match self.items[place]:
            case ir.Constant(None):
                return None
            case ir.Constant(ir.NumberLiteral(int(number))):
                return number
            case _:
                raise unwritten(self.function)


def _length(arguments: _Arguments) -> where.Where:
    return where.Call("len", (arguments.text(0),))


def _substring(arguments: _Arguments) -> where.Where:
    """SPL counts from 1; what a negative start does beyond the beginning is not documented, so that it is guarded."""
    text, start = arguments.text(0), arguments.whole(1) or 0
    if arguments.is_computed(2):
        return _piece(text, start, arguments.number(2))
    end = arguments.whole(2)
    if start < 0 and end is None:
        last = where.Call("substr", (text, where.Number(start)))
        shorter = where.Binary("<", where.Call("len", (text,)), where.Number(-start))
        return where.Call("if", (shorter, text, last))
    if start < 0 or (end is not None and end <= start):
        raise unwritten("substring")
    length = () if end is None else (where.Number(end - start),)
    return where.Call("substr", (text, where.Number(start + 1), *length))


def _piece(text: where.Where, start: int, end: where.Where) -> where.Where:
    """Up to a position that is computed: counted from the end where it is negative, and the rest where it is null."""
    if start < 0:
        raise unwritten("substring")

    def until(last: where.Where) -> where.Where:
        size = where.Binary("-", last, where.Number(start)) if start else last
        found = where.Call("substr", (text, where.Number(start + 1), size))
        return where.Call("if", (where.Binary(">", last, where.Number(start)), found, where.String("")))

    from_end = until(where.Binary("+", where.Call("len", (text,)), end))
    cases = (
        (where.Call("isnull", (text,)), _NULL),
        (where.Call("isnull", (end,)), where.Call("substr", (text, where.Number(start + 1)))),
        (where.Binary(">=", end, where.Number(0)), until(end)),
        (_TRUE, from_end),
    )
    return where.Call("case", tuple(part for pair in cases for part in pair))


def _index_of(arguments: _Arguments) -> where.Where:
    """There is no such function: the length of what stands before the first place."""
    if arguments.whole(2):
        raise unwritten("indexOf")
    text, wanted = arguments.text(0), arguments.plain(1)
    before = where.Call("mvindex", (where.Call("split", (text, where.String(wanted))), where.Number(0)))
    found = where.Call("match", (text, where.String(f"(?s){quoted(wanted)}")))
    return where.Call("case", (found, where.Call("len", (before,))))


def _between(arguments: _Arguments) -> where.Where:
    if len(arguments) > 3:
        raise unwritten("between")
    text, left, right = arguments.text(0), quoted(arguments.plain(1)), quoted(arguments.plain(2))
    found = where.Call("match", (text, where.String(f"(?s){left}.*?{right}")))
    inside = where.Call("replace", (text, where.String(f"(?s)^.*?{left}(.*?){right}.*$"), where.String("\\1")))
    missing = where.Call("isnull", (text,))
    return where.Call("case", (missing, _NULL, found, inside, _TRUE, where.String("")))


def _concat(arguments: _Arguments) -> where.Where:
    first, *rest = [arguments.text(place) for place in range(len(arguments))]
    # A single operand is a text of its own already.
    for item in rest:
        first = where.Binary(".", first, item)
    return first


def _string(arguments: _Arguments) -> where.Where:
    return arguments.text(0)


def _number(arguments: _Arguments) -> where.Where:
    """EQL also reads hexadecimal numbers; SPL's `tonumber` does not know their prefix."""
    base = arguments.whole(1)
    if base not in (None, 10, 16) or is_number(arguments.items[0], arguments.columns):
        raise unwritten("number")
    text = arguments.text(0)
    hexadecimal = where.Call("match", (text, where.String("^0x")))
    digits = where.Call("tonumber", (where.Call("substr", (text, where.Number(3))), where.Number(16)))
    others = where.Call("tonumber", (text,) if base is None else (text, where.Number(base)))
    if base == 10:
        return others
    return where.Call("if", (hexadecimal, digits, others))


def _arithmetic(operator: str) -> Callable[[_Arguments], where.Where]:
    return lambda arguments: where.Binary(operator, arguments.number(0), arguments.number(1))


def _divided(arguments: _Arguments) -> where.Where:
    """EQL cuts the quotient of whole numbers off; SPL divides as doubles."""
    divisor = arguments.whole(1)
    if not divisor or not _is_whole(arguments.items[0], arguments.columns):
        raise unwritten("divide")
    quotient = where.Binary("/", arguments.number(0), arguments.value(1))
    negative = where.Binary("<", quotient, where.Number(0))
    cut = where.Call("ceiling", (quotient,)), where.Call("floor", (quotient,))
    return where.Call("if", (negative, *cut))


def _rest(arguments: _Arguments) -> where.Where:
    """Only of what is never negative: how SPL treats a sign is not documented."""
    divisor = arguments.whole(1)
    match arguments.items[0]:
        case ir.Call("length" | "indexOf"):
            pass
        case _:
            raise unwritten("modulo")
    if divisor is None or divisor <= 0:
        raise unwritten("modulo")
    return where.Binary("%", arguments.number(0), where.Number(divisor))


def _is_whole(expression: ir.Expression, columns: Catalogue) -> bool:
    match expression:
        case ir.FieldValue(name):
            return columns[name].type is FieldType.LONG
        case ir.Constant(ir.NumberLiteral(number)):
            return isinstance(number, int)
        case ir.Call("add" | "subtract" | "multiply" | "negate", arguments):
            return all(_is_whole(item, columns) for item in arguments)
        case ir.Call("length" | "indexOf"):
            return True
        case _:
            return False


def _negated(arguments: _Arguments) -> where.Where:
    return where.Binary("-", where.Number(0), arguments.number(0))


def _basename(arguments: _Arguments) -> where.Where:
    """A path that ends in a separator has no last element, and so no value."""
    parts = where.Call("split", (arguments.text(0), where.String(arguments.plain(1))))
    last = where.Call("mvindex", (parts, where.Number(-1)))
    return where.Call("nullif", (last, where.String("")))


def _coalesced(arguments: _Arguments) -> where.Where:
    return where.Call("coalesce", tuple(arguments.text(place) for place in range(len(arguments))))


def _extension(arguments: _Arguments) -> where.Where:
    path, separator = arguments.text(0), quoted(arguments.plain(1))
    found = where.Call("match", (path, where.String(f"(?s)[.](?:(?![.]|{separator}).)+\\z")))
    parts = where.Call("split", (path, where.String(".")))
    last = where.Call("mvindex", (parts, where.Number(-1)))
    return where.Call("case", (found, last))


def _cased(function: str) -> Callable[[_Arguments], where.Where]:
    return lambda arguments: where.Call(function, (arguments.text(0),))


_WRITERS: dict[str, Callable[[_Arguments], where.Where]] = {
    "add": _arithmetic("+"),
    "subtract": _arithmetic("-"),
    "multiply": _arithmetic("*"),
    "divide": _divided,
    "modulo": _rest,
    "negate": _negated,
    "length": _length,
    "substring": _substring,
    "indexOf": _index_of,
    "between": _between,
    "concat": _concat,
    "string": _string,
    "number": _number,
    "basename": _basename,
    "coalesce": _coalesced,
    "extension": _extension,
    "upper": _cased("upper"),
    "lower": _cased("lower"),
}
