"""Regular expressions for `match` and `mvfind`: PCRE over the whole value (spec splunk 1.2, 3 "Regex dialect")."""

from collections.abc import Iterator, Sequence

from converter import ir
from converter.ir.regex import Alternation, AnyText, Chars, Concat, Regexp
from converter.languages.regex import folded, pcre


def whole(trees: Sequence[Regexp], *, ignore_case: bool) -> str:
    r"""A pattern that accepts exactly what some tree accepts, before it is quoted. Raises DialectError.

    `\z` ends it: `$` would also match before a final line break.
    """
    return f"(?{'i' if ignore_case else ''}s)^{pcre.write(_factored(trees))}\\z"


def ignoring_case(tree: Regexp, flavour: ir.Flavour) -> tuple[Regexp, bool]:
    """A tree that ignores case, and whether PCRE's flag `i` says so or the tree's own classes do.

    The flag folds classes too, which Lucene does not: where the two differ, the tree is spelled out.
    """
    spelled = folded(tree, flavour)
    return (tree, True) if spelled == folded(tree, ir.Flavour.PCRE) else (spelled, False)


def loose(tree: Regexp) -> ir.Pattern:
    """A wildcard pattern that accepts at least what the tree accepts: its literal pieces in their order."""
    return ir.pattern(*_pieces(tree))


def _pieces(tree: Regexp) -> Iterator[str | ir.AnyRun]:
    match tree:
        case Chars(text):
            yield text
        case Concat(items):
            for item in items:
                yield from _pieces(item)
        case _:
            yield ir.ANY_RUN


def _factored(trees: Sequence[Regexp]) -> list[Regexp]:
    """`.*/a` and `.*/b` as `.*(?:/a|/b)`: shorter, and tried once at every place instead of once for each."""
    rests = [_rest(tree) for tree in trees]
    found = [rest for rest in rests if rest is not None]
    if len(found) < 2:
        return list(trees)
    others = [tree for tree, rest in zip(trees, rests, strict=True) if rest is None]
    return [*others, Concat((AnyText(), Alternation(tuple(found))))]


def _rest(tree: Regexp) -> Regexp | None:
    """What follows the `.*` that the tree begins with, if it does."""
    match tree:
        case Concat((AnyText(), *rest)) if rest:
            return Concat(tuple(rest))
        case _:
            return None
