"""`python -m benchmarks`: prints every ratio; docs/performance.md keeps the figures."""

from benchmarks import conversion, evaluation, parsing


def main() -> None:
    for benchmark in (parsing, conversion, evaluation):
        for name, comparison in benchmark.run().items():
            low, high = min(comparison.subject), max(comparison.subject)
            print(f"{name:<55} ratio {comparison.ratio:6.2f}   {low * 1000:8.1f} to {high * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
