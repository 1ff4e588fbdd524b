"""What has to be added to a search so that its answer can be read: nothing of what was written is changed.

Every base search looks at the events of one run only; `table` and `fields` keep the number of the event; the keys of
the last `stats` get names of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from backends.splunk.engine import arguments
from backends.splunk.engine.arguments import Sign
from backends.splunk.engine.commands.registry import REGISTRY
from backends.splunk.engine.macros import expand
from backends.splunk.engine.pipeline import Command, brackets, commands
from backends.splunk.engine.source import Fragment, whole
from backends.splunk.live.collector import EVENT, RUN
from converter.errors import EngineError

KEY = "ruleport_key"

_OF_THE_SERVER = {
    "tstats": "data models are filled by add-ons, not by events of ours",
    "from": "data models are filled by add-ons, not by events of ours",
    "lookup": "its lookup tables would have to be installed",
    "inputlookup": "its lookup tables would have to be installed",
    "outputlookup": "a verification leaves no tables behind",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """`kind` as in Observations; `keys`: how many values a group has, None where rows are events."""

    spl: str
    kind: str
    keys: int | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a row that say what it is."""
        return (EVENT,) if self.keys is None else tuple(f"{KEY}{number}" for number in range(self.keys))


def prepare(spl: str, index: str, run: str) -> Prepared:
    """The search over the events of a run. Raises SplError for what the embedded engine does not read either,
    EngineError for a search that needs more than events on the server."""
    source = expand(spl, {})
    found = _Additions(f' index="{index}" {RUN}::{run} ')
    top = found.walk(whole(source), implicit=True)
    grouping = [command for command in top if command.name == "stats"]
    keys: int | None = None
    if grouping:
        names = arguments.fields(grouping[-1].arguments, arguments.read(grouping[-1].arguments, "aggregations"))
        keys = len(names)
        assigned = ", ".join(f"{KEY}{number}='{name}'" for number, name in enumerate(names))
        if assigned:
            found.add(_end(grouping[-1].arguments), f"\n| eval {assigned}")
    kind = "ends" if any(REGISTRY[command.name].relates for command in top) else "events"
    return Prepared(found.applied(source.text), "groups" if grouping else kind, keys)


@dataclass(slots=True)
class _Additions:
    """Texts to put in, by their place in the search."""

    restriction: str
    places: list[tuple[int, str]] = field(default_factory=list)

    def add(self, place: int, text: str) -> None:
        self.places.append((place, text))

    def applied(self, text: str) -> str:
        for place, added in sorted(self.places, reverse=True):
            text = text[:place] + added + text[place:]
        return text

    def walk(self, search: Fragment, *, implicit: bool) -> tuple[Command, ...]:
        """Restricts a search and those in its brackets; the commands of the outer one."""
        found = commands(search, implicit=implicit)
        for command in found:
            if why := _OF_THE_SERVER.get(command.name):
                raise EngineError("engine-format", f"a search with `{command.name}` cannot be tried on a server: {why}")
            if command.name not in REGISTRY:
                raise command.arguments.error("spl-unknown-command", f"there is no command `{command.name}`")
        first = found[0]
        if first.name == "search":
            self.add(first.arguments.start, self.restriction)
        for inside in self._inner(found):
            self.walk(inside, implicit=False)
        for command in found:
            if command.name in ("table", "fields") and Sign("-") not in arguments.read(
                command.arguments, "table" if command.name == "table" else "columns"
            ):
                self.add(_end(command.arguments), f", {EVENT}, {KEY}*")
        return found

    @staticmethod
    def _inner(found: tuple[Command, ...]) -> Iterator[Fragment]:
        for command in found:
            if command.name in ("multisearch", "append"):
                yield from brackets(command.arguments)


def _end(fragment: Fragment) -> int:
    """Where a command's arguments end, blanks left out."""
    return fragment.start + len(fragment.text.rstrip())
