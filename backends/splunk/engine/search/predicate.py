"""A search expression as a test of rows (spec splunk 1, 1.5, 1.7)."""

from collections.abc import Callable
from dataclasses import dataclass

from backends.splunk.engine.literal import HOLDS, compare
from backends.splunk.engine.network import block
from backends.splunk.engine.parsing import DEPTH
from backends.splunk.engine.row import Row
from backends.splunk.engine.search.pattern import Test, term_test, value_test
from backends.splunk.engine.search.tree import And, Comparison, Membership, Name, Not, Or, Search, Term, Value
from backends.splunk.engine.source import Fragment

Predicate = Callable[[Row], bool]
Warn = Callable[[str], None]

# Data fields of these names cannot be reached at the start of a search (spec splunk 1.3).
TIME_MODIFIERS = frozenset({"earliest", "latest"})
RESERVED = TIME_MODIFIERS | {"_index_earliest", "_index_latest", "starttime", "endtime", "timeformat"}
RESERVED |= {"splunk_server", "eventtype", "tag", "savedsearch"}
_LOWER_KEYWORDS = frozenset({"and", "or", "not", "in"})
_SPECIAL_IN_BARE_NAMES = frozenset("{}-@ ':/?&;+*%$#")


@dataclass(frozen=True, slots=True)
class Compiler:
    """Turns the expression of one fragment into a predicate; `warn` takes sentences about likely mistakes."""

    fragment: Fragment
    warn: Warn

    def predicate(self, search: Search, depth: int = 0) -> Predicate:
        """Raises SplError for what the reference leaves open and for expressions that nest too deep."""
        if depth > DEPTH:
            raise self.fragment.error("spl-nesting", f"the expression nests more than {DEPTH} deep")
        match search:
            case And(items):
                parts = [self.predicate(item, depth + 1) for item in items]
                return lambda row: all(part(row) for part in parts)
            case Or(items):
                parts = [self.predicate(item, depth + 1) for item in items]
                return lambda row: any(part(row) for part in parts)
            case Not(item):
                part = self.predicate(item, depth + 1)
                return lambda row: not part(row)
            case Comparison(name, operator, value):
                return self._some_value(name, self._comparison(operator, value))
            case Membership(name, values):
                return self._some_value(name, self._membership(values))
            case Term(value):
                return self._term(value)

    def _some_value(self, name: Name, test: Test) -> Predicate:
        """Any value of a list satisfies; a field that is missing satisfies nothing, `!=` included."""
        field = self._field(name)
        return lambda row: any(test(text) for text in row.fields.get(field, ()))

    def _field(self, name: Name) -> str:
        if name.text in RESERVED:
            raise self.fragment.error(
                "spl-undefined", f"`{name.text}` has a meaning of its own in a search", name.at, advice="use `where`"
            )
        if not name.quoted and (name.text[0].isdigit() or not _SPECIAL_IN_BARE_NAMES.isdisjoint(name.text)):
            raise self.fragment.error(
                "spl-syntax", f"the field name `{name.text}` must be quoted", name.at, expected=f'"{name.text}"'
            )
        return name.text

    def _comparison(self, operator: str, value: Value) -> Test:
        if operator in ("=", "!="):
            equal = value_test(value)
            return equal if operator == "=" else lambda text: not equal(text)
        if "*" in value.text or value.exact_case:
            raise self.fragment.error("spl-undefined", f"`{operator}` with a pattern has no meaning", value.at)
        holds = HOLDS[operator]
        return lambda text: holds(compare(text, value.text, fold=True))

    def _membership(self, values: tuple[Value, ...]) -> Test:
        for value in values:
            if block(value.text) is not None:
                raise self.fragment.error(
                    "spl-undefined", "a block of addresses inside IN is not documented", value.at, advice="use OR"
                )
        tests = [value_test(value) for value in values]
        return lambda text: any(test(text) for test in tests)

    def _term(self, value: Value) -> Predicate:
        if not value.quoted and value.text in _LOWER_KEYWORDS:
            self.warn(f"`{value.text}` in lower case is a search term, not an operator")
        if value.text == "*":
            return lambda row: True
        test = term_test(value)
        return lambda row: test(raw(row))


def raw(row: Row) -> str:
    """The text that terms are looked up in: `_raw`, or all values where a row has none."""
    texts = row.fields.get("_raw")
    if texts is not None:
        return "\n".join(texts)
    return "\n".join(text for name, values in row.fields.items() if not name.startswith("_") for text in values)
