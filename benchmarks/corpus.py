"""What the benchmarks run on: the public rules beside the checkout, else the rules shipped in `rules/`."""

from functools import cache
from pathlib import Path

import converter
from converter.rule import Rule

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"


@cache
def rules() -> tuple[Rule, ...]:
    """All rules that could be read, in the order of their paths."""
    folder = CORPUS if CORPUS.is_dir() else ROOT / "rules"
    return tuple(rule for rule in converter.load(folder) if rule.error is None)


@cache
def queries(language: str) -> tuple[str, ...]:
    """The texts of one language (`eql`, `kuery`)."""
    return tuple(rule.query for rule in rules() if rule.language == language)
