"""Reading .conf files: stanzas of `key = value`, values continued by a backslash at the end (spec splunk 7.2)."""

from collections.abc import Iterator

from backends.splunk.engine.errors import SplError
from converter.errors import Place

Stanzas = dict[str, dict[str, str]]


def read(text: str) -> Stanzas:
    """Stanza names to their keys. Raises SplError for what Splunk or AppInspect would reject or misread."""
    stanzas: Stanzas = {}
    current: dict[str, str] | None = None
    for number, line in _lines(text):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("[") and stripped.endswith("]"):
            name = stripped[1:-1]
            if name in stanzas:
                raise _error(f"the stanza [{name}] is there twice", number, line)
            current = stanzas[name] = {}
            continue
        key, equals, value = line.partition("=")
        if not equals or current is None:
            raise _error("this line is neither a stanza nor a key of one", number, line)
        if key.strip() in current:
            raise _error(f"the key `{key.strip()}` is there twice", number, line)
        current[key.strip()] = value.strip()
    return stanzas


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first line."""
    pending: list[str] = []
    start = 1
    for number, line in enumerate(text.split("\n"), start=1):
        if not pending:
            start = number
        elif not line.strip():
            raise _error("an empty line stands inside a continued value", number, line)
        if line.endswith("\\"):
            pending.append(line[:-1])
            continue
        if line.rstrip().endswith("\\"):
            raise _error("blanks stand after a continuation backslash", number, line)
        yield start, "\n".join([*pending, line])
        pending = []
    if pending:
        raise _error("the last line continues into nothing", start, pending[0])


def _error(what: str, line: int, excerpt: str) -> SplError:
    return SplError("spl-conf", what, place=Place(None, line, 1), excerpt=excerpt.split("\n", 1)[0])
