"""The stages of a detection with documents that play them, joined by keys of their own."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from converter.evaluate.keys import Key as JoinKey
from converter.evaluate.keys import Keys
from converter.events.document import event_of
from converter.events.event import Scalar
from converter.events.generate.batch import Batch, Made
from converter.events.generate.claim import Document
from converter.events.generate.fragment import unit_of
from converter.events.generate.own_value import own_values
from converter.events.generate.variation import with_value, without
from converter.ir.matcher import Equal
from converter.ir.predicate import Field, Not, Predicate, Test
from converter.schema.catalogue import Catalogue, FieldInfo
from converter.schema.constant import literal

Documents = tuple[Document, ...]
"""A document for every role, in the order of the roles."""

_TRIED = 6
"""Documents of one role from which a common key is tried."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key field of one role: `name` is the field that a document states for it."""

    name: str
    info: FieldInfo


class Role:
    """A predicate with its keys, and the documents that play it."""

    def __init__(
        self, name: str, predicate: Predicate, keys: Sequence[Field], batch: Batch, catalogue: Catalogue
    ) -> None:
        self.name = name
        self.predicate = predicate
        self.batch = batch
        self.fields = tuple(keys)
        infos = [catalogue[key.name] for key in keys]
        self.keys = tuple(Key(info.parent or info.name, info) for info in infos)
        self._evaluated = Keys(self.fields, catalogue)

    @property
    def made(self) -> list[Made]:
        return self.batch.made

    @cached_property
    def playing(self) -> list[Document]:
        """Documents that satisfy the predicate, those of its branches first."""
        return [item.fields for item in self.made if item.holds]

    def answer(self, fields: Document) -> bool | None:
        return self.batch.satisfied(fields)

    def keys_of(self, fields: Document) -> set[JoinKey]:
        """The keys that the evaluator joins the document by."""
        return set(self._evaluated.of(event_of(fields, 0)))

    def indifferent(self, name: str) -> bool:
        """The predicate reads neither the field nor what is related to it."""
        unit = unit_of(name)
        return not self.batch.patterned and self.batch.read.isdisjoint(
            (name,) if isinstance(unit, str) else unit.fields
        )


class Cast:
    """The roles of a detection. `reason` says why no common key could be found for them, None if one was."""

    def __init__(self, roles: Sequence[Role], main: Collection[int], numbers: Iterator[int]) -> None:
        """`main` are the roles that a satisfying run needs; no event of theirs should play one of the others.

        `numbers` number the keys: casts whose scenarios meet in one stream share them.
        """
        self.roles = tuple(roles)
        self._main = tuple(main)
        self._numbers = numbers
        self.reason: str | None = None
        self._documents = self._found()

    @property
    def width(self) -> int:
        """How many key fields there are."""
        return len(self.roles[0].keys)

    def fresh(self) -> Documents:
        """A document for every role, with keys that no other scenario has as far as the predicates leave them free."""
        return self.joined(self._documents)

    def played(self, role: int, fields: Document, kept: Collection[str] = ()) -> Documents:
        """As `fresh`, with this document in one role; its `kept` fields stay as they are, and others follow them."""
        return self.joined((*self._documents[:role], fields, *self._documents[role + 1 :]), role, kept)

    def joined(self, documents: Documents, special: int | None = None, kept: Collection[str] = ()) -> Documents:
        """The documents with common keys; each keeps its answer."""
        for position in range(self.width):
            documents = self._agreed(documents, position, special, kept)
        return documents

    def _agreed(self, documents: Documents, position: int, special: int | None, kept: Collection[str]) -> Documents:
        """The documents with one value in the key field at this position, where there is one that suits them all."""
        pinned = special is not None and self.roles[special].keys[position].name in kept
        for value in self._values(documents, position, special if pinned else None):
            changed = tuple(
                fields if pinned and at == special else _keyed(fields, role.keys[position].name, value)
                for at, (role, fields) in enumerate(zip(self.roles, documents, strict=True))
            )
            if all(
                self._unharmed(role, position, before, after)
                for role, before, after in zip(self.roles, documents, changed, strict=True)
            ):
                return changed
        return documents

    def _values(self, documents: Documents, position: int, pinned: int | None) -> Iterator[Scalar | None]:
        """Values to try in the key field, likeliest first; None for none at all, which is a key as well if it is
        optional (spec eql 10.2)."""
        present = [
            _scalar(fields.get(role.keys[position].name)) for role, fields in zip(self.roles, documents, strict=True)
        ]
        wanted = present[pinned] if pinned is not None else None
        if wanted is not None:
            yield wanted
            return
        number = next(self._numbers)
        for role, value in zip(self.roles, present, strict=True):
            yield from own_values(role.keys[position].info.type, value, number)
        yield from (value for value in present if value is not None)
        if all(role.fields[position].optional for role in self.roles):
            yield None

    def _unharmed(self, role: Role, position: int, before: Document, after: Document) -> bool:
        """The role's answer and its earlier keys are what they were; what does not satisfy it still fails for the same
        reasons, so that a near miss stays near."""
        if after is before:
            return True
        if any(before.get(key.name) != after.get(key.name) for key in role.keys[:position]):
            return False
        if role.indifferent(role.keys[position].name):
            return True
        answer = role.answer(before)
        if role.answer(after) is not answer:
            return False
        return answer is True or role.batch.reasons(after) == role.batch.reasons(before)

    def _found(self) -> Documents:
        """Documents for all roles that can have common keys, and that play no other role than they should."""
        first = tuple(self._of_role(at) for at in range(len(self.roles)))
        if self._have_common_keys(first):
            return first
        for at in self._main:
            for fields in islice(self.roles[at].playing, _TRIED):
                found = self._following(at, fields, first)
                if found is not None and self._have_common_keys(found):
                    return found
        self.reason = "no key values suit all stages" if self.reason is None else self.reason
        return first

    def _of_role(self, at: int) -> Document:
        role = self.roles[at]
        others = [other for number, other in enumerate(self.roles) if number not in self._main]
        if at in self._main and others:
            unwanted = [other.predicate for other in others if other.predicate != role.predicate]
            for fields in role.playing:
                if not any(other.answer(fields) for other in others):
                    return fields
            found = role.batch.within(*map(Not, unwanted)).solution()
            if found is not None:
                return found
        if role.playing:
            return role.playing[0]
        if at in self._main:
            self.reason = "no event satisfies some stage"
        return role.made[0].fields if role.made else {}

    def _following(self, at: int, fields: Document, documents: Documents) -> Documents | None:
        """Documents for the other roles with the keys that this one has."""
        found: list[Document] = []
        for number, role in enumerate(self.roles):
            if number == at:
                found.append(fields)
                continue
            pairs = zip(self.roles[at].keys, role.fields, strict=True)
            wanted = [(field, _scalar(fields.get(key.name))) for key, field in pairs]
            conditions = [_equals(field, value) for field, value in wanted if value is not None]
            solved = role.batch.within(*conditions).solution()
            if solved is None and number in self._main:
                return None
            found.append(documents[number] if solved is None else solved)
        return tuple(found)

    def _have_common_keys(self, documents: Documents) -> bool:
        """All main roles are played, and some key is the same in all of them."""
        joined = self.joined(documents)
        if not all(self.roles[at].answer(joined[at]) for at in self._main):
            return False
        return bool(set.intersection(*(self.roles[at].keys_of(joined[at]) for at in self._main)))


def _keyed(fields: Document, name: str, value: Scalar | None) -> Document:
    return without(fields, name) if value is None else with_value(fields, name, value)


def _scalar(value: object) -> Scalar | None:
    """The value, or the first one of a list."""
    if isinstance(value, list):
        return next((item for item in value if isinstance(item, str | int | float)), None)
    return value if isinstance(value, str | int | float) else None


def _equals(field: Field, value: Scalar) -> Predicate:
    return Test(Field(field.name), (Equal(literal(value)),))
