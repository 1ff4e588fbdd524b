"""`convert explain [CODE]`: the registry of codes, ours and every target's."""

from difflib import get_close_matches

import click

from converter.cli.console import Console
from converter.errors import ConfigurationError


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explains a code of a diagnostic or report; without CODE, lists them all."""
    from converter.registry import all_codes

    codes = all_codes()
    console = Console()
    if code is None:
        width = max(map(len, codes))
        console.product("".join(f"{name:<{width}}  {entry.kind:<10}  {entry.title}\n" for name, entry in codes.items()))
        return 0
    if code not in codes:
        near = get_close_matches(code, codes, 1, 0.5)
        raise ConfigurationError(
            "code-unknown",
            f"there is no code `{code}`",
            advice=f"did you mean `{near[0]}`?" if near else "`convert explain` lists all",
        )
    entry = codes[code]
    console.product(f"{entry.name} ({entry.kind}, {entry.owner})\n\n{entry.title}\n\n{entry.explanation}\n")
    return 0
