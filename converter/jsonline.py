"""JSON on one line: what every reader of NDJSON takes for one line, whatever it takes for the end of one."""

import json
import re

_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""Characters that JSON lets stand and that many programs end a line at."""


def json_line(value: object) -> str:
    """The value as JSON, with a line feed at its end and nothing before that could be one."""
    text = json.dumps(value, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
