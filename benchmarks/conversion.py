"""Rule to text, every target, against the plain parse of the same queries: what a rule costs after it was read."""

from collections.abc import Iterator, Sequence

from benchmarks.corpus import rules
from benchmarks.measure import Comparison, Finding, compare, cost
from converter import convert
from converter.backend import backend_names
from converter.languages import tables
from converter.rule import Rule

_GRAMMARS = {"eql": "eql", "kuery": "kql"}


def run() -> Iterator[Finding]:
    """Per target: translating and rendering all rules, relative to a plain lark parse of their queries."""
    chosen = [rule for rule in rules() if rule.language in _GRAMMARS]
    for target in backend_names():
        yield cost(f"rule to {target} / plain lark parse of its query", _against_lark(target, chosen))


def _against_lark(target: str, chosen: Sequence[Rule]) -> Comparison:
    plain = {language: tables.parser(grammar) for language, grammar in _GRAMMARS.items()}

    def ours() -> None:
        for rule in chosen:
            convert(rule, to=target)

    def peer() -> None:
        for rule in chosen:
            plain[rule.language].parse(rule.query)

    return compare(ours, peer, runs=3)
