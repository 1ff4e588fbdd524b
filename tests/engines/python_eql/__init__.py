"""python-eql: the older reference implementation of EQL, a peer where spec eql 14 says that both mean the same.

Its licence is the AGPL: it lives in an environment of its own, runs as a process and is imported by nothing of ours but
`worker.py`, which that environment's Python runs.
"""

import sys
from pathlib import Path

from tests.engines.installation import Engine, run

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def _build(folder: Path) -> None:
    run(sys.executable, "-m", "venv", folder, folder=folder)
    pip = (folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--requirement", _REQUIREMENTS, folder=folder)


ENGINE = Engine("python-eql", "1.0.1", (_REQUIREMENTS,), _build)
PYTHON = Path("bin", "python")
"""The interpreter, relative to the engine's home."""
