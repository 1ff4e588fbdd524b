"""How a target runs under atheris, which is no dependency (CONTRIBUTING.md): what is covered leads the mutation.

Importing this instruments the converter, so it is imported before anything of it.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["converter", "backends"]):
    from tests.fuzz.outcome import check_query

    check_query("process where true", "eql")  # loads what is loaded late, too


def fuzz(check: Callable[[bytes], None], seeds: Iterable[str | bytes]) -> None:
    """Feeds mutated seeds to the check until it raises or libFuzzer's options, taken from the command line, end it.

    The seeds lie in a folder that is removed; folders that are named on the command line are used besides.
    """
    with TemporaryDirectory() as name:
        for number, item in enumerate(seeds):
            content = item.encode("utf-8", "surrogatepass") if isinstance(item, str) else item
            (Path(name) / str(number)).write_bytes(content)
        atheris.Setup([*sys.argv, name], check)
        atheris.Fuzz()


def text_of(content: bytes) -> str:
    """Bytes as a text; what is no UTF-8 becomes lone surrogates, which are input too."""
    return content.decode("utf-8", "surrogateescape")
