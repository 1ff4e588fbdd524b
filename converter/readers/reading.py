"""What reading a path comes to: raw rules, files that were passed over, and findings about the files themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from converter.errors import Place, RuleError
from converter.rule import Origin, RawRule


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder or archive that does not look like a rule: nothing that anyone asked to convert."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that makes a file doubtful as a whole (an export that lacks some of its rules): a warning."""

    code: str
    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class Reading:
    """What a path holds, in the order of its files."""

    rules: tuple[RawRule, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def joined(readings: Iterable[Reading]) -> Reading:
    """One reading of several, in their order."""
    found = tuple(readings)
    return Reading(
        tuple(rule for reading in found for rule in reading.rules),
        tuple(item for reading in found for item in reading.skipped),
        tuple(item for reading in found for item in reading.doubts),
    )


def failed(error: RuleError, path: str, name: str) -> Reading:
    """A file that cannot be read: a raw rule with the error."""
    origin = Origin(path, query=Place(path), line=error.place.line)
    return Reading((RawRule(origin, {"name": name}, error=error),))
