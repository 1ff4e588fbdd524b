"""Numbers, dates and addresses as field types read them (spec kql 4.4, 4.5)."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.errors import RuleError
from converter.languages.value import address, block, date, in_zone, number


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), ("+5", 5), ("-0", 0), ("007", 7), ("5.0", 5), ("5.", 5), (".5", 0.5), ("1e3", 1000), ("1.5e-1", 0.15)],
)
def test_numbers(text: str, value: float) -> None:
    assert number("n", text, whole=False) == value


@pytest.mark.parametrize(
    "value", ["", ".", "e5", "0x10", "1_000", "nan", "inf", "1e400", "٥", "9" * 500, True, float("inf"), float("nan")]
)
def test_what_is_no_number(value: str | float) -> None:
    with pytest.raises(RuleError):
        number("n", value, whole=False)


def test_integers_have_64_bits() -> None:
    assert number("n", str(2**63 - 1), whole=True) == 2**63 - 1
    assert number("n", str(2**63), whole=False) == 2**63
    with pytest.raises(RuleError):
        number("n", str(2**63), whole=True)


@pytest.mark.parametrize(
    "text",
    [
        *("2024", "2024-05", "2024-05-01", "2024-05-01T10", "2024-05-01T10:00:00.123Z", "2024-05-01T10:00+02:00"),
        *("1714521600000", "-1", "now", "now-1d/d", "now/M+1h", "now+d", "2024-01-01||-1y/M"),
    ],
)
def test_dates(text: str) -> None:
    assert date("t", text) == text


@pytest.mark.parametrize("value", ["", "yesterday", "now-1", "now-1x", "2024-5-1", "01.05.2024", "now||/d", True, 1.5])
def test_what_is_no_date(value: str | float) -> None:
    with pytest.raises(RuleError):
        date("t", value)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2024-01-01T10:00:00", "Europe/Berlin", "2024-01-01T10:00:00+01:00"),
        ("2024-07-01T10:00:00", "Europe/Berlin", "2024-07-01T10:00:00+02:00"),
        ("2024-07-01T10:00:00Z", "Europe/Berlin", "2024-07-01T10:00:00Z"),
        ("2024-07-01T10:00", "-0330", "2024-07-01T10:00-0330"),
        ("2024-07-01", "UTC", "2024-07-01"),
        ("1714521600000", "Europe/Berlin", "1714521600000"),
        ("now-5m", "Europe/Berlin", "now-5m"),
    ],
)
def test_time_zones(text: str, zone: str, expected: str) -> None:
    assert in_zone(text, zone) == expected


@pytest.mark.parametrize("text", ["2024-07-01", "2024-07", "now/d", "now-1M", "2024-07-01||/d"])
def test_dates_that_an_offset_cannot_say(text: str) -> None:
    with pytest.raises(RuleError):
        in_zone(text, "Europe/Berlin")


@given(st.ip_addresses())
def test_an_address_is_a_block_of_one(found: object) -> None:
    text = str(found)
    network = block("ip", text)
    assert network == block("ip", text.upper())
    assert network.rpartition("/")[0] == address("ip", text)
    assert ip_network(network).num_addresses == 1


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_blocks_are_normal(found: object, bits: int) -> None:
    assert block("ip", f"{found}/{bits}") == str(ip_network(f"{found}/{bits}", strict=False))
    assert block("ip", f"::ffff:{found}/{bits + 96}") == block("ip", f"{found}/{bits}")
    assert address("ip", f"::ffff:{found}") == str(ip_address(str(found)))


@pytest.mark.parametrize(
    "text", ["", "host", "10.0.0", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "::1/129", "fe80::1%0", "1"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(RuleError):
        block("ip", text)
