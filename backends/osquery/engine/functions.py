"""osquery's SQL functions for SQLite, as spec osquery 5.1 and the schema's function table describe them.

Functions that only read files or cause effects (`carve`, `sleep`, …) and those whose exact behaviour is not known here
(`version_compare`, `community_id_v1`, the version collations) are absent: a query that names one does not prepare.
"""

import base64
import hashlib
import ipaddress
import math
import re
import sqlite3
from collections.abc import Callable
from functools import cache

from backends.osquery.engine.ecmascript import to_python

Value = str | int | float | bytes | None
REGEX_BYTES = 256


def register(connection: sqlite3.Connection) -> None:
    """Adds the functions to a connection. A Python error inside one makes SQLite fail the whole query."""
    for name, arity, function in _FUNCTIONS:
        connection.create_function(name, arity, function, deterministic=True)


def _split(value: Value, separators: Value, index: Value) -> Value:
    if value is None or separators is None or index is None:
        return None
    if separators == "":
        raise ValueError("split: the separator is empty")
    parts = re.split(f"[{re.escape(str(separators))}]", str(value))
    return _item([part.strip() for part in parts if part], index)


def _regex_split(value: Value, pattern: Value, index: Value) -> Value:
    if value is None or pattern is None or index is None:
        return None
    parts = _compiled(str(pattern)).split(_bytes(value))
    return _item([part.decode("utf-8", "replace") for part in parts if part], index)


def _regex_match(value: Value, pattern: Value, group: Value) -> Value:
    """A search over bytes: `std::regex` over `char` knows no UTF-8."""
    if value is None or pattern is None or group is None:
        return None
    found = _compiled(str(pattern)).search(_bytes(value))
    if found is None or not 0 <= int(group) <= (found.re.groups):
        return None
    return (found[int(group)] or b"").decode("utf-8", "replace")


@cache
def _compiled(pattern: str) -> re.Pattern[bytes]:
    if len(pattern.encode()) > REGEX_BYTES:
        raise ValueError(f"regex: the pattern is longer than {REGEX_BYTES} bytes")
    return re.compile(to_python(pattern).encode())


def _item(parts: list[str], index: Value) -> Value:
    position = int(index or 0)
    return parts[position] if 0 <= position < len(parts) else None


def _concat(*values: Value) -> Value:
    return "".join(_text(value) for value in values if value is not None)


def _concat_ws(separator: Value, *values: Value) -> Value:
    """A separator stays dangling when the last argument is NULL."""
    between = _text(separator)
    last = len(values) - 1
    return "".join(
        _text(value) + (between if place < last else "") for place, value in enumerate(values) if value is not None
    )


def _inet_aton(address: Value) -> Value:
    if not isinstance(address, str):
        return None
    try:
        return int(ipaddress.IPv4Address(address))
    except ipaddress.AddressValueError:
        return None


def _in_cidr_block(block: Value, address: Value) -> Value:
    """IPv4 leaves out network and broadcast address; the other family or no address at all is an error (5.1)."""
    if not isinstance(block, str) or not isinstance(address, str):
        raise TypeError("in_cidr_block: both arguments must be text")
    network = ipaddress.ip_network(block, strict=False)
    host = ipaddress.ip_address(address)
    if host.version != network.version:
        raise ValueError("in_cidr_block: the block and the address are of different families")
    if host not in network:
        return 0
    inclusive = network.version == 6 or network.prefixlen == 32
    return int(inclusive or host not in {network.network_address, network.broadcast_address})


def _digest(algorithm: str) -> Callable[[Value], Value]:
    return lambda value: None if value is None else hashlib.new(algorithm, _bytes(value)).hexdigest()


def _to_base64(value: Value) -> Value:
    return None if value is None else base64.b64encode(_bytes(value)).decode()


def _from_base64(value: Value) -> Value:
    if value is None:
        return None
    try:
        return base64.b64decode(_bytes(value), validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def _parent_directory(separator: str) -> Callable[[Value], Value]:
    def parent(path: Value) -> Value:
        if not isinstance(path, str):
            raise TypeError("parent_directory: the argument must be text")
        return path.rpartition(separator)[0] if separator in path else None

    return parent


def _real(function: Callable[[float], float]) -> Callable[[Value], Value]:
    return lambda value: None if value is None else float(function(float(value)))


def _power(base: Value, exponent: Value) -> Value:
    return None if base is None or exponent is None else math.pow(float(base), float(exponent))


def _bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else _text(value).encode("utf-8", "surrogatepass")


def _text(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


_FUNCTIONS: tuple[tuple[str, int, Callable[..., Value]], ...] = (
    ("split", 3, _split),
    ("regex_split", 3, _regex_split),
    ("regex_match", 3, _regex_match),
    ("concat", -1, _concat),
    ("concat_ws", -1, _concat_ws),
    ("inet_aton", 1, _inet_aton),
    ("in_cidr_block", 2, _in_cidr_block),
    ("md5", 1, _digest("md5")),
    ("sha1", 1, _digest("sha1")),
    ("sha256", 1, _digest("sha256")),
    ("to_base64", 1, _to_base64),
    ("from_base64", 1, _from_base64),
    ("sqrt", 1, _real(math.sqrt)),
    ("log", 1, _real(math.log)),
    ("log10", 1, _real(math.log10)),
    ("ceil", 1, _real(math.ceil)),
    ("floor", 1, _real(math.floor)),
    ("power", 2, _power),
)


def register_path_functions(connection: sqlite3.Connection, platform: str) -> None:
    """The functions that know the platform's path separator."""
    separator = "\\" if platform == "windows" else "/"
    connection.create_function("parent_directory", 1, _parent_directory(separator), deterministic=True)
