"""Parser tables: generated at build time, shipped as package data, loaded instead of analysing the grammar.

`python -m converter.languages.tables` writes `<language>/grammar.table` beside every `<language>/grammar.lark`. All
languages share the options below. A table is JSON with a stable numbering of states, so that equal grammars give equal
bytes whatever the hash seed. It is used only if it was made from this very grammar by this release of lark; otherwise
the grammar itself is analysed, which gives the same parser more slowly. Loading never writes anything.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

OPTIONS: Final[dict[str, Any]] = {
    "parser": "lalr",
    "lexer": "contextual",
    "start": "start",
    "maybe_placeholders": True,
    "propagate_positions": False,
}
"""How every grammar here is read: spans are made by the transformers, from the tokens they need anyway."""

_GRAMMAR = "grammar.lark"
_TABLE = "grammar.table"

Json = Any
Row = dict[str, tuple[int, Json]]


def parser(language: str, transformer: lark.Transformer[Any, Any] | None = None) -> lark.Lark:
    """The parser of `converter/languages/<language>/grammar.lark`, with the transformer applied while it parses."""
    folder = files("converter.languages").joinpath(language)
    grammar = folder.joinpath(_GRAMMAR).read_text(encoding="utf-8")
    table = _read(folder.joinpath(_TABLE))
    if table is None or table["source"] != _fingerprint(grammar):
        return lark.Lark(grammar, transformer=transformer, **OPTIONS)
    data, memo = _unpack(table)
    load: Callable[..., lark.Lark] = lark.Lark._load_from_dict  # what lark's stand-alone parsers call
    return load(data, memo, transformer=transformer)


def languages() -> list[str]:
    """The language packages that have a grammar, by name."""
    folders = files("converter.languages").iterdir()
    return sorted(folder.name for folder in folders if folder.is_dir() and folder.joinpath(_GRAMMAR).is_file())


def table(language: str) -> str:
    """The text of the language's table, made anew from its grammar."""
    grammar = files("converter.languages").joinpath(language, _GRAMMAR).read_text(encoding="utf-8")
    data, memo = lark.Lark(grammar, **OPTIONS).memo_serialize([TerminalDef, Rule])
    packed = {"source": _fingerprint(grammar), **_pack(data, memo)}
    return json.dumps(packed, separators=(",", ":"), ensure_ascii=True) + "\n"


def write(root: Path) -> list[Path]:
    """Writes the table of every language below `root`, the folder of this package; returns the files."""
    written = []
    for language in languages():
        path = root / language / _TABLE
        path.write_text(table(language), encoding="utf-8")
        written.append(path)
    return written


def _fingerprint(grammar: str) -> str:
    """What a table depends on: the grammar, the options and the release of lark."""
    return hashlib.sha256(f"{lark.__version__}\n{sorted(OPTIONS.items())}\n{grammar}".encode()).hexdigest()


def _read(source: Traversable) -> Json | None:
    return json.loads(source.read_text(encoding="utf-8")) if source.is_file() else None


def _pack(data: Json, memo: dict[int, Json]) -> Json:
    """lark's own serialisation with the parse table taken out, its states renumbered and its rows flattened.

    A row is a list of pairs: the index of a symbol, then the state to go to or, negative, the rule to reduce by.
    """
    parse_table = data["parser"]["parser"]
    names: dict[int, str] = parse_table["tokens"]
    rows = {
        state: {names[token]: action for token, action in actions.items()}
        for state, actions in parse_table["states"].items()
    }
    order = _breadth_first(rows, sorted(parse_table["start_states"].values()))
    symbols = sorted(names.values())
    number = {symbol: index for index, symbol in enumerate(symbols)}
    packed_rows = []
    for state in order:
        row: list[int] = []
        for symbol, (reduces, argument) in sorted(rows[state].items()):
            row += [number[symbol], -1 - argument["@"] if reduces else order[argument]]
        packed_rows.append(row)
    for definition in memo.values():
        if "pattern" in definition:
            definition["pattern"]["flags"] = sorted(definition["pattern"]["flags"])
    return {
        "memo": [memo[index] for index in range(len(memo))],
        "symbols": symbols,
        "rows": packed_rows,
        "start": {name: order[state] for name, state in parse_table["start_states"].items()},
        "end": {name: order[state] for name, state in parse_table["end_states"].items()},
        "parser": {key: value for key, value in data["parser"].items() if key != "parser"},
        "rules": data["rules"],
        "options": data["options"],
    }


def _breadth_first(rows: dict[int, Row], starts: list[int]) -> dict[int, int]:
    """The number of every state in the order in which it is reached from the start, symbols in alphabetical order."""
    order = {state: index for index, state in enumerate(starts)}
    queue = deque(starts)
    while queue:
        for _, (reduces, target) in sorted(rows[queue.popleft()].items(), key=lambda item: item[0]):
            if not reduces and target not in order:
                order[target] = len(order)
                queue.append(target)
    return order


def _unpack(packed: Json) -> tuple[Json, dict[int, Json]]:
    """What `_pack` was given, but for the numbering."""
    references = [{"@": index} for index in range(len(packed["memo"]))]
    states = {
        state: {
            row[index]: (0, row[index + 1]) if row[index + 1] >= 0 else (1, references[-1 - row[index + 1]])
            for index in range(0, len(row), 2)
        }
        for state, row in enumerate(packed["rows"])
    }
    parse_table = {
        "tokens": dict(enumerate(packed["symbols"])),
        "states": states,
        "start_states": packed["start"],
        "end_states": packed["end"],
    }
    data = {
        "parser": {**packed["parser"], "parser": parse_table},
        "rules": packed["rules"],
        "options": packed["options"],
    }
    return data, dict(enumerate(packed["memo"]))


if __name__ == "__main__":
    for path in write(Path(__file__).parent):
        print(path)
