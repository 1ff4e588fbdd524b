"""What a backend is. Backends live outside `converter` and are found through entry points (`converter.backends`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

from converter.errors import ConfigurationError
from converter.events.event import Values
from converter.ir.detection import Detection
from converter.losses import Assumption, Code, Loss, Note
from converter.rule import Rule
from converter.schema.profile import Profile


class Verdict(StrEnum):
    """How faithful an output is. `error` is a rule that could not be read at all."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    REFUSED = "refused"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Format:
    """One form of output: its name on the command line and the suffix of its files (docs/cli.md).

    `others` are suffixes of what the target's options make of it.
    """

    name: str
    suffix: str
    title: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A target option, `-O name=value`. `choices` empty: any text."""

    name: str
    default: str
    title: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of output. `part` tells several artifacts of one rule apart; `stem` is the slug of the rule's title."""

    stem: str
    suffix: str
    text: str
    part: str | None = None

    @property
    def name(self) -> str:
        return f"{self.stem}-{self.part}{self.suffix}" if self.part else f"{self.stem}{self.suffix}"


@dataclass(frozen=True, slots=True)
class SourceUse:
    """A source of the target that an output reads, and the ones of the same platform and kind that were passed over."""

    name: str
    platform: str | None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """A rule in a target's terms. `statement` is the target's own syntax tree, None if the rule is refused.

    `effective` is what the output is meant to say: the rule with its lost and inexact leaves replaced.
    """

    rule: Rule
    target: str
    profile: Profile
    statement: object | None
    effective: Detection | None
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    sources: tuple[SourceUse, ...] = ()

    @property
    def verdict(self) -> Verdict:
        if self.statement is None:
            return Verdict.REFUSED
        return Verdict.APPROXIMATE if self.losses else Verdict.EXACT


@dataclass(frozen=True, slots=True)
class TargetEvent:
    """One event in the target's schema. `source` names the profile's source, None for a neighbour.

    `time` is milliseconds since 1970; `tiebreak` orders events of one time. `document` is the event's own form where
    the target stores documents (identity profiles); nested predicates need its objects.
    """

    id: str
    fields: Mapping[str, Values]
    source: str | None = None
    time: float = 0
    document: Mapping[str, object] = field(default_factory=dict)
    tiebreak: float | None = None


@dataclass(frozen=True, slots=True)
class Observations:
    """What a run found, in a form that two engines can be compared by (docs/architecture.md, "Verification").

    `kind` says what the items are:

    * `events`: `(id,)` of each event that is selected;
    * `terms`, `groups`: the values of new terms, or of a threshold's group fields, as text; targets whose results are
      groups of events report new terms and the keys of samples as `groups` too;
    * `sequences`: the ids of a sequence's or sample's events in the order of its stages, `""` for a missing event;
    * `ends`: `(id,)` of the last event of each sequence, for targets that show no more.
    """

    kind: str
    items: frozenset[tuple[str, ...]] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """An engine of a target by its name. `server`: it is one of the user's, which has an address."""

    name: str
    server: bool = False


class Engine(Protocol):
    """Runs the text that was written, with a parser of its own, on target events."""

    @property
    def name(self) -> str: ...

    @property
    def independent(self) -> bool:
        """False if the engine shares the writer's language implementation."""
        ...

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        """Evaluates over all events up to `now` (milliseconds), inclusive. Raises EngineError for a text that this
        engine does not run, ConfigurationError if the engine itself fails."""
        ...


class Backend(Protocol):
    """One target. `translate` never raises for a rule's content: what cannot be said is a loss or a refusal."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def formats(self) -> tuple[Format, ...]: ...

    @property
    def profiles(self) -> tuple[str, ...]:
        """Names of the profiles, the default first."""
        ...

    @property
    def options(self) -> tuple[Option, ...]: ...

    @property
    def codes(self) -> Mapping[str, Code]:
        """The target's own loss, note and assumption codes."""
        ...

    def default_format(self, rule: Rule) -> str: ...

    def profile(self, name: str) -> Profile:
        """The profile of that name, one of `profiles`: callers have checked it."""
        ...

    def translate(self, rule: Rule, profile: Profile, format: str, options: Mapping[str, str]) -> Translation:
        """The rule in the target's terms, for one of the target's formats: what a format can say differs."""
        ...

    def render(self, translation: Translation, format: str) -> list[Artifact]: ...

    @property
    def engines(self) -> tuple[EngineInfo, ...]:
        """The engines that run the target's outputs, the embedded one first."""
        ...

    def engine(self, name: str | None = None, address: str | None = None) -> Engine:
        """The engine of that name, by default the embedded one; one that is a server answers at the address. Callers
        have checked both (`engine_of`). Raises ConfigurationError if the server cannot be used."""
        ...


ENTRY_POINTS = "converter.backends"


@cache
def backend_names() -> tuple[str, ...]:
    """Names of all installed backends, sorted, without loading any."""
    return tuple(sorted({point.name for point in entry_points(group=ENTRY_POINTS)}))


def engine_of(target: str, asked: str | None = None) -> Engine:
    """The target's engine that is asked for as `name` or `name=address`, by default the embedded one. Raises
    ConfigurationError: no such engine, an address too many or missing, a server that cannot be used."""
    found = backend(target)
    if asked is None:
        return found.engine()
    name, _, address = asked.partition("=")
    known = {info.name: info for info in found.engines}
    if name not in known or (address and not known[name].server):
        forms = [f"`{info.name}=ADDRESS`" if info.server else f"`{info.name}`" for info in found.engines]
        shown = "of that name" if "/" in name else f"`{name}`"  # an address alone may hold a password
        what = f"the engine `{name}` has no address" if name in known else f"target `{target}` has no engine {shown}"
        raise ConfigurationError("engine-unknown", what, expected=" or ".join(forms))
    if known[name].server and not address:
        what = f"the engine `{name}` is a server, and its address is missing"
        raise ConfigurationError("engine-access", what, expected=f"`{name}=https://host:9200`")
    return found.engine(name, address or None)


@cache
def backend(name: str) -> Backend:
    """The backend of that name, loaded on first use. Raises ConfigurationError with the known names."""
    for point in entry_points(group=ENTRY_POINTS):
        if point.name == name:
            loaded: Backend = point.load()()
            return loaded
    raise ConfigurationError(
        "target-unknown", f"there is no target `{name}`", expected=f"one of {', '.join(backend_names())}"
    )
