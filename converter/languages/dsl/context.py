"""What the reader of one clause is given: the field catalogue, and the way to read the clauses inside it."""

from typing import Protocol

from converter.ir import Predicate
from converter.languages.dsl.shape import Json
from converter.schema.catalogue import Catalogue


class Context(Protocol):
    @property
    def catalogue(self) -> Catalogue: ...

    def read(self, query: Json) -> Predicate:
        """The meaning of a clause inside the current one."""
        ...
