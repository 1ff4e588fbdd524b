"""One search: under which types, at which moment and over which mapped fields a detection is evaluated."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from converter.evaluate.keys import Keys
from converter.evaluate.optional import is_mapped
from converter.evaluate.predicate import Holds, compile_predicate
from converter.ir.predicate import Field, Predicate
from converter.schema.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Search:
    """`now` is in milliseconds, None where nothing relative to it can be asked. `mapped` is the strict mode for
    optional fields, None where every field counts as mapped (spec eql 7.4)."""

    catalogue: Catalogue
    now: float | None = None
    mapped: Container[str] | None = None

    def holds(self, predicate: Predicate) -> Holds:
        """The predicate as a function of an event."""
        return compile_predicate(predicate, self.catalogue, now=self.now, mapped=self.mapped)

    def keys(self, fields: Iterable[Field]) -> Keys:
        """The fields as a join or group key. Raises EvaluationError `field-not-mapped` in the strict mode."""
        asked = tuple(fields)
        null = {field.name for field in asked if self.mapped is not None and not is_mapped(field, self.mapped)}
        return Keys(asked, self.catalogue, null)
