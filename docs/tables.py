"""Tables inside pages that are written by hand: what stands between their marks is made of the code."""

import re
from collections.abc import Callable
from pathlib import Path

from converter import conversion
from converter.backend import Verdict, backend
from converter.losses import CodeKind
from docs.constructs import CONSTRUCTS, rule_of

PAGES = ("targets/elasticsearch.md", "targets/splunk.md")
"""Pages with tables, below docs/."""

_TABLE = re.compile(r"(<!-- table: (?P<name>[a-z-]+) of (?P<target>[a-z]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
_KINDS = {CodeKind.LOSS: "loss or refusal", CodeKind.ASSUMPTION: "assumption", CodeKind.NOTE: "note"}


def filled(text: str) -> str:
    """The page with every table as the code would make it now. KeyError for a table that nobody makes."""
    return _TABLE.sub(lambda found: f"{found[1]}{_TABLES[found['name']](found['target'])}{found[4]}", text)


def _formats(target: str) -> str:
    rows = ["| format | suffix | what it is |", "|---|---|---|"]
    for form in backend(target).formats:
        suffixes = ", ".join(f"`{suffix}`" for suffix in (form.suffix, *form.others))
        rows.append(f"| `{form.name}` | {suffixes} | {form.title} |")
    return _lines(rows)


def _options(target: str) -> str:
    rows = ["| option | default | meaning |", "|---|---|---|"]
    rows += [f"| `-O {item.name}=` | `{item.default}` | {item.title} |" for item in backend(target).options]
    return _lines(rows)


def _codes(target: str) -> str:
    """The target's own codes, linked to the page of all codes."""
    page = "../losses.md"
    codes = sorted(backend(target).codes.values(), key=lambda code: (code.kind, code.name))
    rows = [f"| [`{code.name}`]({page}#{code.name}) | {_KINDS[code.kind]} | {code.title} |" for code in codes]
    return _lines(["| code | what it is | title |", "|---|---|---|", *rows])


def _constructs(target: str) -> str:
    """What each format makes of a rule that consists of one construct: `exact`, or the code of the refusal."""
    names = [form.name for form in backend(target).formats]
    rows = [f"| condition (EQL) | {' | '.join(f'`{name}`' for name in names)} |", "|---|" + "---|" * len(names)]
    for condition in CONSTRUCTS:
        cells = (_cell(condition, target, name) for name in names)
        rows.append(f"| `{condition.replace('|', chr(92) + '|')}` | {' | '.join(cells)} |")
    return _lines(rows)


def _sources(target: str) -> str:
    """What the target's profiles read: every source with the values that make an event one of it."""
    rows = ["| profile | source | platform | kind of event | selected by |", "|---|---|---|---|---|"]
    profiles = (backend(target).profile(name) for name in backend(target).profiles)
    for profile in profiles:
        for source in profile.sources:
            selected = ", ".join(f"`{name}={values[0]}`" for name, values in source.select.items() if values)
            platform = source.platform or "any"
            rows.append(f"| `{profile.name}` | `{source.name}` | {platform} | {source.kind} | {selected or '-'} |")
    return _lines(rows)


def _cell(condition: str, target: str, format: str) -> str:
    result = conversion.convert(rule_of(condition), to=target, format=format)
    return "exact" if result.verdict is Verdict.EXACT else f"`{result.losses[-1].code}`"


def _lines(rows: list[str]) -> str:
    return "\n".join(rows) + "\n"


_TABLES: dict[str, Callable[[str], str]] = {
    "formats": _formats,
    "options": _options,
    "codes": _codes,
    "constructs": _constructs,
    "sources": _sources,
}


def pages(folder: Path) -> dict[str, str]:
    """The pages with tables, by their names below the folder, as they should be."""
    return {name: filled((folder / name).read_text(encoding="utf-8")) for name in PAGES}
