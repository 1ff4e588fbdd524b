"""Event files under atheris: python -m tests.fuzz.fuzz_events -max_total_time=300"""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.harness import fuzz
from tests.fuzz.outcome import check_events
from tests.fuzz.seed import event_files


def check(content: bytes) -> None:
    """The content as a file, read and looked at by rules of every kind."""
    with TemporaryDirectory() as folder:
        check_events(content, Path(folder))


if __name__ == "__main__":
    fuzz(check, event_files())
