"""Files that hold rules under atheris: python -m tests.fuzz.fuzz_reader -max_total_time=300"""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.harness import fuzz
from tests.fuzz.outcome import check_container
from tests.fuzz.seed import containers

_FILES = containers()
_SUFFIXES = tuple(_FILES)


def check(content: bytes) -> None:
    """The first byte is the suffix, the rest the content."""
    if content:
        with TemporaryDirectory() as folder:
            check_container(content[1:], _SUFFIXES[content[0] % len(_SUFFIXES)], Path(folder))


if __name__ == "__main__":
    fuzz(check, [bytes([number]) + item for number, name in enumerate(_SUFFIXES) for item in _FILES[name]])
