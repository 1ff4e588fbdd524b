"""Building trees: sequences and choices without needless levels, runs of characters joined."""

from collections.abc import Iterable

from converter.ir.regex import Alternation, Chars, Concat, Regexp


def concat(items: Iterable[Regexp]) -> Regexp:
    """The items one after the other; nested sequences are opened and neighbouring literals joined."""
    out: list[Regexp] = []
    for item in items:
        for part in item.items if isinstance(item, Concat) else (item,):
            last = out[-1] if out else None
            if isinstance(part, Chars) and isinstance(last, Chars):
                out[-1] = Chars(last.text + part.text)
            else:
                out.append(part)
    kept = [part for part in out if part != Chars("")]
    if not kept:
        return Chars("")
    return kept[0] if len(kept) == 1 else Concat(tuple(kept))


def one_of(items: Iterable[Regexp]) -> Regexp:
    """Any of the items; a single one stands for itself."""
    kept = tuple(items)
    return kept[0] if len(kept) == 1 else Alternation(kept)
