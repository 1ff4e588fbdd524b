"""Memory over a long stream: what a sequence keeps must depend on what is open, not on how much has passed."""

import resource
import sys
import time
from collections.abc import Iterator

from benchmarks.measure import Finding
from benchmarks.telemetry import documents
from converter.evaluate import stream
from converter.events.document import event_of
from converter.events.event import Event
from converter.languages import eql
from converter.schema.catalogue import default_catalogue

QUERY = """
sequence by host.id, process.entity_id with maxspan=1m
  [process where event.type == "start" and process.name in ("cmd.exe", "powershell.exe", "bash", "git.exe")]
  [network where event.action == "connection_attempted"]
  ![file where event.type == "deletion"]
  until [process where event.type == "end"]
"""
_MARKS = 5


def run(count: int) -> Iterator[Finding]:
    """A sequence with a gap and an `until` over `count` events that are made, looked at and dropped one by one: the
    most memory the process had had after each fifth of them."""
    catalogue = default_catalogue()
    detection = eql.lower(eql.parse(QUERY), catalogue).detection
    marks: list[float] = []
    start = time.perf_counter()
    found = sum(1 for _ in stream(detection, _marked(count, marks), catalogue))
    rate = count / (time.perf_counter() - start)
    shown = ", ".join(f"{mark:.1f}" for mark in marks)
    growth = marks[-1] - marks[0]
    yield Finding(
        "one sequence over one long stream",
        f"{growth:.1f} MB more at the end than after a fifth",
        f"{count} events, {found} results, {rate / 1000:.0f} thousand a second with making them; peaks in MB: {shown}",
    )


def _marked(count: int, marks: list[float]) -> Iterator[Event]:
    for position, document in enumerate(documents(count), 1):
        yield event_of(document, position)
        if position % max(1, count // _MARKS) == 0:
            marks.append(_peak())


def _peak() -> float:
    """Megabytes of the process's largest resident set so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / (1 << 10)
