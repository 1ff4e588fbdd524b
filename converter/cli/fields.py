"""`convert fields PATH… --to T`: which of the rules' fields a target has."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from converter.cli.console import Console
from converter.cli.parameters import language_option, paths_argument, quiet_option, targets_option

if TYPE_CHECKING:
    from converter.batch import Request
    from converter.rule import Rule
    from converter.schema.profile import Profile


@click.command()
@paths_argument
@targets_option
@language_option
@quiet_option
def command(paths: tuple[str, ...], to: tuple[str, ...], language: str | None, quiet: bool) -> int:
    """Shows for a rule which of its fields are mapped, derived or unmapped; for several rules, which unmapped fields
    hold back how many of them."""
    from converter.batch import Request, read_rules
    from converter.diagnostic import of_rule

    if not paths:
        raise click.UsageError("name at least one file or folder of rules")
    console = Console(quiet)
    requests = list(dict.fromkeys(Request.parse(text) for text in to))
    rules = read_rules(paths, language)
    rules.diagnostics.extend(item for source in rules.found for item in of_rule(source.rule))
    readable = [source.rule for source in rules.found if source.rule.error is None]
    for request in requests:
        profile = _profile(request)
        console.product(f"{request.target}:{profile.name}\n")
        lines = _table(readable[0], profile) if len(readable) == 1 else _ranking(readable, profile)
        console.product("".join(f"  {line}\n" for line in lines))
    console.tell(rules.diagnostics)
    return 2 if len(readable) < len(rules.found) else 0


def _profile(request: "Request") -> "Profile":
    from converter.backend import backend
    from converter.conversion import profile_of

    return profile_of(backend(request.target), request.profile)


def _table(rule: "Rule", profile: "Profile") -> Iterator[str]:
    from converter.schema.catalogue import default_catalogue
    from converter.schema.coverage import coverage

    uses = coverage(rule, profile, default_catalogue())
    width = max((len(use.name) for use in uses), default=0)
    for use in uses:
        yield f"{use.name:<{width}}  {use.state:<8}  {use.detail}"


def _ranking(rules: "list[Rule]", profile: "Profile") -> Iterator[str]:
    """Unmapped fields, those that hold back most rules first."""
    from converter.schema.catalogue import default_catalogue
    from converter.schema.coverage import FieldState, coverage

    counts = Counter(
        use.name
        for rule in rules
        for use in coverage(rule, profile, default_catalogue())
        if use.state is FieldState.UNMAPPED
    )
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>5}  {name}"
