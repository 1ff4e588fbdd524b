"""Evaluating all event rules over one set of events, against the deliberately naive evaluator of the tests."""

from benchmarks.corpus import rules
from benchmarks.measure import Comparison, compare
from converter.evaluate.predicate import compile_predicate
from converter.events.event import Event, flatten
from converter.ir import Equal, Events, Like, Predicate, Present, Test
from converter.ir.walk import leaves
from converter.schema.catalogue import default_catalogue
from tests.evaluate.naive import holds

EVENTS = 200
RULES = 300


def run() -> dict[str, Comparison]:
    """All predicates over all events, compiled once, relative to the tree walk."""
    catalogue = default_catalogue()
    predicates = [rule.detection.predicate for rule in rules() if isinstance(rule.detection, Events)]
    known = [predicate for predicate in predicates if _is_plain(predicate)][:RULES]
    events = [_event(number) for number in range(EVENTS)]

    def ours() -> None:
        for predicate in known:
            selects = compile_predicate(predicate, catalogue)
            for event in events:
                selects(event)

    def peer() -> None:
        for predicate in known:
            for event in events:
                holds(predicate, event.document)

    return {"evaluate, compiled / naive tree walk": compare(ours, peer, runs=3)}


def _is_plain(predicate: Predicate) -> bool:
    """Whether the naive evaluator, made for a small universe, knows all of it: equality, patterns, presence."""
    return all(
        isinstance(leaf, Test) and all(isinstance(matcher, Equal | Like | Present) for matcher in leaf.matchers)
        for leaf in leaves(predicate)
    )


def _event(number: int) -> Event:
    """A process start as endpoints report it; the number varies what rules look at."""
    name = ("bash", "curl", "python3", "powershell.exe", "nginx")[number % 5]
    document: dict[str, object] = {
        "event": {"category": ["process"], "type": ["start"], "action": "exec"},
        "host": {"os": {"type": "linux" if number % 2 else "windows"}},
        "process": {
            "name": name,
            "executable": f"/usr/bin/{name}",
            "args": [name, "-c", f"id {number}"],
            "args_count": 3,
            "command_line": f"{name} -c id {number}",
            "parent": {"name": "sshd", "executable": "/usr/sbin/sshd"},
        },
        "user": {"id": str(number % 3), "name": "root"},
    }
    return Event(str(number), flatten(document), document, float(number))
