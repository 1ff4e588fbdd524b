"""An event file that can be read more than once, standard input included."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import IO

from converter.events.container import STDIN
from converter.events.document import Clock
from converter.events.event import Event
from converter.events.indexing import Oddities
from converter.events.reading import read_events


class EventFile:
    """`events` reads the file from its beginning; what is odd about the events is in `oddities` once they were read.

    What comes from standard input is kept in a temporary file, which is gone when the program ends.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.oddities = Oddities()
        self._content: IO[bytes] | None = None

    def events(self, clock: Clock, *, indexed: bool = True) -> Iterator[Event]:
        """As `read_events`."""
        if self.path == STDIN and self._content is None:
            self._content = _kept(sys.stdin.buffer)
        return read_events(self.path, clock, indexed=indexed, oddities=self.oddities, content=self._content)


def _kept(stream: IO[bytes]) -> IO[bytes]:
    kept = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - it lives as long as the object
    shutil.copyfileobj(stream, kept)
    return kept
