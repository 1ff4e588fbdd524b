"""All codes there are: the converter's own and every installed target's."""

from converter.backend import backend, backend_names
from converter.losses import Code, converter_codes


def all_codes() -> dict[str, Code]:
    """Codes by name, sorted by name. Loads every backend."""
    codes = dict(converter_codes())
    for name in backend_names():
        codes |= backend(name).codes
    return dict(sorted(codes.items()))
