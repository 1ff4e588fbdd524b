"""What a format makes of a rule: a text to be, with what it means and what is to be said about it."""

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from converter.ir import Detection
from converter.languages.lowered import Lowered
from converter.languages.settled import mean_the_same
from converter.losses import Assumption, Loss, Note
from converter.rule import Rule
from converter.schema.catalogue import Catalogue


@runtime_checkable
class Statement(Protocol):
    """A syntax tree with the suffix of the file that its text goes into."""

    @property
    def suffix(self) -> str: ...

    def text(self) -> str:
        """What the file holds, with a line break at its end."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Several texts that together say what a rule means: each finds some of what it finds."""

    name: str
    items: tuple[Statement, ...]

    def named(self) -> list[tuple[str | None, Statement]]:
        """The texts with what tells their files apart; a single one needs nothing."""
        if len(self.items) == 1:
            return [(None, self.items[0])]
        return [(f"{self.name}-{number}", item) for number, item in enumerate(self.items, 1)]


@dataclass(frozen=True, slots=True)
class Output:
    """`statement` None is a refusal, of which `losses` say why."""

    statement: Statement | Parts | None
    effective: Detection | None
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


def refused(rule: Rule, *losses: Loss) -> Output:
    """Nothing is written, for these reasons."""
    return Output(None, None, (*rule.losses, *losses), rule.notes)


def written(rule: Rule, statement: Statement | Parts, *, notes: tuple[Note, ...] = ()) -> Output:
    """The rule is written as it is."""
    return Output(statement, rule.detection, rule.losses, (*rule.notes, *notes), rule.assumptions)


def path_notes(rule: Rule, endpoint: str) -> tuple[Note, ...]:
    """Where to send it: a query does not say which indices it searches."""
    if not rule.scope.indices:
        return ()
    return (Note("request-path", f"send the query to `{','.join(rule.scope.indices)}/{endpoint}`"),)


def checked(output: Output, read: Lowered, meant: Detection, catalogue: Catalogue) -> Output:
    """The output if its text, read back, means what was meant; otherwise a refusal: nothing wrong is handed out."""
    if mean_the_same(read.detection, meant, catalogue):
        return output
    loss = Loss("elasticsearch-read-back", "the text that was written reads back as another condition")
    return replace(output, statement=None, effective=None, losses=(*output.losses, loss))
