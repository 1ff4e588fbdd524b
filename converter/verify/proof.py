"""What verification finds: evidence for one output, with counter-examples where it does not hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from converter.events.event import Event, Values
from converter.result import Result


@dataclass(frozen=True, slots=True)
class Counterexample:
    """One event, or one match of several, on which two answers differ. `fields` are those of the minimal event, in the
    schema it was judged in; of a match its ids or values. `stream` is then the smallest run of events that shows it.

    `claim` names what was claimed; `says` maps each party to whether it selects the event or makes the match.
    """

    claim: str
    fields: Mapping[str, Values]
    says: Mapping[str, bool]
    stream: tuple[Mapping[str, Values], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One run of one engine (docs/architecture.md, "Verification").

    `events`: target events the text was run on. `not_built`: source events that no source of the target records as
    they are. `set_aside`: target events outside the output's assumptions. `observations`: what the text found.
    `agree`: the written text makes the observations of the effective rule. `within_direction`: the effective rule
    differs from the source only as its losses announce; None for an output without losses, where it may not differ
    at all and `agree` covers that too.
    """

    engine: str
    independent: bool
    events: int
    not_built: int
    set_aside: int
    observations: int
    agree: bool
    within_direction: bool | None
    counterexamples: tuple[Counterexample, ...] = ()

    @property
    def holds(self) -> bool:
        return self.agree and self.within_direction is not False


@dataclass(frozen=True, slots=True)
class Proof:
    """All evidence for one result; a refusal or an unreadable rule needs none. `untried` says what no event covered,
    `events` are the source events of the run."""

    result: Result
    evidence: tuple[Evidence, ...] = ()
    untried: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def holds(self) -> bool:
        return all(item.holds for item in self.evidence) and not self.untried
