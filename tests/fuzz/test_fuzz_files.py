"""Mutated files of rules and events: each is read, or refused in one line that points into it."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import mutated, mutated_bytes
from tests.fuzz.outcome import check_container, check_events
from tests.fuzz.seed import containers, event_files

MANY = settings(
    max_examples=300,
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FILES = containers()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def _broken(contents: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Bytes of text broken as text and as bytes."""
    texts = [content.decode("utf-8", "surrogateescape") for content in contents]
    as_text = mutated(texts, most=6).map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(mutated_bytes(contents), as_text)


@pytest.mark.parametrize("suffix", FILES)
def test_mutated_files_of_rules(suffix: str, folder: Path) -> None:
    @MANY
    @given(_broken(FILES[suffix]))
    def check(content: bytes) -> None:
        check_container(content, suffix, folder)

    check()


def test_files_under_a_false_name(folder: Path) -> None:
    @MANY
    @given(
        mutated_bytes([content for contents in FILES.values() for content in contents]), st.sampled_from(list(FILES))
    )
    def check(content: bytes, suffix: str) -> None:
        check_container(content, suffix, folder)

    check()


def test_mutated_event_files(folder: Path) -> None:
    @MANY
    @given(_broken(event_files()))
    def check(content: bytes) -> None:
        check_events(content, folder)

    check()
