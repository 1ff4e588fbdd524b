"""Regular expressions of all dialects under atheris: python -m tests.fuzz.fuzz_regex -max_total_time=300"""

from tests.fuzz.harness import fuzz, text_of
from tests.fuzz.outcome import check_regex
from tests.fuzz.seed import queries


def check(content: bytes) -> None:
    """The first line is the pattern, the rest a value for it."""
    pattern, _, value = text_of(content).partition("\n")
    check_regex(pattern, ["aab1", value])


if __name__ == "__main__":
    fuzz(check, queries("regex"))
