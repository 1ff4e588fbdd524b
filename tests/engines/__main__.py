"""`python -m tests.engines install`: every engine that is not there yet; `list`: what there is."""

import argparse
import sys
import time

from tests.engines.installation import Engine, InstallationError
from tests.engines.registry import ENGINES


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.engines", description=__doc__)
    parser.add_argument("command", choices=("install", "list"))
    parser.add_argument("names", nargs="*", metavar="ENGINE", help="only these; by default all")
    asked = parser.parse_args()
    known = {engine.name: engine for engine in ENGINES}
    unknown = [name for name in asked.names if name not in known]
    if unknown:
        parser.error(f"there is no engine {', '.join(unknown)}; known are {', '.join(known)}")
    chosen = [known[name] for name in asked.names] or list(ENGINES)
    if asked.command == "list":
        for engine in chosen:
            print(f"{engine.name} {engine.version}: {engine.home if engine.is_installed() else 'not installed'}")
        return 0
    failed = [engine for engine in chosen if not _install(engine)]
    return 1 if failed else 0


def _install(engine: Engine) -> bool:
    """One line per engine; a failure does not stop the others."""
    start = time.monotonic()
    try:
        built = engine.install()
    except InstallationError as problem:
        print(f"{engine.name} {engine.version}: {problem}", file=sys.stderr)
        return False
    taken = f"installed in {time.monotonic() - start:.0f} s" if built else "is there"
    print(f"{engine.name} {engine.version}: {taken} ({engine.home})")
    return True


if __name__ == "__main__":
    sys.exit(main())
