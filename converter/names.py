"""Names made from titles: slugs for files, searches and queries, the same on every machine and in every run."""

import re
import unicodedata

_LONGEST = 80


def slug(title: str) -> str:
    """Lower-case ASCII letters and digits joined by `_`, at most 80 characters; `rule` if nothing is left.

    Letters outside ASCII are reduced to their base letter where Unicode knows one and dropped otherwise, so that no
    title can leave the output folder or clash with a shell.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].rstrip("_") or "rule"
