"""Random queries in Elasticsearch's EQL, and random events near them, over a universe so small that they meet."""

from enum import Enum
from random import Random

from converter.events.event import Event, Values
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType
from tests.engines.python_eql.fair_event import Needs

CATEGORIES = ("process", "file", "network")
CLOSING = "session"
"""The category of `until`: no stage's."""

_TEXTS = ("a", "b.c", "b.d")
_NUMBERS = ("n", "m.k")
_KEYS = ("x", "y.z")
_TYPES = {
    **dict.fromkeys((*_TEXTS, *_KEYS), FieldType.KEYWORD),
    **dict.fromkeys(_NUMBERS, FieldType.LONG),
    "flag": FieldType.BOOLEAN,
    "ip": FieldType.IP,
}
CATALOGUE = Catalogue({name: FieldInfo(name, type_) for name, type_ in _TYPES.items()})

_ADDRESSES = ("10.0.0.1", "10.1.2.3", "192.168.0.1", "127.0.0.1")
_BLOCKS = ("10.0.0.0/8", "10.1.0.0/16", "192.168.0.1/32", "0.0.0.0/0", "10.1.2.3/9")
_TICK = 500.0


class Letters(Enum):
    """How case takes part in a rule: python-eql knows one way for all of it, EQL one per operator (spec eql 14)."""

    KEPT = "abAB"
    """Operators that keep case only, python-eql told not to fold."""
    IGNORED = "abAB "
    """Operators that ignore case only, python-eql's default."""
    LOWER = "ab"
    """All operators, over texts in which case makes no difference."""

    @property
    def fold(self) -> bool:
        """What python-eql is told."""
        return self is not Letters.KEPT


def _alphabet(letters: Letters) -> str:
    """Letters mostly, and what some notation gives a meaning."""
    return letters.value.strip() * 4 + "*?%_.\\(1 "


class RandomRule:
    """One query after another out of one source of randomness; `letters` holds for all of them."""

    def __init__(self, random: Random, letters: Letters) -> None:
        self._random = random
        self._letters = letters

    def event_query(self) -> str:
        return f"{self._filter(3)}{self._pipes()}"

    def sequence(self) -> str:
        width = self._random.choice((0, 0, 1, 1, 2))
        shared = self._random.random() < 0.7
        optional = [self._random.choice(("", "", "?")) for _ in range(width)]
        until = f"\nuntil {self._stage(CLOSING, optional, shared)}" if self._random.random() < 0.3 else ""
        stages = [self._stage(self._category(bool(until)), optional, shared) for _ in range(self._random.randint(1, 4))]
        stages = [stage + self._random.choice(("", "", "", " with runs=2", " with runs=3")) for stage in stages]
        if len(stages) == 1 and "runs" not in stages[0]:
            stages[0] += " with runs=2"
        by = f" by {self._keys(optional)}" if shared and optional else ""
        span = f" with maxspan={self._random.randint(1, 6)}s" if self._random.random() < 0.7 else ""
        return "\n".join([f"sequence{by}{span}", *stages]) + until + self._pipes()

    def _category(self, closes: bool) -> str:
        return self._random.choice(CATEGORIES if closes else (*CATEGORIES, "any"))

    def _stage(self, category: str, optional: list[str], shared: bool) -> str:
        by = f" by {self._keys(optional)}" if optional and not shared else ""
        condition = self._random.choice(("true", self._condition(0), self._condition(1)))
        return f"[{category} where {condition}]{by}"

    def _keys(self, optional: list[str]) -> str:
        names = self._random.sample(_KEYS, len(_KEYS))
        return ", ".join(f"{mark}{name}" for mark, name in zip(optional, names, strict=False))

    def _pipes(self) -> str:
        ends = self._random.choice(((), (), (), ("head",), ("tail",), ("head", "tail"), ("tail", "head")))
        return "".join(f"\n| {end} {self._random.randint(1, 6)}" for end in ends)

    def _filter(self, depth: int) -> str:
        return f"{self._random.choice((*CATEGORIES, 'any'))} where {self._condition(depth)}"

    def _condition(self, depth: int) -> str:
        shape = self._random.choice(("leaf", "and", "and", "or", "or", "not", "equal")) if depth else "leaf"
        match shape:
            case "leaf":
                return self._leaf()
            case "not":
                return f"not ({self._condition(depth - 1)})"
            case "equal":
                return f"({self._condition(depth - 1)}) {self._random.choice(('== true', '== false', '!= true'))}"
            case _:
                items = [self._condition(depth - 1) for _ in range(self._random.randint(2, 3))]
                return " ".join((f"{items[0]}", *(f"{shape} ({item})" for item in items[1:]))).join("()")

    def _leaf(self) -> str:
        makers = (
            self._text_test,
            self._text_test,
            self._text_test,
            self._number_test,
            self._function_test,
            self._null_test,
            self._flag_test,
            self._address_test,
        )
        return self._random.choice(makers)()

    # texts

    def _text_test(self) -> str:
        field = f"{self._random.choice(('', '', '?'))}{self._random.choice(_TEXTS)}"
        value = self._text_value() if self._random.random() < 0.3 else field
        kept = ("==", "==", "!=", "in", "not in", "like", "regex")
        ignored = (":", ":", "in~", "not in~", "like~", "regex~")
        order = ("<", "<=", ">", ">=")
        match self._letters:
            case Letters.KEPT:
                operator = self._random.choice((*kept, *order))
            case Letters.IGNORED:
                operator = self._random.choice(ignored)
            case Letters.LOWER:
                operator = self._random.choice((*kept, *ignored, *order))
        return f"{value} {operator} {self._operand(operator)}"

    def _operand(self, operator: str) -> str:
        """What stands after an operator on texts: one text, pattern or regular expression, or a list of them."""
        if operator in {"==", "!=", "<", "<=", ">", ">="}:
            return self._quoted(self._text())
        items = [self._quoted(self._item(operator)) for _ in range(self._random.randint(1, 3))]
        return items[0] if len(items) == 1 and "in" not in operator else f"({', '.join(items)})"

    def _item(self, operator: str) -> str:
        if operator.startswith("regex"):
            return self._expression()
        return self._text() if "in" in operator else self._pattern()

    def _text(self) -> str:
        return "".join(self._random.choices(_alphabet(self._letters), k=self._random.randint(0, 3)))

    def _word(self) -> str:
        """A text without anything special, and not empty."""
        return "".join(self._random.choices(self._letters.value.strip(), k=self._random.randint(1, 2)))

    def _pattern(self) -> str:
        pieces = [self._random.choice(("*", self._text().replace("?", ""))) for _ in range(self._random.randint(1, 4))]
        return "".join(pieces)

    def _expression(self) -> str:
        letters = self._letters.value.strip()
        # Under `regex~` a class of letters keeps its case in Lucene (spec eql 5.2), so classes hold both cases.
        both = f"[{letters}]" if self._letters is Letters.IGNORED else f"[{letters[0]}-{letters[1]}]"
        atoms = (*letters, ".", both, f"({letters[0]}|{letters[:2]})", "\\.", "\\*")
        pieces = [self._random.choice(atoms) + self._random.choice(("", "", "*", "+", "?")) for _ in range(3)]
        return "".join(pieces[: self._random.randint(0, 3)]) + ".*"

    def _quoted(self, text: str) -> str:
        if self._random.random() < 0.2:
            return f'"""{text}"""'
        escaped = text.replace("\\", "\\\\")
        return f'"{escaped}"'

    def _text_value(self) -> str:
        field, other = self._random.sample(_TEXTS, 2)
        number = self._random.choice(_NUMBERS)
        start, end = self._random.randint(-3, 3), self._random.randint(-3, 3)
        choices = [
            f"concat({field}, {self._quoted(self._word())}, {other})",
            f"concat({field}, {number})",
            f"substring({field}, {start})",
            f"substring({field}, {start}, {end})",
            f"string({number})",
        ]
        return self._random.choice(choices)

    # other values

    def _number_test(self) -> str:
        operator = self._random.choice(("==", "!=", "<", "<=", ">", ">=", "in", "not in"))
        value = self._number_value()
        if "in" in operator:
            return f"{value} {operator} ({', '.join(str(self._random.randint(0, 5)) for _ in range(2))})"
        constant = self._random.choice((str(self._random.randint(-3, 6)), "1.5", "2 * 3 - 4", "-(1)"))
        if self._random.random() < 0.1:
            return f"{constant} {operator} {value}"
        return f"{value} {operator} {constant}"

    def _number_value(self) -> str:
        field, other = _NUMBERS if self._random.random() < 0.5 else reversed(_NUMBERS)
        text = self._random.choice(_TEXTS)
        index_of = f"indexOf{self._tilde()}({text}, {self._quoted(self._word())}"
        choices = [
            *(field, field, field),
            f"({field} + {self._random.randint(0, 3)})",
            f"({field} - {other})",
            f"({field} * 2 - -{other})",
            f"(-{field})",
            f"add({field}, {other})",
            f"subtract({field}, 1)",
            f"multiply({field}, {other})",
            f"length({text})",
            f"(length({text}) / 2)",
            f"(length({text}) % 2)",
            f"number(string(length({text})))",
            f"{index_of})",
            f"{index_of}, {self._random.randint(0, 3)})",
        ]
        return self._random.choice(choices)

    def _tilde(self) -> str:
        """Whether a function is told to ignore case."""
        match self._letters:
            case Letters.KEPT:
                return ""
            case Letters.IGNORED:
                return "~"
            case Letters.LOWER:
                return self._random.choice(("", "~"))

    def _function_test(self) -> str:
        name = self._random.choice(("startsWith", "endsWith", "stringContains", "between"))
        field, other = self._random.sample(_TEXTS, 2)
        if name == "between":
            left, right, inside = (self._quoted(self._word()) for _ in range(3))
            greedy = self._random.choice(("", ", false", ", true"))
            found = f"between{self._tilde()}({field}, {left}, {right}{greedy})"
            # Its result keeps the case of the source, so that only an operator that keeps case could be used.
            return f"{found} == {inside}" if self._letters is not Letters.IGNORED else f"{found} in~ ({inside})"
        word = self._quoted(self._word())
        argument = word if name == "stringContains" else self._random.choice((other, word, word))
        call = f"{name}{self._tilde()}({field}, {argument})"
        return call + self._random.choice(("", "", " == true", " == false", " != true"))

    def _null_test(self) -> str:
        values = (*_TYPES, f"length({_TEXTS[0]})", f"indexOf{self._tilde()}({_TEXTS[1]}, {self._quoted(self._word())})")
        optional = self._random.choice(("", "?"))
        value = self._random.choice(values)
        marked = f"{optional}{value}" if value in _TYPES else value
        return f"{marked} {self._random.choice(('==', '!='))} null"

    def _flag_test(self) -> str:
        return self._random.choice(("flag", "flag == true", "flag == false", "flag != true", "false != flag"))

    def _address_test(self) -> str:
        address = self._random.choice(_ADDRESSES)
        if self._random.random() < 0.5:
            return f'ip {self._random.choice(("==", "!="))} "{address}"'
        blocks = self._random.sample(_BLOCKS, self._random.randint(1, 2))
        return f"cidrMatch(ip, {', '.join(self._quoted(block) for block in blocks)})"


def random_events(random: Random, letters: Letters, needs: Needs, count: int) -> list[Event]:
    """Events in order, with the fields that a comparison needs and gaps in all others; times meet every boundary."""
    moments = sorted(random.choices(range(2 * count), k=count))
    return [_event(random, letters, needs, number, _TICK * moment) for number, moment in enumerate(moments)]


def _event(random: Random, letters: Letters, needs: Needs, number: int, time: float) -> Event:
    due = needs.keys | needs.present
    fields: dict[str, Values] = {"event.category": (random.choice((*CATEGORIES, CLOSING)),)}
    for name, field_type in _TYPES.items():
        if name not in due and random.random() < 0.25:
            continue
        match field_type:
            case _ if name in _KEYS:
                fields[name] = (random.choice("pq"),)
            case FieldType.LONG:
                fields[name] = (random.randint(-2, 5),)
            case FieldType.BOOLEAN:
                fields[name] = (random.random() < 0.5,)
            case FieldType.IP:
                fields[name] = (random.choice(_ADDRESSES),)
            case _:
                fields[name] = ("".join(random.choices(_alphabet(letters), k=random.randint(0, 4))),)
    return Event(str(number), fields, time=time)
