"""Query strings to trees, by the grammar of Lucene's classic query parser with Elasticsearch's additions."""

import re

from converter.ir.pattern import ANY_RUN, Text, pattern
from converter.languages.lucene.clauses import Clause, PrecedenceError, group
from converter.languages.lucene.scanner import Scanner, Term
from converter.languages.lucene.tree import (
    Everything,
    Exists,
    Expression,
    Interval,
    Match,
    Node,
    Nothing,
    Quoted,
    Value,
    Wildcard,
    Words,
)

_COMPARED = re.compile(r"([<>])(=?)(.+)", re.DOTALL)
_BOOST = re.compile(r"\^[0-9]+(?:\.[0-9]+)?")
_JOINING = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR"}
_EXISTS = "_exists_"


def parse(text: str) -> Node:
    """The tree of a query string; the empty one finds nothing.

    Raises RuleError with the place for what is no query string, UnsupportedError for fuzzy and proximity searches and
    for groups whose operators Lucene joins by no precedence.
    """
    parser = _Parser(Scanner(text))
    tree = parser.query(None)
    if parser.scan.next:
        raise parser.scan.wrong("a closing parenthesis has no opening one")
    return tree


class _Parser:
    """One method per level of the grammar."""

    def __init__(self, scan: Scanner) -> None:
        self.scan = scan

    def query(self, field: str | None) -> Node:
        """Clauses up to the end or a closing parenthesis."""
        start, clauses = self.scan.position, list[Clause]()
        while True:
            self.scan.skip_blanks()
            if self.scan.next in {"", ")"}:
                break
            clauses.append(self._clause(field, first=not clauses))
        try:
            return group(clauses) if clauses else Nothing()
        except PrecedenceError as error:
            raise self.scan.unread(f"{error}: set parentheses", start, "lucene-precedence") from error

    def _clause(self, field: str | None, *, first: bool) -> Clause:
        joined = "" if first else self._joining()
        modifier = self._modifier()
        plain = self._plain_words(field) if not (joined or modifier) else None
        return Clause(plain or self._node(field), joined, modifier)

    def _joining(self) -> str:
        at = self.scan.position
        term = self.scan.term()
        if term is not None and term.written in _JOINING:
            self.scan.skip_blanks()
            return _JOINING[term.written]
        self.scan.position = at
        return ""

    def _modifier(self) -> str:
        at = self.scan.position
        if self.scan.take("+"):
            return "+"
        if self.scan.take("-") or self.scan.take("!"):
            return "-"
        term = self.scan.term()
        if term is not None and term.written == "NOT":
            self.scan.skip_blanks()
            return "-"
        self.scan.position = at
        return ""

    def _plain_words(self, field: str | None) -> Node | None:
        """Several words one behind the other, which are one text; None if there are not several."""
        start = self.scan.position
        words: list[str] = []
        while True:
            at = self.scan.position
            self.scan.skip_blanks()
            word = self._word()
            if word is None:
                self.scan.position = at
                break
            words.append(word)
        if len(words) > 1:
            return Match(field, Words(" ".join(words)), self.scan.span(start))
        self.scan.position = start
        return None

    def _word(self) -> str | None:
        term = self.scan.term()
        if term is None or term.is_operator or term.text is None or _COMPARED.fullmatch(term.text):
            return None
        at = self.scan.position
        self.scan.skip_blanks()
        follows, self.scan.position = self.scan.next, at
        return None if follows == ":" or self.scan.next in {"^", "~"} else term.text

    def _node(self, field: str | None) -> Node:
        scan = self.scan
        scan.skip_blanks()
        start = scan.position
        if scan.next == "(":
            return self._group(field)
        term = scan.term()
        if term is None:
            return self._match(field, self._value(), start)
        behind = scan.position
        scan.skip_blanks()
        if scan.take(":"):
            return self._in_field(term, start)
        scan.position = behind
        return self._match(field, self._term_value(term, start), start)

    def _in_field(self, name: Term, start: int) -> Node:
        """What stands behind a field's name and its colon."""
        scan = self.scan
        field = "".join(part if isinstance(part, str) else "*" for part in name.parts)
        scan.skip_blanks()
        if scan.next == "(":
            if field == _EXISTS:
                raise scan.unread("a group of fields to exist", start)
            return self._group(None if name.is_star else field)
        at = scan.position
        term = scan.term()
        value = self._value() if term is None else self._term_value(term, at)
        if field == _EXISTS:
            named = _field_of(value)
            if named is None:
                raise scan.wrong("`_exists_` asks for a field", at=at, expected="its name")
            self._boost()
            return Exists(named, scan.span(start))
        return self._match(None if name.is_star else field, value, start)

    def _group(self, field: str | None) -> Node:
        opening = self.scan.position
        self.scan.position += 1
        self.scan.descend()
        found = self.query(field)
        if not self.scan.take(")"):
            raise self.scan.wrong("the parenthesis is not closed", at=opening, expected="`)`")
        self.scan.ascend()
        self._boost()
        return found

    def _match(self, field: str | None, value: Value, start: int) -> Node:
        self._boost()
        if field is None and value == Wildcard((ANY_RUN,)):
            return Everything()
        return Match(field, value, self.scan.span(start))

    def _value(self) -> Value:
        """A value that begins with a sign of its own."""
        scan = self.scan
        at = scan.position
        if scan.take('"'):
            found = Quoted(scan.quoted())
            if scan.next == "~":
                raise scan.unread("a search for words near each other", at)
            return found
        if scan.take("/"):
            return Expression(scan.expression())
        if scan.next and scan.next in "[{":
            return self._interval()
        raise scan.wrong(f"`{scan.next}` begins no value" if scan.next else "a value is missing", expected="a value")

    def _term_value(self, term: Term, start: int) -> Value:
        if self.scan.next == "~":
            raise self.scan.unread("a search for similar words", start)
        if term.is_operator:
            raise self.scan.wrong(f"`{term.written}` stands where a value is due", at=start, expected="a value")
        if term.text is None:
            return Wildcard(pattern(*term.parts))
        compared = _COMPARED.fullmatch(term.text)
        if compared is None:
            return Words(term.text)
        sign, closed, bound = compared.groups()
        if sign == ">":
            return Interval(bound, None, open_low=not closed)
        return Interval(None, bound, open_high=not closed)

    def _interval(self) -> Interval:
        scan = self.scan
        opening = scan.position
        open_low = scan.text[opening] == "{"
        scan.position += 1
        low = scan.bound()
        scan.skip_blanks()
        to = scan.term()
        if to is None or to.written != "TO":
            raise scan.wrong("a range has two bounds", at=opening, expected="`TO` between them")
        high = scan.bound()
        scan.skip_blanks()
        open_high = scan.next == "}"
        if not (scan.take("]") or scan.take("}")):
            raise scan.wrong("the range is not closed", at=opening, expected="`]` or `}`")
        return Interval(low, high, open_low, open_high)

    def _boost(self) -> None:
        """How much a match counts, which decides nothing here."""
        if self.scan.next != "^":
            return
        found = _BOOST.match(self.scan.text, self.scan.position)
        if found is None:
            raise self.scan.wrong("`^` begins a weight", expected="a number")
        self.scan.position = found.end()


def _field_of(value: Value) -> str | None:
    match value:
        case Words(text) | Quoted(text):
            return text
        case Wildcard(parts):
            return "".join(part.value if isinstance(part, Text) else "*" for part in parts)
        case _:
            return None
