"""Values as Elasticsearch's field types read them from text: numbers, dates, addresses (spec kql 4.4, 4.5).

Each function takes the name of the field for its message and raises RuleError for a value that the type refuses.
"""

import json
import re
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from converter.errors import RuleError

_NUMBER = re.compile(r"[+-]?(?P<whole>[0-9]{1,400})?(?:\.(?P<part>[0-9]{0,400}))?(?:[eE][+-]?[0-9]{1,4})?")
_LONG = range(-(2**63), 2**63)

_DATE_MATH = r"(?:[+-][0-9]{0,9}[yMwdhHms]|/[yMwdhHms])*"
_TIME = r"[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?"
_ZONE = r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_DAY = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T(?:" + _TIME + _ZONE + r"?)?)?)?)?"
_DATE = re.compile(rf"(?:now{_DATE_MATH}|{_DAY}(?:\|\|{_DATE_MATH})?|-?[0-9]{{1,18}}(?:\|\|{_DATE_MATH})?)")
_WITHOUT_ZONE = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_TIME}")
_UTC = frozenset({"Z", "Zulu", "UTC", "GMT", "Etc/UTC", "+00:00", "-00:00"})


def json_text(value: str | bool | int | float) -> str:
    """A scalar as a keyword field stores it: texts as they are, everything else as its JSON text."""
    return value if isinstance(value, str) else json.dumps(value)


def number(field: str, value: str | bool | int | float, *, whole: bool) -> int | float:
    """The number; `whole` says that the field holds integers of 64 bits."""
    found: int | float | None = None
    if isinstance(value, str):
        found = _parsed(value.strip())
    elif not isinstance(value, bool):
        found = value
    if found is None or found != found or found in {float("inf"), float("-inf")}:
        raise RuleError("value-not-a-number", f"`{field}` is a number, which cannot be {json_text(value)!r:.60}")
    if isinstance(found, float) and found.is_integer() and abs(found) < 2**53:
        found = int(found)
    if whole and not _LONG[0] <= found <= _LONG[-1]:
        raise RuleError("value-not-a-number", f"`{field}` holds integers of 64 bits, {json_text(value):.60} is none")
    return found


def is_number(text: str) -> bool:
    return _parsed(text) is not None


def _parsed(text: str) -> int | float | None:
    match = _NUMBER.fullmatch(text)
    if match is None or not (match["whole"] or match["part"]):
        return None
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def date(field: str, value: str | bool | int | float) -> str:
    """The date as it was written: ISO 8601, epoch milliseconds or date math; its meaning depends on the bound."""
    text = json_text(value)
    if isinstance(value, bool) or not is_date(text):
        raise RuleError(
            "value-not-a-date",
            f"`{field}` is a date, which cannot be {text!r:.60}",
            expected="`2024-05-01`, `2024-05-01T12:00:00Z`, milliseconds since 1970 or date math such as `now-1d/d`",
        )
    return text


def is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


def in_zone(text: str, zone: str | None) -> str:
    """A date that was written in a time zone, with the offset that the zone had then.

    Epoch milliseconds and dates with an offset of their own stay as they are. RuleError `date-time-zone` for what no
    offset can say: a bare day and rounding in a zone other than UTC, and for an unknown zone.
    """
    if zone is None or zone in _UTC or re.fullmatch(r"-?[0-9]{5,}", text):
        return text
    if re.search(rf"T{_TIME}{_ZONE}$", text) or re.fullmatch(r"now(?:[+-][0-9]*[hHms])*", text):
        return text
    if not _WITHOUT_ZONE.fullmatch(text):
        raise RuleError(
            "date-time-zone",
            f"the date `{text}` is meant in the time zone {zone}, which cannot be kept",
            advice="write it with hours, minutes and an offset",
        )
    if re.fullmatch(r"[+-][0-9]{2}:?[0-9]{2}", zone):
        return text + zone
    try:
        offset = datetime.fromisoformat(text.replace(",", ".")).replace(tzinfo=ZoneInfo(zone)).strftime("%z")
    except (ZoneInfoNotFoundError, ValueError):
        raise RuleError("date-time-zone", f"the date `{text}` in the time zone `{zone}` cannot be read") from None
    return f"{text}{offset[:3]}:{offset[3:]}"


def address(field: str, value: str | bool | int | float) -> str:
    """One address in its shortest lower-case form; IPv4 mapped into IPv6 is IPv4."""
    return str(_address(field, json_text(value)))


def block(field: str, value: str | bool | int | float) -> str:
    """An address or a block as `Network` wants it: mask written out, host bits cleared, compressed."""
    text = json_text(value)
    written, slash, bits = text.partition("/")
    found = _address(field, written, text)
    length = _prefix(field, written, bits, found, text) if slash else int(found.max_prefixlen)
    cleared = int(found) >> (found.max_prefixlen - length) << (found.max_prefixlen - length)
    return f"{type(found)(cleared)}/{length}"


def _prefix(field: str, written: str, bits: str, found: IPv4Address | IPv6Address, text: str) -> int:
    mapped = ":" in written and isinstance(found, IPv4Address)
    length = int(bits) - (96 if mapped else 0) if re.fullmatch(r"[0-9]{1,3}", bits) else -1
    if not 0 <= length <= found.max_prefixlen:
        raise _not_an_address(field, text)
    return length


def _address(field: str, written: str, shown: str | None = None) -> IPv4Address | IPv6Address:
    try:
        if "%" in written:
            raise ValueError(written)
        found = ip_address(written)
    except ValueError:
        raise _not_an_address(field, shown or written) from None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _not_an_address(field: str, text: str) -> RuleError:
    return RuleError(
        "value-not-an-address",
        f"`{field}` is an IP address, which cannot be {text!r:.60}",
        expected="`10.0.0.1`, `10.0.0.0/8`, `::1` or `fe80::/10`",
    )
