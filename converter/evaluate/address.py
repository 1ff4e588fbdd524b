"""IP addresses and blocks: an IPv4 address mapped into IPv6 is that IPv4 address (spec kql 4.4)."""

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache

from converter.evaluate.spans import within

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Block = tuple[int, int]


@lru_cache(maxsize=4096)
def read_address(text: str) -> int | None:
    """The address as a number of 128 bits, IPv4 in its mapped place, so that all addresses have one order."""
    if "%" in text:  # Python reads zones, Elasticsearch does not
        return None
    try:
        return _mapped(ipaddress.ip_address(text))
    except ValueError:
        return None


def text_of(address: int) -> str:
    """The shortest text of an address that `read_address` read."""
    found = ipaddress.IPv6Address(address)
    return str(found.ipv4_mapped or found)


def _mapped(address: Address) -> int:
    return int(address) if address.version == 6 else _IPV4 + int(address)


_IPV4 = 0xFFFF << 32


@lru_cache(maxsize=4096)
def read_block(text: str) -> Block | None:
    """First and last address of a block or of a single address, host bits ignored; None if the text is neither."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return _mapped(network.network_address), _mapped(network.broadcast_address)


def in_blocks(blocks: Iterable[str]) -> Callable[[int], bool]:
    """Whether an address, as `read_address` reads it, lies in one of the blocks; texts that are no blocks hold none."""
    return within(ends for ends in map(read_block, blocks) if ends is not None)


def in_block(address: str, block: str) -> bool:
    """Whether the address lies in the block; a text that is no address lies in none."""
    value, ends = read_address(address), read_block(block)
    return value is not None and ends is not None and ends[0] <= value <= ends[1]
