"""`python -m docs.generate` writes the pages that are made of the code: codes, targets, what each target can say.

It also fills in the tables of the pages about targets and what the README's example commands print, and copies the
schemas that are part of the program. Tests compare all of it with what would be written, so that
nothing here can go stale.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from converter import conversion
from converter.backend import Verdict, backend, backend_names
from converter.losses import Code, CodeKind, converter_codes
from converter.schema.kinds import holders
from converter.schema.profile import Profile
from docs import tables
from docs.constructs import CONSTRUCTS, rule_of

FOLDER = Path(__file__).parent
README = FOLDER.parent / "README.md"
EXAMPLE = re.compile(r"(<!-- output of: (convert [^\n]*) -->\n```\w*\n)[^`]*```")
NOTICE = "<!-- Made by `make docs` from the code; edit the code instead. -->\n\n"
_HEADINGS = {
    CodeKind.LOSS: ("Losses", "What the output selects differs; without a direction, nothing was written."),
    CodeKind.ASSUMPTION: ("Assumptions", "Conditions under which a verdict holds."),
    CodeKind.NOTE: ("Notes", "What else did not carry over; notes never change a verdict."),
    CodeKind.ERROR: ("Errors", "Why a rule, a file or a command line could not be understood."),
}
_MARKS = {Verdict.EXACT: "exact", Verdict.APPROXIMATE: "approximate", Verdict.REFUSED: "refused"}


def pages() -> dict[str, str]:
    """The text of every generated page by file name."""
    return (
        {"losses.md": _codes(), "targets.md": _targets(), "support.md": _support(), "data-sets.md": _data_sets()}
        | _schemas()
        | tables.pages(FOLDER)
    )


def _data_sets() -> str:
    """Which of Elastic's data sets each profile answers for, by which of its sources."""
    text = [
        "# Data sets\n\n",
        NOTICE,
        "The data sets of Elastic's integrations for whose events a profile has sources. A rule that looks only in\n",
        "others is refused (`source-missing`).\n",
    ]
    for name in backend_names():
        for profile in (backend(name).profile(one) for one in backend(name).profiles):
            if not profile.identity:
                text += [f"\n## {name}:{profile.name}\n\n| data set | sources |\n|---|---|\n", *_answers(profile)]
    return "".join(text)


def _answers(profile: Profile) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for source in profile.sources:
        for dataset in holders(source.kind):
            found.setdefault(dataset, []).append(f"`{source.name}`")
    for dataset, sources in sorted(found.items()):
        yield f"| `{dataset}` | {', '.join(sources)} |\n"


def _schemas() -> dict[str, str]:
    """The JSON Schemas that the program holds."""
    found = (item for name in backend_names() for item in files(f"backends.{name}").iterdir())
    return {
        f"schemas/{item.name}": item.read_text(encoding="utf-8") for item in found if item.name.endswith(".schema.json")
    }


def _codes() -> str:
    every = [*converter_codes().values(), *(code for name in backend_names() for code in backend(name).codes.values())]
    text = ["# Codes\n\n", NOTICE, "`convert explain CODE` prints any of these entries.\n"]
    for kind, (heading, meaning) in _HEADINGS.items():
        text += [f"\n## {heading}\n\n{meaning}\n", *_entries(code for code in every if code.kind is kind)]
    return "".join(text)


def _entries(codes: Iterable[Code]) -> Iterator[str]:
    for code in sorted(codes, key=lambda code: (code.owner != "converter", code.owner, code.name)):
        owner = "" if code.owner == "converter" else f" ({code.owner})"
        yield f"\n### `{code.name}`{owner}\n\n**{code.title}.** {' '.join(code.explanation.split())}\n"


def _targets() -> str:
    text = ["# Targets\n\n", NOTICE]
    for name in backend_names():
        target = backend(name)
        text.append(f"## {name}\n\n{target.title}.\n\n| profile | what its events are |\n|---|---|\n")
        text += [f"| `{profile}` | {target.profile(profile).title} |\n" for profile in target.profiles]
        text.append("\n| format | suffix | what it is |\n|---|---|---|\n")
        text += [f"| `{form.name}` | `{form.suffix}` | {form.title} |\n" for form in target.formats]
        if target.options:
            text.append("\n| option | default | meaning |\n|---|---|---|\n")
            text += [f"| `-O {item.name}=` | `{item.default}` | {item.title} |\n" for item in target.options]
        text.append("\n")
    return "".join(text).rstrip() + "\n"


def _support() -> str:
    """What each target makes of a rule that consists of one construct, by its first profile and by ECS events."""
    columns = [(name, profile) for name in backend_names() for profile in backend(name).profiles]
    text = ["# What each target can say\n\n", NOTICE]
    text.append(
        "Each row is a rule about programs executed on Linux with one more condition; the cell is its verdict.\n\n"
    )
    text.append(f"| condition (EQL) | {' | '.join(f'{name}:{profile}' for name, profile in columns)} |\n")
    text.append("|---|" + "---|" * len(columns) + "\n")
    for condition in CONSTRUCTS:
        cells = [_cell(condition, name, profile) for name, profile in columns]
        text.append(f"| `{condition.replace('|', chr(92) + '|')}` | {' | '.join(cells)} |\n")
    return "".join(text)


def _cell(condition: str, target: str, profile: str) -> str:
    result = conversion.convert(rule_of(condition), to=target, profile=profile)
    mark = _MARKS[result.verdict]
    if result.verdict is Verdict.EXACT:
        return mark
    code = result.losses[-1].code
    return f"{mark}: [`{code}`](losses.md#{code})"


def with_outputs(text: str) -> str:
    """The README with the output of every example command in the block below it."""

    def filled(found: re.Match[str]) -> str:
        return f"{found[1]}{output(found[2])}```"

    return EXAMPLE.sub(filled, text)


def output(command: str) -> str:
    """What `convert …`, run in the checkout, prints to stdout."""
    program = [sys.executable, "-c", "import sys; from converter.cli import main; sys.exit(main())"]
    line = [*program, *command.split()[1:]]
    return subprocess.run(line, capture_output=True, text=True, cwd=README.parent, check=True).stdout  # noqa: S603


def main() -> None:
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    README.write_text(with_outputs(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
