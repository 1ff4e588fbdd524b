"""Long values and long lists against long rules: time grows with their sum and not with their product."""

import time

import pytest

import converter
from converter.events.document import event_of

LONG = "ab" * 50_000
SECONDS = 30
"""Each takes a second or so where it is right, and minutes where every value meets every literal."""

_BLOCKS = ", ".join(f'"10.{number % 256}.{number // 256}.0/24"' for number in range(20_000))
_DAYS = ", ".join(f'"{1000 + number}-01-01"' for number in range(8_000))
_PHRASES = " or ".join(f'"a{number} b"' for number in range(10_000))

CASES: dict[str, tuple[str, str, object]] = {
    "source.ip": (
        f"any where cidrMatch(source.ip, {_BLOCKS})",
        "eql",
        [f"11.0.{number // 256}.{number % 256}" for number in range(20_000)],
    ),
    "process.start": (
        f"any where process.start in ({_DAYS})",
        "eql",
        [200_000_000 + number for number in range(20_000)],
    ),
    "message": (f"message: ({_PHRASES})", "kuery", "a1 " * 30_000),
    "user.id": ('any where user.id : "' + "*c" * 10_000 + '"', "eql", LONG),
    "user.name": ('any where user.name : "' + "?*" * 10_000 + 'c"', "eql", LONG),
    "process.name": ('any where process.name regex "(a+)+$|(.*b)*c"', "eql", LONG),
}


@pytest.mark.parametrize("field", CASES)
def test_long_lists_meet_long_values(field: str) -> None:
    query, language, value = CASES[field]
    event = event_of({"@timestamp": 0, field: value}, 0)
    started = time.process_time()
    assert converter.evaluate(converter.parse(query, language), [event]) == []
    assert time.process_time() - started < SECONDS


def test_a_thousand_stages_are_looked_at_once_an_event() -> None:
    query = "sequence by host.id with maxspan=1h " + "[any where true]" * 1_000
    events = [event_of({"@timestamp": number, "host.id": "a"}, number) for number in range(1_100)]
    started = time.process_time()
    assert len(converter.evaluate(converter.parse(query, "eql"), events)) == 101
    assert time.process_time() - started < SECONDS
