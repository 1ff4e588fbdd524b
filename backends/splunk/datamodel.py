"""What Splunk's data models hold (spec splunk 6.2): facts about the world, read from `datamodel.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from converter.events.event import Scalar

UNKNOWN = "unknown"
"""What a model writes where an event has no value for an expected field."""

SELECTOR = "datamodel"
"""The column by which a profile's sources say which dataset holds their events (`Endpoint.Processes`)."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Events that a dataset does not hold: in words, and among which of its events they would be."""

    what: str
    where: Mapping[str, str]

    def concerns(self, selected: Mapping[str, Sequence[Scalar]]) -> bool:
        """Whether they would be among the events that have these values."""
        return all(column not in selected or value in selected[column] for column, value in self.where.items())


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset of a model. `expected` fields are filled with `unknown`, `lists` may hold several values, `since` names
    the version that brought a field, and `left_out` says which events of its kind the dataset does not hold."""

    name: str
    expected: frozenset[str]
    others: frozenset[str]
    lists: frozenset[str] = frozenset()
    since: Mapping[str, str] = field(default_factory=dict)
    left_out: LeftOut | None = None

    @property
    def fields(self) -> frozenset[str]:
        return self.expected | self.others

    @property
    def prefix(self) -> str:
        """What stands before the names of its fields in a search, and a dot."""
        return self.name.rpartition(".")[2]


@cache
def datasets() -> Mapping[str, Dataset]:
    """All known datasets by their names."""
    text = files(__package__).joinpath("datamodel.toml").read_text(encoding="utf-8")
    return {
        name: Dataset(
            name,
            frozenset(entry["expected"]),
            frozenset(entry["others"]),
            frozenset(entry.get("lists", ())),
            entry.get("since", {}),
            LeftOut(**entry["left_out"]) if "left_out" in entry else None,
        )
        for name, entry in tomllib.loads(text).items()
    }
