"""An OpenSearch server of our own: one node on a free loopback port, with data that goes when it goes."""

import queue
import subprocess
import tempfile
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.engines.opensearch import ENGINE, class_path

_READY = "ready "
_JAVA = ("java", "-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Quick to start: a session asks a few thousand small questions."""


class ServerError(Exception):
    """The server did not start; the text ends with its log."""


class Server:
    """Started and answering once made, at `url`; a context manager that stops it. Raises ServerError.

    The process ends when its input does, so it never outlives ours, however ours ends.
    """

    def __init__(self, home: Path = ENGINE.home, seconds: float = 120) -> None:
        self._data = tempfile.TemporaryDirectory(prefix="opensearch-", ignore_cleanup_errors=True)
        self._log: deque[str] = deque(maxlen=200)
        self._addresses: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [*_JAVA, "-classpath", class_path(home), "Server", self._data.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        try:
            self.url = self._address(seconds)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def is_running(self) -> bool:
        return self._process.poll() is None

    def log(self) -> str:
        """The last lines that the server wrote."""
        return "".join(self._log)

    def close(self) -> None:
        """Stops the server by its handle and removes its data."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=5)
        self._process.stdout.close()
        self._data.cleanup()

    def _address(self, seconds: float) -> str:
        """Waits until the server says where it listens."""
        until = time.monotonic() + seconds
        while self.is_running() and time.monotonic() < until:
            try:
                return self._addresses.get(timeout=0.2)
            except queue.Empty:
                continue
        raise ServerError(f"OpenSearch did not start within {seconds:.0f} seconds:\n{self.log()}")

    def _read_log(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._log.append(line)
            if line.startswith(_READY):
                self._addresses.put(line.removeprefix(_READY).strip())
