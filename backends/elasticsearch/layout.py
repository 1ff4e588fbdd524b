"""JSON as people lay it out: what fits on a line stays on it, everything else is broken and indented."""

import json

_WIDTH = 120
_STEP = "  "


def pretty(value: object) -> str:
    """The value as JSON, keys in their order, without a line break at the end."""
    return _laid_out(value, "", 0)


def _laid_out(value: object, indent: str, before: int) -> str:
    """`before` is how many columns stand in front of the value on its first line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + before + len(indent) <= _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + _STEP
    if isinstance(value, dict):
        keys = [f"{json.dumps(key, ensure_ascii=False)}: " for key in value]
        items = [key + _laid_out(item, inner, len(key) + 1) for key, item in zip(keys, value.values(), strict=True)]
        opening, closing = "{", "}"
    else:
        items = _filled(value, inner) if all(isinstance(item, str) for item in value) else _each(value, inner)
        opening, closing = "[", "]"
    return f"{opening}\n" + ",\n".join(inner + item for item in items) + f"\n{indent}{closing}"


def _each(items: list[object], inner: str) -> list[str]:
    return [_laid_out(item, inner, 1) for item in items]


def _filled(items: list[object], inner: str) -> list[str]:
    """Texts, several on a line: lists of names are read better that way."""
    lines: list[str] = []
    for item in items:
        text = json.dumps(item, ensure_ascii=False)
        if lines and len(inner) + len(lines[-1]) + len(text) + 3 <= _WIDTH:
            lines[-1] += f", {text}"
        else:
            lines.append(text)
    return lines
