"""Values that belong to one scenario alone, so that its events meet those of no other."""

import ipaddress

from converter.events.clock import iso
from converter.events.event import Scalar
from converter.events.generate.value import NOW
from converter.schema.catalogue import FieldType


def own_values(kind: FieldType, present: object, number: int) -> tuple[Scalar, ...]:
    """Values of the type that are peculiar to this number, those close to the present value last. Truth values are
    only two."""
    if kind.is_number:
        near = (present + 1000 + number,) if isinstance(present, int) else ()
        return (64_500 + number, *near)
    match kind:
        case FieldType.IP:
            return tuple(_address(base, number) for base in _NETWORKS)
        case FieldType.DATE:
            return (iso(NOW - 1000.0 * (number + 1)),)
        case FieldType.VERSION:
            return (f"64.{number}.1",)
        case FieldType.BOOLEAN:
            return (number % 2 == 0, number % 2 == 1)
        case _:
            text = present if isinstance(present, str) else "sample"
            middle = len(text) // 2
            inside = f"{text[:middle]}t{number}{text[middle:]}"
            return (f"term-{number}", f"t{number}-{text}", f"{text}-t{number}", inside)


_NETWORKS = ("198.51.100.0", "10.0.0.0", "2001:db8::")
_DOCUMENTATION = 256
_BENCHMARK = "198.18.0.0"


def _address(base: str, number: int) -> str:
    """The address of this number in a network for examples; where that is full, in the one for benchmarks."""
    if base == _NETWORKS[0] and number >= _DOCUMENTATION:
        base = _BENCHMARK
    return str(ipaddress.ip_address(base) + number)
