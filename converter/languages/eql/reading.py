"""What lowering one text needs to know and what it has to say: passed along, collected once."""

from dataclasses import dataclass, field

from converter.languages.eql.tree import FieldName
from converter.losses import Assumption, Note
from converter.schema.catalogue import Catalogue, FieldInfo


@dataclass(slots=True)
class Reading:
    """`unmapped` names optional fields that no mapping defines: they are the constant null (spec eql 7.4). `guessed`
    are the fields that the catalogue at hand does not know, and has been told of."""

    catalogue: Catalogue
    unmapped: frozenset[str] = frozenset()
    guessed: frozenset[str] = frozenset()
    notes: dict[Note, None] = field(default_factory=dict)
    assumptions: dict[Assumption, None] = field(default_factory=dict)

    def info(self, name: FieldName) -> FieldInfo:
        return self.catalogue[name.name]

    def is_null(self, name: FieldName) -> bool:
        """Whether the field is the constant null."""
        return name.optional and (name.name in self.unmapped or self.is_outside(name))

    def is_outside(self, name: FieldName) -> bool:
        """Whether the catalogue knows every field, and not this one."""
        return self.catalogue.closed and name.name not in self.catalogue

    def may_be_null(self, name: FieldName) -> bool:
        """Whether an optional field is in no catalogue, so that perhaps no mapping defines it."""
        return name.optional and name.name in self.guessed

    def note(self, code: str, message: str) -> None:
        """Says something once, in the order in which it was first said."""
        self.notes.setdefault(Note(code, message))

    def assume(self, code: str, message: str, name: str | None = None) -> None:
        """Records a condition once; `name` is the field it is about."""
        self.assumptions.setdefault(Assumption(code, message, name))
