"""Scenarios around a predicate: one event of a satisfying run is another document of its stage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from converter.events.generate.batch import Made, around_leaf
from converter.events.generate.cast import Cast
from converter.events.generate.claim import Document
from converter.events.generate.interlude import Guest
from converter.events.generate.run import Plan
from converter.events.generate.scenario import Draft, Planned, in_line
from converter.events.generate.sequence import guests_of
from converter.events.generate.variation import chosen
from converter.schema.catalogue import Catalogue

Guests = Mapping[int, tuple[Guest, ...]]


@dataclass(frozen=True, slots=True)
class Variations:
    """Which documents of a predicate are tried inside a run: about so many `events` in all."""

    catalogue: Catalogue
    random: Random
    events: int

    def drafts(self, plan: Plan, guests: Guests, cast: Cast) -> Iterator[Draft]:
        """Runs with another document in one stage, every stage having its share; `guests` says when roles that are no
        stage of the run come: what satisfies those is a mutation too."""
        for at, role in enumerate(cast.roles):
            for made in self.chosen(role.made, len(plan.roles) * len(cast.roles)):
                documents = cast.played(at, made.fields, around_leaf(made.leaf, self.catalogue))
                events = (*plan.events(documents), *guests_of(guests.get(at, ()), documents))
                draft = varied(role.name, made, events)
                yield draft if at in plan.roles else replace(draft, mutation=True)

    def singles(self, cast: Cast, most: int) -> Iterator[Draft]:
        """The documents of a cast's only role, each an event of its own."""
        for made in cast.roles[0].made[:most]:
            documents = cast.played(0, made.fields, around_leaf(made.leaf, self.catalogue))
            yield varied(cast.roles[0].name, made, in_line(documents, [0.0]))

    def chosen(self, made: Sequence[Made], cost: int) -> list[Made]:
        """The documents of the branches and a sample of the others; each costs so many events."""
        count = max(self.events // cost, 4)
        branches = [item for item in made if item.is_branch]
        others = [item for item in made if not item.is_branch]
        kept = [branches[at] for at in chosen(len(branches), max(count * 3 // 4, 2), self.random)]
        return kept + [others[at] for at in chosen(len(others), max(count - len(kept), 2), self.random)]


def varied(
    name: str, made: Made, events: Sequence[Planned], *, indicators: tuple[Document, ...] = (), anchored: bool = False
) -> Draft:
    """The scenario of one document of a predicate."""
    coherent = made.variation.coherent
    found = tuple(replace(item, coherent=coherent, span=made.span) for item in events)
    return Draft(f"{name}: {made.variation.purpose}", found, not made.is_branch, indicators, anchored)
