"""`python -m docs.coverage FOLDER` writes into the pages about targets how many public rules each profile writes, and
what holds back the rest.

The rules are not ours to ship, so that the figures are made where they are and carry their number. FOLDER is
`../shared/corpus/elastic-rules` unless it is named.
"""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import converter
from converter.backend import Verdict, backend
from converter.result import Result
from converter.rule import Rule

FOLDER = Path(__file__).parent
CORPUS = FOLDER.parent.parent / "shared" / "corpus" / "elastic-rules"
PAGES = ("targets/splunk.md",)
_BLOCK = re.compile(r"(<!-- coverage of (?P<target>[a-z]+) -->\n).*?(<!-- end of coverage -->)", re.DOTALL)
_VERDICTS = (Verdict.EXACT, Verdict.APPROXIMATE, Verdict.REFUSED)
_CODES = 15


def filled(text: str, rules: Sequence[Rule]) -> str:
    """A page with its figures over these rules."""
    return _BLOCK.sub(lambda found: f"{found[1]}{_coverage(found['target'], rules)}{found[3]}", text)


def readable(folder: Path) -> list[Rule]:
    """The rules that were read: what is written in a language that nobody reads counts for no target."""
    return [rule for rule in converter.load(folder) if rule.detection is not None]


def _coverage(target: str, rules: Sequence[Rule]) -> str:
    results = {
        profile: [converter.convert(rule, to=target, profile=profile) for rule in rules]
        for profile in backend(target).profiles
    }
    text = [f"Over {len(rules)} public rules that can be read:\n\n", "| profile | exact | approximate | refused |\n"]
    text.append("|---|---|---|---|\n")
    for profile, found in results.items():
        counted = Counter(result.verdict for result in found)
        cells = " | ".join(f"{counted[verdict]} ({counted[verdict] / len(rules):.1%})" for verdict in _VERDICTS)
        text.append(f"| `{profile}` | {cells} |\n")
    for profile, found in results.items():
        text.append(f"\nWhat keeps `{profile}` from more, by the number of rules:\n\n{_held_back(found)}")
    return "".join(text)


def _held_back(results: Sequence[Result]) -> str:
    """The codes of losses, most frequent first, in rules that are refused and in rules that are approximate."""
    by_verdict: dict[Verdict, Counter[str]] = {
        verdict: Counter(code for result in results if result.verdict is verdict for code in _codes(result))
        for verdict in (Verdict.REFUSED, Verdict.APPROXIMATE)
    }
    total = by_verdict[Verdict.REFUSED] + by_verdict[Verdict.APPROXIMATE]
    ranked = sorted(total, key=lambda code: (-total[code], code))[:_CODES]
    rows = [
        f"| [`{code}`](../losses.md#{code}) | {by_verdict[Verdict.REFUSED][code]} "
        f"| {by_verdict[Verdict.APPROXIMATE][code]} |\n"
        for code in ranked
    ]
    return "".join(["| code | refused | approximate |\n|---|---|---|\n", *rows])


def _codes(result: Result) -> set[str]:
    return {loss.code for loss in result.losses}


def main() -> None:
    rules = readable(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
    if not rules:
        raise SystemExit(f"there are no rules in {sys.argv[1:] or CORPUS}")
    for name in PAGES:
        page = FOLDER / name
        page.write_text(filled(page.read_text(encoding="utf-8"), rules), encoding="utf-8")


if __name__ == "__main__":
    main()
