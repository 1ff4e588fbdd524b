"""How an engine is installed: once per machine and version, in a folder of its own below the user's cache."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_STAMP = "recipe.sha256"


class InstallationError(Exception):
    """An engine could not be installed; the text says which tool is missing or what it answered."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What is installed and how. `build` fills an empty folder, which is moved to `home` when it is complete, so it
    must not remember its own path. `recipe` are the files that decide what is built: a change of one is a new build."""

    name: str
    version: str
    recipe: tuple[Path, ...]
    build: Callable[[Path], None]

    @property
    def home(self) -> Path:
        """Where the engine is, or will be: `$XDG_CACHE_HOME/ruleport/<name>-<version>`."""
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(cache) / "ruleport" / f"{self.name}-{self.version}"

    def is_installed(self) -> bool:
        """Whether `home` holds a complete build of the recipe as it is now."""
        stamp = self.home / _STAMP
        return stamp.is_file() and stamp.read_text(encoding="ascii") == self._digest()

    def install(self) -> bool:
        """Builds the engine unless it is there; says whether it did. Raises InstallationError."""
        if self.is_installed():
            return False
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{self.home.name}.", dir=self.home.parent) as folder:
            work = Path(folder, "new")
            work.mkdir()
            self.build(work)
            (work / _STAMP).write_text(self._digest(), encoding="ascii")
            self._put(work, Path(folder, "old"))
        return True

    def _put(self, work: Path, old: Path) -> None:
        """Moves a complete build into place; whoever was quicker with the same recipe is as good."""
        try:
            if self.home.exists() and not self.is_installed():
                self.home.rename(old)
            work.rename(self.home)
        except OSError as problem:
            if not self.is_installed():
                raise InstallationError(f"{self.home} cannot be written: {problem}") from problem

    def _digest(self) -> str:
        digest = hashlib.sha256(f"{self.version} {sys.version_info[:2]}".encode())
        for path in self.recipe:
            digest.update(path.read_bytes())
        return digest.hexdigest()


def run(*command: str | Path, folder: Path) -> None:
    """Runs one tool of a build in a folder. Raises InstallationError with the end of what it said."""
    tool = str(command[0])
    if shutil.which(tool) is None:
        raise InstallationError(f"`{tool}` is needed and not found")
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-20:])
        raise InstallationError(f"`{tool}` failed with exit code {done.returncode}:\n{last}")
