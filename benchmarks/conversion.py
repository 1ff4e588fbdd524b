"""Rule to text, every target, against the plain parse of the same queries: what a rule costs after it was read."""

from collections.abc import Sequence

from benchmarks.corpus import rules
from benchmarks.measure import Comparison, compare
from converter import convert
from converter.backend import backend_names
from converter.languages import tables
from converter.rule import Rule

_GRAMMARS = {"eql": "eql", "kuery": "kql"}


def run() -> dict[str, Comparison]:
    """Per target: translating and rendering all rules, relative to a plain lark parse of their queries."""
    chosen = [rule for rule in rules() if rule.language in _GRAMMARS]
    return {f"convert to {target} / plain lark parse": _against_lark(target, chosen) for target in backend_names()}


def _against_lark(target: str, chosen: Sequence[Rule]) -> Comparison:
    plain = {language: tables.parser(grammar) for language, grammar in _GRAMMARS.items()}

    def ours() -> None:
        for rule in chosen:
            convert(rule, to=target)

    def peer() -> None:
        for rule in chosen:
            plain[rule.language].parse(rule.query)

    return compare(ours, peer, runs=3)
