"""Investigation guides: the plugins of a file's `[transform]` table, rendered into the note (spec elastic-rules 4)."""

import json
import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\$(?:\$|(?P<name>[A-Za-z]+)_(?P<index>\d{1,4})(?!\w)|\{(?P<braced>[A-Za-z]+_\d{1,4})\})")
_SETUP = re.compile(r"^##[ \t]+Setup[ \t]*\n(?P<body>.*?)(?=^#{1,2}[ \t]|\Z)", re.MULTILINE | re.DOTALL)


def rendered(note: str, transform: Mapping[str, object]) -> str:
    """The note with `$osquery_0` replaced by `!{osquery{…}}` (keys sorted, no blanks) and `$$` by `$`.

    Placeholders that name no entry of the table stay as they are.
    """
    plugins = {
        f"{name}_{index}": f"!{{{name}{json.dumps(entry, sort_keys=True, separators=(',', ':'), ensure_ascii=False)}}}"
        for name, entries in transform.items()
        if isinstance(entries, list)
        for index, entry in enumerate(entries)
    }

    def replaced(match: re.Match[str]) -> str:
        if match.group() == "$$":
            return "$"
        key = match["braced"] or f"{match['name']}_{match['index']}"
        return plugins.get(key, match.group())

    return _PLACEHOLDER.sub(replaced, note)


def split_setup(note: str) -> tuple[str, str | None]:
    """The note without its `## Setup` section, and that section (spec elastic-rules 5.1); None if it has none."""
    found = _SETUP.search(note)
    if found is None:
        return note, None
    rest = (note[: found.start()].rstrip() + "\n\n" + note[found.end() :].lstrip()).strip()
    return rest, f"## Setup\n{found['body'].rstrip()}"
