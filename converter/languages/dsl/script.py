"""Scripts are recognised, not interpreted: only texts that stand in this registry are read."""

from collections.abc import Callable

from converter.ir import Predicate
from converter.languages.dsl.context import Context
from converter.languages.dsl.shape import Json, Object, as_object, as_text, check_keys, error

SCRIPTS: dict[str, Callable[[Object], Predicate]] = {}
"""What each known source means, given its parameters. Empty while no writer of ours emits scripts."""


def script(body: Json, _context: Context) -> Predicate:
    """A `script` clause whose source is known. RuleError `dsl-script-unknown` for any other."""
    clause = as_object(body, "script")
    check_keys(clause, "script", {"script"})
    inner = as_object(clause.get("script"), "script")
    check_keys(inner, "script", {"source", "lang", "params"})
    source = as_text(inner.get("source"), "script")
    if inner.get("lang", "painless") != "painless" or source not in SCRIPTS:
        raise error("script", "this script is not among those that can be read", "dsl-script-unknown")
    return SCRIPTS[source](as_object(inner.get("params", {}), "script"))
