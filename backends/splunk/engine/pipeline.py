"""A search as a list of commands: split at the pipes that stand outside quotes and brackets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backends.splunk.engine.source import Fragment

NESTING = 8  # subsearches (spec splunk 1.9)

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]|]')
_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)(?![A-Za-z0-9_.])")


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    arguments: Fragment


def commands(search: Fragment, *, implicit: bool) -> tuple[Command, ...]:
    """The commands of a search. Text before the first pipe is the arguments of `search`, with or without its name.

    `implicit` false (a subsearch): the first command must be named.
    """
    parts = list(_parts(search))
    first, *rest = parts
    if not first.text.strip():
        if not rest:
            raise search.error("spl-syntax", "there is no search here", expected="a search expression")
        return tuple(_command(part) for part in rest)
    named = _NAME.match(first.text)
    if implicit and (named is None or named.group(1) != "search"):
        return (Command("search", first), *(_command(part) for part in rest))
    return tuple(_command(part) for part in parts)


def brackets(arguments: Fragment) -> tuple[Fragment, ...]:
    """The insides of the top-level brackets of a command that takes nothing but subsearches."""
    found: list[Fragment] = []
    depth = start = end = 0
    for token in _TOKEN.finditer(arguments.text):
        match token.group():
            case "[":
                if depth == 0:
                    _only_blank(arguments.cut(end, token.start()))
                    start = token.end()
                depth += 1
            case "]":
                depth -= 1
                if depth == 0:
                    end = token.end()
                    found.append(arguments.cut(start, token.start()))
    _only_blank(arguments.cut(end, len(arguments.text)))
    return tuple(found)


def _only_blank(gap: Fragment) -> None:
    if gap.text.strip():
        raise gap.error("spl-syntax", f"`{gap.text.strip()}` stands outside the brackets", expected="[ subsearch ]")


def _parts(search: Fragment) -> Iterator[Fragment]:
    depth = start = 0
    for token in _TOKEN.finditer(search.text):
        match token.group():
            case "[":
                depth += 1
                if depth > NESTING:
                    raise search.error("spl-nesting", f"subsearches nest more than {NESTING} deep", token.start())
            case "]":
                depth -= 1
                if depth < 0:
                    raise search.error("spl-syntax", "this bracket closes nothing", token.start())
            case "|" if depth == 0:
                yield search.cut(start, token.start())
                start = token.end()
    if depth:
        raise search.error("spl-syntax", "a bracket is never closed", len(search.text))
    yield search.cut(start, len(search.text))


def _command(part: Fragment) -> Command:
    found = _NAME.match(part.text)
    if found is None:
        raise part.error("spl-syntax", "a command is missing here", expected="the name of a command")
    return Command(found.group(1), part.cut(found.end(), len(part.text)))
