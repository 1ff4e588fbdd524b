"""`python -m benchmarks [--full] [NAME…]`: prints every ratio; docs/performance.md keeps the figures."""

import argparse
from collections.abc import Callable, Iterable

from benchmarks import conversion, evaluation, memory, parsing, sequences, startup
from benchmarks.measure import Finding

_QUICK = {"evaluation": 20_000, "memory": 100_000}
_FULL = {"evaluation": 200_000, "memory": 5_000_000}


def main() -> None:
    arguments = _arguments()
    sizes = _FULL if arguments.full else _QUICK
    benchmarks: dict[str, Callable[[], Iterable[Finding]]] = {
        "startup": startup.run,
        "memory": lambda: memory.run(sizes["memory"]),
        "parsing": parsing.run,
        "evaluation": lambda: evaluation.run(sizes["evaluation"]),
        "sequences": sequences.run,
        "conversion": conversion.run,
    }
    for name in arguments.names or benchmarks:
        for finding in benchmarks[name]():
            print(f"{finding.name:<52} {finding.figure:<24} {finding.detail}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="startup, memory, parsing, evaluation, … (default: all)"
    )
    parser.add_argument("--full", action="store_true", help="200,000 events to evaluate, 5 million to stream (an hour)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
