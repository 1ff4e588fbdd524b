"""JSON on one line: what every reader of NDJSON takes for one line, and what no terminal takes for orders."""

import json


def json_line(value: object) -> str:
    """The value as JSON, with a line feed at its end and nothing before that could be one.

    Characters that cannot be shown (control characters, what some programs end a line at, halves of characters) are
    escaped, all others stand as themselves.
    """
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)
    return text + "\n"
