"""The commands of a search as trees; `pipeline` writes them."""

from dataclasses import dataclass

from backends.splunk import search, where


@dataclass(frozen=True, slots=True)
class Base:
    """The first `search`, a condition a line; `earliest` and `latest` are relative times (`-5d`, `now`) or None."""

    conditions: tuple[search.Search, ...]
    earliest: str | None = None
    latest: str | None = None


@dataclass(frozen=True, slots=True)
class ModelRows:
    """`tstats`: a row per combination of the fields in `by` among the events of a data model's dataset, with how many
    there are and when the first and the last came. `conditions` have the dataset's name before their fields, `by` not.
    """

    dataset: str
    conditions: tuple[search.Search, ...]
    by: tuple[str, ...]
    range: tuple[str, str] | None = None
    summaries_only: bool = False


@dataclass(frozen=True, slots=True)
class Append:
    """`append`: the rows of another search after those that are there."""

    commands: "Commands"


@dataclass(frozen=True, slots=True)
class Rename:
    """`rename`: both names may hold one `*`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Multisearch:
    """Several searches at once; each begins with a `Base` and streams."""

    branches: tuple["Commands", ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """`where`: all conditions, a line each."""

    conditions: tuple[where.Where, ...]


@dataclass(frozen=True, slots=True)
class Evaluate:
    """`eval`: plain names and their expressions, each of which sees the ones before."""

    assignments: tuple[tuple[str, where.Where], ...]


@dataclass(frozen=True, slots=True)
class Expand:
    """`mvexpand`: a row for every value of a field."""

    field: str


@dataclass(frozen=True, slots=True)
class Keep:
    """`fields`: only these fields go on; a name may hold `*`."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """`sort 0`: by all fields in turn, a name with `-` in front descending."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One result of `stats` or `streamstats`: a function of a field, of an expression, or of whole rows (None)."""

    function: str
    argument: str | where.Where | None
    name: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """`stats`: a row per combination of the fields in `by`."""

    results: tuple[Aggregation, ...]
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """`streamstats`: results over the rows before each row, the row itself included if `current`, per combination of
    the fields in `by`; with a window over the last so many rows of the combination."""

    results: tuple[Aggregation, ...]
    by: tuple[str, ...] = ()
    current: bool = True
    window: int | None = None


@dataclass(frozen=True, slots=True)
class RangeInfo:
    """`addinfo`: the bounds of the search's time range as fields."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """`lookup`: the columns of a table that are compared with fields, and the columns that become fields."""

    table: str
    inputs: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Remember:
    """`outputlookup append=true`: the rows go into a table, replacing those of the same key."""

    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Ends:
    """`head` or `tail`: the first or last rows, in the order they had."""

    end: str
    count: int


@dataclass(frozen=True, slots=True)
class Table:
    fields: tuple[str, ...]


Command = (
    Base
    | ModelRows
    | Append
    | Rename
    | Multisearch
    | Filter
    | Evaluate
    | Expand
    | Keep
    | Sort
    | Statistics
    | Running
    | RangeInfo
    | Lookup
    | Remember
    | Ends
    | Table
)
Commands = tuple[Command, ...]
