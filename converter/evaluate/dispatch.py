"""Which of many predicates an event may satisfy, found by looking up the event's values once for all of them.

A set of predicates is an integer, one bit each. The requirements of the predicates lie in layers, the first ones in
the first layer and so on, all layers side by side in one wider integer. Every value of an event contributes the bits of
the requirements it fulfils; a predicate is a candidate if it is in all layers, where it has a requirement or not.
"""

from collections.abc import Iterable, Sequence

from converter.evaluate.glob import fold
from converter.evaluate.requirement import Requirement
from converter.evaluate.texts import json_text
from converter.events.event import Event, Scalar, Values

Bits = int
Candidates = tuple[int, ...]

LAYERS_LIMIT = 8
"""More requirements of one predicate are left to the predicate itself."""

_REMEMBERED = 10_000
"""How many sets of candidates, and how many texts of a field, are remembered before all are forgotten."""


class _Field:
    """The bits that a field's values contribute."""

    __slots__ = ("_by_text", "_longest", "_remembered", "present")

    def __init__(self) -> None:
        self.present: Bits = 0
        self._by_text: dict[str, Bits] = {}
        self._longest = 0
        self._remembered: dict[Scalar, Bits] = {}

    def add(self, text: str | None, bit: Bits) -> None:
        if text is None:
            self.present |= bit
        else:
            self._by_text[text] = self._by_text.get(text, 0) | bit
            self._longest = max(self._longest, len(text))

    def bits(self, values: Values) -> Bits:
        """The requirements that the values fulfil."""
        found = self.present
        if self._by_text:
            for value in values:
                known = self._remembered.get(value)
                found |= self._of(value) if known is None else known
        return found

    def _of(self, value: Scalar) -> Bits:
        """Looked up once per text and then remembered; numbers are not, since 1 and true are one key to a dictionary.

        Folding keeps the length of a text, so longer ones than any that is asked for are passed over.
        """
        text = json_text(value)
        if len(text) > self._longest:
            return 0
        found = self._by_text.get(fold(text), 0)
        if text is value:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[text] = found
        return found


class Dispatch:
    """Many predicates by their requirements (`requirement.requirements`), numbered as given."""

    def __init__(self, needs: Iterable[Sequence[Requirement]]) -> None:
        numbered = [tuple(of_one[:LAYERS_LIMIT]) for of_one in needs]
        self._count = len(numbered)
        self._layers = max(map(len, numbered), default=0)
        self._everyone: Bits = (1 << self._count) - 1
        self._unasked: Bits = 0
        self._fields: dict[str, _Field] = {}
        for number, of_one in enumerate(numbered):
            for layer in range(self._layers):
                bit = 1 << (layer * self._count + number)
                if layer >= len(of_one):
                    self._unasked |= bit
                    continue
                for field, text in of_one[layer]:
                    self._fields.setdefault(field, _Field()).add(text, bit)
        self._listed: dict[Bits, Candidates] = {}

    def candidates(self, event: Event) -> Candidates:
        """The numbers, ascending, of the predicates that may be true of the event; of all others it fulfils too
        little."""
        held = self._unasked
        fields = self._fields
        for name, values in event.fields.items():
            field = fields.get(name)
            if field is not None:
                held |= field.bits(values)
        found = self._everyone
        for _ in range(self._layers):
            found &= held
            held >>= self._count
        listed = self._listed.get(found)
        return self._list(found) if listed is None else listed

    def _list(self, found: Bits) -> Candidates:
        if len(self._listed) >= _REMEMBERED:
            self._listed.clear()
        listed = tuple(number for number in range(self._count) if found >> number & 1)
        self._listed[found] = listed
        return listed
