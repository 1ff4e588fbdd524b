"""Addresses and blocks of addresses (spec splunk 1, 1.8)."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network


@lru_cache(maxsize=4096)
def block(text: str) -> IPv4Network | IPv6Network | None:
    """The network of a text like `10.0.0.0/8`, or None if it is none. A lone address is no block."""
    if "/" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def contains(network: IPv4Network | IPv6Network, text: str) -> bool:
    """Whether a text is an address inside the network; an address of the other family is not."""
    found = address(text)
    return found is not None and found.version == network.version and found in network
