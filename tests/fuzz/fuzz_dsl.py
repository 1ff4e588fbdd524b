"""Search bodies under atheris: python -m tests.fuzz.fuzz_dsl -max_total_time=300"""

from tests.fuzz.harness import fuzz, text_of
from tests.fuzz.outcome import check_query, one_target
from tests.fuzz.seed import queries


def check(content: bytes) -> None:
    """Read, run and converted for one target, told by the text, so that all of them have their turn."""
    text = text_of(content)
    check_query(text, "dsl", one_target(text))


if __name__ == "__main__":
    fuzz(check, queries("dsl"))
