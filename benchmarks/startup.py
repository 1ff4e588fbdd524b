"""Starting up: the commands that need no language load none."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from benchmarks.measure import Finding, compare, cost

_COMMANDS = (["--help"], ["targets"], ["explain", "field-unmapped"])


def run() -> Iterator[Finding]:
    """Whole processes, relative to an interpreter that does nothing."""
    for command in _COMMANDS:
        comparison = compare(partial(_python, "-m", "converter", *command), partial(_python, "-c", "pass"))
        yield cost(f"convert {' '.join(command)} / python -c pass", comparison)


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
