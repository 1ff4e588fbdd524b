"""Claims: leaves of a predicate that an event has to make true, or false."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from converter.evaluate.failure import EvaluationError
from converter.evaluate.predicate import Holds, compile_predicate
from converter.events.event import Event, flatten
from converter.events.generate.value import NOW
from converter.ir.matcher import Matcher
from converter.ir.predicate import Leaf, Predicate, Test
from converter.ir.walk import field_names
from converter.schema.catalogue import Catalogue

Document = dict[str, object]
"""An event's document with dotted names; values are scalars, lists, or lists of objects."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`leaf` holds if `wanted`, else not.

    `place` is the number of the leaf in its predicate; `aim` is the matcher of its list that has to accept, None for
    any. `fields` are the fields a document has to state for it: for a multi-field the one whose value it reads.
    """

    place: int
    wanted: bool
    leaf: Leaf = field(compare=False)
    fields: tuple[str, ...] = field(compare=False)
    aim: int | None = None

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        return self.leaf.matchers if isinstance(self.leaf, Test) else ()

    def about(self, name: str) -> bool:
        """The claim is a test of this very field."""
        return isinstance(self.leaf, Test) and self.fields == (name,)

    def turned(self) -> "Claim":
        return replace(self, wanted=not self.wanted)


def claim_of(place: int, wanted: bool, leaf: Leaf, catalogue: Catalogue, aim: int | None = None) -> Claim:
    """The claim about a leaf; with `aim`, about one matcher of its list."""
    if aim is not None and isinstance(leaf, Test):
        leaf = replace(leaf, matchers=(leaf.matchers[aim],))
    return Claim(place, wanted, leaf, stated_fields(leaf, catalogue), aim)


def stated_fields(predicate: Predicate, catalogue: Catalogue) -> tuple[str, ...]:
    """The fields a document states for what the predicate reads."""
    return tuple(dict.fromkeys(catalogue[name].parent or name for name in field_names(predicate)))


class Judge:
    """Asks the reference evaluator about claims of one predicate, each compiled once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._compiled: dict[tuple[int, int | None], Holds] = {}

    def kept(self, claims: Sequence[Claim], document: Document) -> bool:
        """Every claim is kept by a document with just these fields; a value that fails a search keeps none."""
        subject = Event("", flatten(document), document)
        try:
            return all(self._holds(claim)(subject) is claim.wanted for claim in claims)
        except EvaluationError:
            return False

    def _holds(self, claim: Claim) -> Holds:
        key = (claim.place, claim.aim)
        if key not in self._compiled:
            self._compiled[key] = compile_predicate(claim.leaf, self._catalogue, now=NOW)
        return self._compiled[key]
