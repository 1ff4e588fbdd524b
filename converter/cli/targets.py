"""`convert targets`: what rules can be converted to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from converter.cli.console import Console

if TYPE_CHECKING:
    from converter.backend import Backend


@click.command()
@click.option("--verbose", is_flag=True, help="Describe formats and options too.")
def command(verbose: bool) -> int:
    """Lists targets with their profiles and formats, the defaults first."""
    from converter.backend import backend, backend_names

    lines = (line for name in backend_names() for line in _described(backend(name), verbose))
    Console().product("".join(f"{line}\n" for line in lines))
    return 0


def _described(target: "Backend", verbose: bool) -> Iterator[str]:
    yield f"{target.name}: {target.title}"
    yield f"  profiles: {', '.join(target.profiles)}"
    yield f"  formats:  {', '.join(form.name for form in target.formats)}"
    if not verbose:
        return
    for form in target.formats:
        yield f"    {form.name} ({form.suffix}): {form.title}"
    for option in target.options:
        choices = f" ({', '.join(option.choices)})" if option.choices else ""
        yield f"  -O {option.name}={option.default}{choices}: {option.title}"
